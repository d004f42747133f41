import InteractionLog
import LinearAlgebra

/// `fixes[]`: what each repair would avoid, removed and halved, in repeats and money, its rank, what it
/// shares with others, its place in the greedy order, and what to look at.
struct FixResults {
  typealias Estimate = AttributionReport.Estimate
  let fitted: FittedAttribution
  let removals: RemovalEstimates
  let tree: LinkTree
  let costs: ContactCosts

  init(
    _ fitted: FittedAttribution, removals: RemovalEstimates, tree: LinkTree, costs: ContactCosts
  ) {
    self.fitted = fitted
    self.removals = removals
    self.tree = tree
    self.costs = costs
  }

  private var plan: FixPlan { removals.plan }

  /// Best first: by money where costs are known, else by repeats.
  func fixes() throws -> [AttributionReport.Fix] {
    let ranks = try rankIntervals()
    let examples = FixExamples(fitted, tree: tree)
    return plan.ranked.enumerated().map { rank, target in
      let about = plan.targets.targets[target]
      let (mode, component) = name(target)
      let looked = examples.examples(mode: about.mode, component: about.component)
      let half = plan.half(rank: rank)
      return .init(
        rank: rank + 1, component: component, mode: mode,
        repeatsAvoided: removals.estimate(plan.whole(target)),
        costAvoided: money { removals.estimate(plan.whole(target), weighting: 1) },
        currency: costs.currency, rankInterval: ranks?[rank],
        examples: looked.map(\.interaction),
        halved: .init(
          repeatsAvoided: removals.estimate(half),
          costAvoided: money { removals.estimate(half, weighting: 1) }),
        churnCostAvoided: costs.churn, overlap: overlap(rank: rank), greedy: greedy(rank: rank),
        examplesWithLinks: looked)
    }
  }

  private func money(_ estimate: () -> Estimate) -> Estimate {
    costs.note.map { Estimate(estimate: nil, ci95: nil, note: $0) } ?? estimate()
  }

  private func name(_ target: Int) -> (mode: String, component: String) {
    let about = plan.targets.targets[target]
    let mode = fitted.cells.modes[about.mode].name
    let declared = fitted.input.study.failureModes?.first { $0.name == mode }?.component
    return (mode, about.component ?? declared ?? "(whole)")
  }

  /// nil where errors are not finite.
  private func rankIntervals() throws -> [[Int]]? {
    let weighting = costs.byContact == nil ? 0 : 1
    let places = plan.ranked.map { plan.whole($0) }
    var covariance = Matrix(rows: places.count, columns: places.count)
    for (r, a) in places.enumerated() {
      for (c, b) in places.enumerated() {
        let value = removals.covariance(a, b, weighting: weighting)
        guard value.isFinite else { return nil }
        covariance[r, c] = value
      }
    }
    return try RankIntervals(
      estimates: places.map { plan.values[$0][weighting] }, covariance: covariance,
      seed: fitted.options.seed
    ).intervals
  }

  private func overlap(rank: Int) -> [AttributionReport.Fix.Overlap]? {
    guard rank < plan.overlap.count else { return nil }
    return plan.overlap.indices.filter { $0 != rank }.map { other in
      let (mode, component) = name(plan.ranked[other])
      let values = plan.overlap[rank][other]
      return .init(
        mode: mode, component: component, lowersBy: values[0],
        lowersCostBy: values.count > 1 ? values[1] : nil)
    }
  }

  private func greedy(rank: Int) -> AttributionReport.Fix.Greedy? {
    guard let step = plan.greedy.firstIndex(of: rank) else { return nil }
    let place = plan.together(step: step)
    let before = step > 0 ? plan.together(step: step - 1) : nil
    return .init(
      step: step + 1, gain: removals.gain(place, beyond: before),
      costGain: money { removals.gain(place, beyond: before, weighting: 1) },
      together: removals.estimate(place),
      costTogether: money { removals.estimate(place, weighting: 1) })
  }
}
