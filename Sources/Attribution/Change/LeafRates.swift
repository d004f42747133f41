import FailureModes
import RepeatContacts
import Statistics

/// κ's expectation at a leaf over the staff errors, under any mixture of two periods' mechanisms, and
/// what each parameter moves it by.
///
/// A class, for inner loops pass it on by the million.
final class LeafRates: Sendable {
  /// Where effects of failures, rates of staff errors and the level come from, a bit each: 0 the
  /// earlier period, 1 the later.
  static let effects = 1
  static let errors = 2
  static let level = 4
  static let variants = 8

  let fitted: FittedAttribution
  let tables: [RateTable]
  private let coefficients: [[Double]]
  private let levels: [Double]
  private let contextPredictor: [Double]
  private let pairs: [(mask: UInt64, column: Int)]
  /// By mode: its parts' columns by component name.
  private let staffPart: [[String: Int]]
  private let teams: [String]
  private let link: PowerLink

  init(
    _ fitted: FittedAttribution, drift: EffectDrift, periods: [Int], tables: [RateTable],
    teams: [String]
  ) {
    self.fitted = fitted
    self.tables = tables
    self.teams = teams
    let design = fitted.fit.model.rate
    coefficients = periods.map { drift.coefficients(fitted, period: $0) }
    levels = periods.map { drift.level($0) }
    contextPredictor = design.contextPredictor(fitted.fit.parameters.coefficients)
    link = design.form.link
    pairs = design.form.pairs.enumerated().map { k, pair in
      (1 << UInt64(pair.first) | 1 << UInt64(pair.second), design.column(ofPair: k))
    }
    var byMode = [[String: Int]](repeating: [:], count: fitted.cells.modes.count)
    for (p, part) in fitted.cells.parts.enumerated() where design.column(ofPart: p) >= 0 {
      if let component = part.component { byMode[part.mode][component] = design.column(ofPart: p) }
    }
    staffPart = byMode
  }

  /// One set of staff errors: which (as places among the leaf's modes), and the columns of κ that it
  /// adds beside the system's.
  struct Errors {
    let places: Int
    let columns: [Int]
    let modes: UInt64
  }

  /// A leaf's frame: its staff modes, the sets of errors that are spelled out, the system's columns.
  final class Frame: Sendable {
    let modes: [Int]
    let sets: [Errors]
    let systemColumns: [Int]
    let systemMask: UInt64

    init(modes: [Int], sets: [Errors], systemColumns: [Int], systemMask: UInt64) {
      self.modes = modes
      self.sets = sets
      self.systemColumns = systemColumns
      self.systemMask = systemMask
    }
  }

  /// What a frame hangs on: the list of system parts, one of them left out (−1 none), the staff modes
  /// that are possible, the team.
  struct FrameKey: Hashable {
    let system: Int
    let without: Int32
    let staffModes: UInt64
    let team: Int
  }

  /// The frames of all leaves, each kind built once.
  func frames(_ tree: SituationTree) -> [Frame] {
    var known: [FrameKey: Frame] = [:]
    return tree.leaves.map { leaf in
      let key = FrameKey(
        system: leaf.system, without: -1, staffModes: leaf.staffModes, team: leaf.team)
      if let frame = known[key] { return frame }
      let frame = self.frame(
        leaf, parts: tree.systemParts[leaf.system], mask: tree.systemMask[leaf.system])
      known[key] = frame
      return frame
    }
  }

