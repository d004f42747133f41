import RepeatContacts
import Statistics

/// Which removals a report needs, with what each avoids: every mode and component whole, every fix
/// halved, the pairs of the first fixes, and the sets in which the greedy order grows.
struct FixPlan: Sendable {
  /// Fixes beyond these are not compared pair by pair.
  static let compared = 10

  let targets: RemovalTargets
  let totals: RemovalTotals
  /// Targets in their order, then the fixes halved in order of rank, then the greedy sets.
  let removals: [PartRemoval]
  /// `[removal][contacts, costs]`.
  let values: [[Double]]
  /// Places of fixes in `targets`, best first: by money where costs are known, else by contacts.
  let ranked: [Int]
  /// Places in `ranked`, in the order in which repairs pay most given those before.
  let greedy: [Int]
  /// By how much each of the first fixes lowers each other, contacts then costs: what both avoid one
  /// by one less what they avoid together, `[first][second][weighting]`.
  let overlap: [[[Double]]]

  init(_ fitted: FittedAttribution, tree: LinkTree, costs: ContactCosts) {
    targets = RemovalTargets(fitted)
    totals = RemovalTotals(
      effects: fitted.effects, costs: costs.byContact, threads: fitted.options.threads)
    let totals = totals
    // Each recorded repeat that is avoided stands for so many.
    let factor = fitted.correction?.factor ?? 1
    func values(_ removals: [PartRemoval]) -> [[Double]] {
      totals.values(
        removals, tree: tree, fitted.fit.parameters, rates: fitted.rates,
        weights: fitted.cells.mixtureWeight
      ).map { $0.map { factor * $0 } }
    }
    let whole = targets.targets.map { PartRemoval(parts: $0.parts) }
    let wholeValues = values(whole)
    let last = totals.weightings.count - 1
    let (list, cells) = (targets.targets, fitted.cells)
    ranked = list.indices.filter { list[$0].isFix }.sorted { a, b in
      let (x, y) = (wholeValues[a][last], wholeValues[b][last])
      if x != y { return x > y }
      let (left, right) = (cells.modes[list[a].mode].name, cells.modes[list[b].mode].name)
      if left != right { return left.utf8.lexicographicallyPrecedes(right.utf8) }
      return (list[a].component ?? "").utf8.lexicographicallyPrecedes(
        (list[b].component ?? "").utf8)
    }
    let first = Array(ranked.prefix(FixPlan.compared))
    let order = GreedyOrder(
      singles: first.map { (list[$0].parts, wholeValues[$0]) }, objective: last,
      values: { sets in values(sets.map { PartRemoval(parts: $0) }) })
    greedy = order.order
    overlap = order.overlap
    let halves = ranked.map { PartRemoval(parts: list[$0].parts, share: 0.5) }
    removals = whole + halves + order.sets.map { PartRemoval(parts: $0) }
    self.values = wholeValues + values(halves) + order.values
  }

  /// Places in `removals`.
  func whole(_ target: Int) -> Int { target }
  func half(rank: Int) -> Int { targets.targets.count + rank }
  func together(step: Int) -> Int { targets.targets.count + ranked.count + step }
}
