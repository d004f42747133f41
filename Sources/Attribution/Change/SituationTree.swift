import FailureModes
import InteractionLog
import RepeatContacts

/// Two periods' contacts as a tree: context (topic, channel, …) → system failures → who handled it.
///
/// A leaf holds everything that κ's expectation depends on but the staff errors, which come from their
/// rates. Contacts on which a system failure is unknown stand in several leaves, with the
/// probabilities of the period's rates as weights.
struct SituationTree {
  struct Leaf {
    /// Context combination, who handled it included.
    var combination: Int
    /// List of system parts, into `systemParts`.
    var system: Int
    var staff: Int
    var team: Int
    /// Staff modes that are possible.
    var staffModes: UInt64
    /// Places in `situations` and `contexts`.
    var situation: Int
    var context: Int
  }

  private(set) var leaves: [Leaf] = []
  /// Parts of the system's modes that hold, by list, and those modes.
  private(set) var systemParts: [[Int32]] = []
  private(set) var systemMask: [UInt64] = []
  /// Context of each situation (context and system failures).
  private(set) var contextOfSituation: [Int] = []
  private(set) var contextCount = 0
  /// Contacts by leaf, situation and context; index 0 is the earlier period, 1 the later.
  private(set) var leafCount: [[Double]]
  private(set) var situationCount: [[Double]] = []
  private(set) var contextCounts: [[Double]] = []
  let total: [Double]
  /// Leaves of each class of either period with their weights; parallel to `classes.members`.
  private(set) var leavesOfClass: [[[(leaf: Int32, weight: Double)]]] = [[], []]

  /// - Parameters:
  ///   - periods: the two periods' places in `classes`.
  ///   - tables: the rates of both.
  ///   - coarse: context of each combination, who handled it left out.
  init(
    _ fitted: FittedAttribution, _ classes: ContactClasses, periods: [Int], tables: [RateTable],
    coarse: [Int32]
  ) {
    let cells = fitted.cells
    var builder = Builder(fitted: fitted, coarse: coarse)
    var weights = cells.mixtureWeight
    for t in 0..<2 {
      leavesOfClass[t].reserveCapacity(classes.members[periods[t]].count)
      for member in classes.members[periods[t]] {
        let each = classes.classes[member.id]
        let range = Int(cells.mixtureStart[each.cell])..<Int(cells.mixtureStart[each.cell + 1])
        if range.count > 1 { cells.weigh(each.cell, tables[t], into: &weights) }
        leavesOfClass[t].append(builder.leaves(of: each, entries: range, weights: weights))
      }
    }
    leaves = builder.leaves
    systemParts = builder.systemParts
    systemMask = builder.systemMask
    contextOfSituation = builder.contextOfSituation
    contextCount = builder.contexts.count
    leafCount = [[Double]](repeating: [Double](repeating: 0, count: leaves.count), count: 2)
    total = periods.map { classes.count($0) }
    for t in 0..<2 {
      for (member, list) in zip(classes.members[periods[t]], leavesOfClass[t]) {
        for (leaf, weight) in list { leafCount[t][Int(leaf)] += member.count * weight }
      }
      var situation = [Double](repeating: 0, count: contextOfSituation.count)
      var context = [Double](repeating: 0, count: contextCount)
      for (l, leaf) in leaves.enumerated() {
        situation[leaf.situation] += leafCount[t][l]
        context[leaf.context] += leafCount[t][l]
      }
      situationCount.append(situation)
      contextCounts.append(context)
    }
  }

  /// Context of each combination with the column that says who handled it left out.
  static func contexts(_ context: ContextTable) -> [Int32] {
    let handled = context.factors.first { $0.name == "handled_by" }
    let dropped = Set(handled?.column ?? [])
    var places: [[Int32]: Int32] = [:]
    return context.columns.map { columns in
      let kept = columns.filter { !dropped.contains($0) }
      if let place = places[kept] { return place }
      let place = Int32(places.count)
      places[kept] = place
      return place
    }
  }
}

extension SituationTree {
  /// Numbers lists of parts, contexts, situations and leaves in order of first appearance.
  private struct Builder {
    let fitted: FittedAttribution
    let coarse: [Int32]
    let staffSide: UInt64
    var leaves: [Leaf] = []
    var systemParts: [[Int32]] = []
    var systemMask: [UInt64] = []
    var contextOfSituation: [Int] = []
    var contexts = CellIndex(width: 1)
    private var lists: [[Int32]: Int] = [:]
    private var listOfCell: [Int32]
    private var situations = CellIndex(width: 2)
    private var index = CellIndex(width: 6)
    private var key = [Int32](repeating: 0, count: 6)

    init(fitted: FittedAttribution, coarse: [Int32]) {
      self.fitted = fitted
      self.coarse = coarse
      var side: UInt64 = 0
      for (m, mode) in fitted.cells.modes.enumerated() where mode.side == .staff {
        side |= 1 << UInt64(m)
      }
      staffSide = side
      listOfCell = [Int32](repeating: -1, count: fitted.cells.cellCount)
    }

    /// The leaves of a class, each once, weights adding up to 1.
    mutating func leaves(
      of each: ContactClasses.Class, entries: Range<Int>, weights: [Double]
    ) -> [(leaf: Int32, weight: Double)] {
      var result: [(leaf: Int32, weight: Double)] = []
      for entry in entries where weights[entry] > 0 {
        let system = list(ofCell: Int(fitted.cells.mixtureCell[entry]))
        let leaf = number(of: each, system: system)
        // Cells that differ in staff errors only share their leaf.
        if let place = result.firstIndex(where: { $0.leaf == leaf }) {
          result[place].weight += weights[entry]
        } else {
          result.append((leaf, weights[entry]))
        }
      }
      return result
    }

    private mutating func list(ofCell cell: Int) -> Int {
      if listOfCell[cell] >= 0 { return Int(listOfCell[cell]) }
      let cells = fitted.cells
      let parts = cells.cellParts[cell].filter {
        cells.modes[cells.parts[Int($0)].mode].side == .system
      }
      let place = lists[parts] ?? systemParts.count
      if place == systemParts.count {
        lists[parts] = place
        systemParts.append(parts)
        systemMask.append(cells.cellMask[cell] & ~staffSide)
      }
      listOfCell[cell] = Int32(place)
      return place
    }

    private mutating func number(of each: ContactClasses.Class, system: Int) -> Int32 {
      let staffModes = each.applies & staffSide
      // Who handled it matters where staff could err only.
      key[0] = Int32(each.combination)
      key[1] = Int32(system)
      key[2] = staffModes == 0 ? -1 : Int32(each.staff)
      key[3] = staffModes == 0 ? -1 : Int32(each.team)
      key[4] = Int32(truncatingIfNeeded: staffModes)
      key[5] = Int32(truncatingIfNeeded: staffModes >> 32)
      let leaf = index.number(of: key)
      if Int(leaf) == leaves.count {
        let context = Int(contexts.number(of: [coarse[each.combination]]))
        let situation = Int(situations.number(of: [Int32(context), Int32(system)]))
        if situation == contextOfSituation.count { contextOfSituation.append(context) }
        leaves.append(
          Leaf(
            combination: each.combination, system: system, staff: Int(key[2]), team: Int(key[3]),
            staffModes: staffModes, situation: situation, context: context))
      }
      return leaf
    }
  }
}