  func frame(_ leaf: SituationTree.Leaf, parts: [Int32], mask: UInt64) -> Frame {
    let design = fitted.fit.model.rate
    var system: [Int] = []
    for part in parts {
      system.append(design.column(ofMode: fitted.cells.parts[Int(part)].mode))
      if design.column(ofPart: Int(part)) >= 0 { system.append(design.column(ofPart: Int(part))) }
    }
    for (both, column) in pairs where mask & both == both { system.append(column) }
    var modes: [Int] = []
    var rest = leaf.staffModes
    while rest != 0 {
      let m = rest.trailingZeroBitCount
      rest &= rest - 1
      if tables[0].has(m) && design.column(ofMode: m) >= 0 { modes.append(m) }
    }
    let team = leaf.team >= 0 ? teams[leaf.team] : ""
    let sets = LeafRates.sets(modes.count).map { places -> Errors in
      var columns: [Int] = []
      var errors: UInt64 = 0
      for (k, m) in modes.enumerated() where places & (1 << k) != 0 {
        errors |= 1 << UInt64(m)
        columns.append(design.column(ofMode: m))
        if let part = staffPart[m][team] { columns.append(part) }
      }
      for (both, column) in pairs where both & errors != 0 && (mask | errors) & both == both {
        columns.append(column)
      }
      return Errors(places: places, columns: columns, modes: errors)
    }
    return Frame(modes: modes, sets: sets, systemColumns: system, systemMask: mask)
  }

  /// The sets of errors spelled out: all of up to four modes, beyond that none, singles and pairs.
  private static func sets(_ count: Int) -> [Int] {
    if count <= 4 { return Array(0..<(1 << count)) }
    var list = [0]
    for a in 0..<count { list.append(1 << a) }
    for a in 0..<count { for b in (a + 1)..<max(count, a + 1) { list.append(1 << a | 1 << b) } }
    return list
  }

  /// Each error's probability at a leaf in a period.
  func errorRates(_ frame: Frame, _ leaf: SituationTree.Leaf, period: Int) -> [Double] {
    frame.modes.map {
      tables[period].probability(
        $0, combination: leaf.combination, staff: leaf.staff, mask: frame.systemMask)
    }
  }

  /// Probability of each set of errors, adding up to 1.
  func weights(_ frame: Frame, _ rates: [Double]) -> [Double] {
    var result = frame.sets.map { set in
      rates.indices.reduce(1.0) { $0 * (set.places & (1 << $1) != 0 ? rates[$1] : 1 - rates[$1]) }
    }
    let total = result.reduce(0, +)
    if total > 0 { for k in result.indices { result[k] /= total } }
    return result
  }

  /// κ and dκ/dη with a set of errors.
  func kappa(
    _ frame: Frame, _ leaf: SituationTree.Leaf, _ set: Errors, effects: Int, level: Int
  ) -> (mean: Double, slope: Double) {
    var eta = contextPredictor[leaf.combination] + levels[level]
    for column in frame.systemColumns { eta += coefficients[effects][column] }
    for column in set.columns { eta += coefficients[effects][column] }
    return (link.mean(eta), link.derivative(eta))
  }

  /// The leaf's expectation without staff errors in each variant.
  func bareValues(_ frame: Frame, _ leaf: SituationTree.Leaf) -> [Double] {
    var result = [Double](repeating: 0, count: LeafRates.variants)
    for variant in result.indices {
      result[variant] =
        kappa(
          frame, leaf, frame.sets[0], effects: variant & LeafRates.effects,
          level: variant & LeafRates.level == 0 ? 0 : 1
        ).mean
    }
    return result
  }

  /// The leaf's expectation in each variant.
  func values(_ frame: Frame, _ leaf: SituationTree.Leaf) -> [Double] {
    let weights = (0..<2).map { self.weights(frame, errorRates(frame, leaf, period: $0)) }
    var result = [Double](repeating: 0, count: LeafRates.variants)
    for effects in 0..<2 {
      for level in 0..<2 {
        for (k, set) in frame.sets.enumerated() {
          let mean = kappa(frame, leaf, set, effects: effects, level: level).mean
          for errors in 0..<2 {
            result[
              effects * LeafRates.effects + errors * LeafRates.errors + level * LeafRates.level] +=
              weights[errors][k] * mean
          }
        }
      }
    }
    return result
  }
}
