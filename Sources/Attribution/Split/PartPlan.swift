import FailureModes
import RepeatContacts
import Statistics

/// What a list of settled parts fixes whatever context and coefficients are: columns of κ, sides, who
/// shares with whom, where effects go. Subsets of the parts are bit masks over their places.
final class PartPlan: Sendable {
  /// Parts in order of mode, and their modes.
  let parts: [Int32]
  let modes: [Int]
  /// All modes that hold, and those of the system's side.
  let mask: UInt64
  let systemMask: UInt64
  /// Places of the system's parts and of staff errors, and all of either as a subset.
  let system: [Int]
  let errors: [Int]
  let allSystem: Int
  let allErrors: Int
  let systemShares: ShareWeights
  let errorShares: ShareWeights
  /// Column of each part's mode, and of its own deviation (−1 none).
  private let modeColumn: [Int]
  private let partColumn: [Int]
  /// Pairs of modes with a coefficient of their own: both places as a subset, and the column.
  private let pairs: [(both: Int, column: Int)]
  /// Delay group that a part claims; 0 where none.
  private let delayGroup: [Int]

  init(parts: [Int32], design: RepeatRateDesign, shapley: [UInt64: ShapleyWeights]) {
    let cells = design.cells
    self.parts = parts
    let modes = parts.map { cells.parts[Int($0)].mode }
    self.modes = modes
    let isSystem = modes.map { cells.modes[$0].side == .system }
    system = modes.indices.filter { isSystem[$0] }
    errors = modes.indices.filter { !isSystem[$0] }
    allSystem = PartPlan.subset(system)
    allErrors = PartPlan.subset(errors)
    mask = modes.reduce(0) { $0 | 1 << UInt64($1) }
    systemMask = system.reduce(0) { $0 | 1 << UInt64(modes[$1]) }
    systemShares = ShareWeights(playerCount: system.count, shapley: shapley[systemMask])
    errorShares = ShareWeights(playerCount: errors.count, shapley: shapley[mask & ~systemMask])
    modeColumn = modes.map { design.column(ofMode: $0) }
    partColumn = parts.map { design.column(ofPart: Int($0)) }
    pairs = design.form.pairs.enumerated().compactMap { k, pair in
      guard let a = modes.firstIndex(of: pair.first), let b = modes.firstIndex(of: pair.second)
      else { return nil }
      return (1 << a | 1 << b, design.column(ofPair: k))
    }
    delayGroup = modes.map { mode in
      (design.form.ownDelay.firstIndex(of: mode) ?? -1) + 1
    }
  }

  private static func subset(_ places: [Int]) -> Int { places.reduce(0) { $0 | 1 << $1 } }

  /// Columns of κ that depend on the parts.
  var columns: [Int] {
    modeColumn + partColumn.filter { $0 >= 0 } + pairs.map(\.column)
  }

  /// What the parts of a subset add to the linear predictor.
  func predictor(_ subset: Int, _ coefficients: UnsafePointer<Double>) -> Double {
    var eta = 0.0
    var rest = subset
    while rest != 0 {
      let place = rest.trailingZeroBitCount
      rest &= rest - 1
      eta += coefficients[modeColumn[place]]
      if partColumn[place] >= 0 { eta += coefficients[partColumn[place]] }
    }
    for (both, column) in pairs where subset & both == both { eta += coefficients[column] }
    return eta
  }

  /// The delay group that a subset of the parts falls in.
  func group(_ subset: Int) -> Int {
    var group = 0
    var rest = subset
    while rest != 0 {
      let claimed = delayGroup[rest.trailingZeroBitCount]
      rest &= rest - 1
      if claimed > 0 && (group == 0 || claimed < group) { group = claimed }
    }
    return group
  }

  /// The subset whose k-th place among `places` is bit k of `coalition`.
  @inline(__always) static func spread(_ coalition: Int, over places: [Int]) -> Int {
    var result = 0
    var rest = coalition
    while rest != 0 {
      result |= 1 << places[rest.trailingZeroBitCount]
      rest &= rest - 1
    }
    return result
  }

  /// The modes of a subset.
  @inline(__always) func modes(of subset: Int) -> UInt64 {
    var result: UInt64 = 0
    var rest = subset
    while rest != 0 {
      result |= 1 << UInt64(modes[rest.trailingZeroBitCount])
      rest &= rest - 1
    }
    return result
  }
}
