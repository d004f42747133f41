import FailureModes
import RepeatContacts

/// The failures' repeats in both periods, each under the period's own mechanisms: what would not come
/// per 100 interactions had that failure alone been off.
struct FailureMoves {
  /// A system mode at a component, or a staff mode as a whole.
  struct Failure {
    let mode: Int
    /// Place in the cells' parts; nil for staff modes.
    let part: Int?
  }

  struct Move {
    let failure: Failure
    /// By period: share of the interactions, repeats per 100, their slope in the mode's coefficient.
    var share = [0.0, 0.0]
    var per100 = [0.0, 0.0]
    var slope = [0.0, 0.0]
    var difference: Double { per100[1] - per100[0] }
  }

  private let rates: LeafRates
  private let tree: SituationTree
  private let frames: [LeafRates.Frame]
  /// All failures of the model, in order of mode and part.
  private(set) var moves: [Move]
  private let moveOfPart: [Int]
  private let moveOfMode: [Int]
  /// By period: the failures of each leaf with the repeats that they add, `lists[starts[leaf]...]`.
  private var starts: [[Int32]] = [[], []]
  private var lists: [[(place: Int32, repeats: Double)]] = [[], []]

  init(_ rates: LeafRates, tree: SituationTree, frames: [LeafRates.Frame]) {
    self.rates = rates
    self.tree = tree
    self.frames = frames
    let cells = rates.fitted.cells
    var moves: [Move] = []
    var ofPart = [Int](repeating: -1, count: cells.parts.count)
    var ofMode = [Int](repeating: -1, count: cells.modes.count)
    for (p, part) in cells.parts.enumerated() {
      if cells.modes[part.mode].side == .system {
        ofPart[p] = moves.count
        moves.append(Move(failure: Failure(mode: part.mode, part: p)))
      } else if ofMode[part.mode] < 0 {
        ofMode[part.mode] = moves.count
        moves.append(Move(failure: Failure(mode: part.mode, part: nil)))
      }
    }
    moveOfPart = ofPart
    moveOfMode = ofMode
    self.moves = moves
    var known: [LeafRates.FrameKey: LeafRates.Frame] = [:]
    for t in 0..<2 {
      var start: [Int32] = [0]
      var list: [(place: Int32, repeats: Double)] = []
      for (l, leaf) in tree.leaves.enumerated() {
        let share = tree.leafCount[t][l] / tree.total[t]
        if share > 0 {
          forEachFailure(l, leaf, period: t, &known) { place, probability, repeats, slope in
            moves[place].share[t] += share * probability
            moves[place].per100[t] += 100 * share * repeats
            moves[place].slope[t] += 100 * share * slope
            list.append((Int32(place), repeats))
          }
        }
        start.append(Int32(list.count))
      }
      starts[t] = start
      lists[t] = list
    }
    self.moves = moves
  }

  /// Repeats that each leaf's interaction would bring less without the failures, by leaf.
  func byLeaf(_ places: [Int], period: Int) -> [Double] {
    let wanted = Set(places.map(Int32.init))
    return tree.leaves.indices.map { l in
      lists[period][Int(starts[period][l])..<Int(starts[period][l + 1])].reduce(0) {
        wanted.contains($1.place) ? $0 + $1.repeats : $0
      }
    }
  }

  /// Calls `body` with each failure that holds or may hold on a leaf: its place, its probability, the
  /// repeats that it adds, and their slope in the mode's coefficient.
  private func forEachFailure(
    _ l: Int, _ leaf: SituationTree.Leaf, period t: Int,
    _ known: inout [LeafRates.FrameKey: LeafRates.Frame],
    _ body: (Int, Double, Double, Double) -> Void
  ) {
    let frame = frames[l]
    let parts = tree.systemParts[leaf.system]
    guard !parts.isEmpty || !frame.modes.isEmpty else { return }
    let weights = rates.weights(frame, rates.errorRates(frame, leaf, period: t))
    let kappas = frame.sets.map { rates.kappa(frame, leaf, $0, effects: t, level: t) }
    let all = zip(weights, kappas).reduce(0) { $0 + $1.0 * $1.1.mean }
    let slope = zip(weights, kappas).reduce(0) { $0 + $1.0 * $1.1.slope }
    for part in parts {
      let mode = rates.fitted.cells.parts[Int(part)].mode
      let key = LeafRates.FrameKey(
        system: leaf.system, without: part, staffModes: leaf.staffModes, team: leaf.team)
      let without =
        known[key]
        ?? rates.frame(
          leaf, parts: parts.filter { $0 != part }, mask: frame.systemMask & ~(1 << UInt64(mode)))
      known[key] = without
      let off = zip(weights, without.sets).reduce(0) {
        $0 + $1.0 * rates.kappa(without, leaf, $1.1, effects: t, level: t).mean
      }
      body(moveOfPart[Int(part)], 1, all - off, slope)
    }
    for (place, mode) in frame.modes.enumerated() {
      var (p, with, steep) = (0.0, 0.0, 0.0)
      for (k, set) in frame.sets.enumerated() where set.places & (1 << place) != 0 {
        p += weights[k]
        with += weights[k] * kappas[k].mean
        steep += weights[k] * kappas[k].slope
      }
      guard p > 0 else { continue }
      let off = p < 1 ? (all - with) / (1 - p) : all
      body(moveOfMode[mode], p, all - off, steep)
    }
  }
}
