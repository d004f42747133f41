import LinearAlgebra
import RepeatContacts
import Statistics

/// What removals avoid, with the covariance of their errors: of the parameters (through the tree, see
/// `RemovalGradient`), and of the log's own repeats around their expectation.
struct RemovalEstimates: Sendable {
  let plan: FixPlan
  /// Covariance by the parameters alone, a row a removal and weighting.
  private let parameters: Matrix
  /// Variance given the model, `[removal][weighting]`.
  private let given: [[Double]]
  /// Covariance given the model of the greedy sets with the one before, and of the first fixes.
  private let pairs: [Pair: [Double]]
  private let limit: Double
  /// What the parameters' standard errors are multiplied by, by removal; 1 but where straight lines
  /// reach too far (see `bounds`).
  private let bounded: [Double]
  private var weightings: Int { plan.totals.weightings.count }

  private struct Pair: Hashable {
    let first: Int
    let second: Int
  }

  /// Covariances given the model are computed among these many fixes; beyond them they are left out
  /// (fixes share few repeats).
  private static let related = 20
  /// Contacts that these covariances are taken from at most; more are represented by every n-th
  /// customer.
  private static let mostContacts = 150_000

  /// - Parameters:
  ///   - parameters: covariance of the values by the parameters.
  ///   - direct: the totals, whose errors bound those of removals.
  ///   - limit: later contacts of the log: nothing can avoid more of them.
  init(
    _ fitted: FittedAttribution, plan: FixPlan, tree: LinkTree, parameters: Matrix,
    direct: TotalEstimates,
    limit: Double
  ) {
    self.plan = plan
    self.parameters = parameters
    self.limit = limit
    bounded = RemovalEstimates.bounds(
      fitted, plan: plan, parameters: parameters, direct: direct)
    let fractions = plan.totals.fractions(
      plan.removals, fitted.fit.parameters, rates: fitted.rates,
      weights: fitted.cells.mixtureWeight)
    let factor = fitted.correction?.factor ?? 1
    given = plan.totals.variances(fractions, tree: tree).map { $0.map { factor * factor * $0 } }
    var wanted: [Pair] = []
    let first = plan.ranked.prefix(RemovalEstimates.related)
    for (k, a) in first.enumerated() {
      for b in first.dropFirst(k + 1) { wanted.append(Pair(first: min(a, b), second: max(a, b))) }
    }
    for step in plan.greedy.indices.dropFirst() {
      wanted.append(
        Pair(first: plan.together(step: step - 1), second: plan.together(step: step)))
    }
    let (sample, weightings) = tree.sample(
      atMost: RemovalEstimates.mostContacts, weightings: plan.totals.weightings)
    let scale = Double(tree.data.count) / Double(max(sample.data.count, 1))
    let threads = plan.totals.threads
    let places = Array(Set(wanted.flatMap { [$0.first, $0.second] })).sorted()
    let sides = parallelMap(count: places.count, threads: threads) { k in
      let fraction = fractions[places[k]]
      let removal = LinkTree.Removal(sample) { fraction[Int(sample.data.cell[$0])] }
      return (removal: removal, worth: weightings.map { sample.hanging(removal, weight: $0) })
    }
    let sideOf = Dictionary(uniqueKeysWithValues: zip(places, places.indices))
    let list = wanted
    let found = parallelMap(count: list.count, threads: threads) { k -> [Double] in
      guard let a = sideOf[list[k].first], let b = sideOf[list[k].second] else { return [] }
      return weightings.indices.map { w in
        factor * factor * scale
          * sample.covariance(
            (sides[a].removal, sides[a].worth[w]), (sides[b].removal, sides[b].worth[w]))
      }
    }
    pairs = Dictionary(zip(wanted, found)) { first, _ in first }
  }

  /// The derivative through the tree follows the links' probabilities in straight lines. Where the
  /// background's parameters are hardly determined these reach beyond what probabilities can do, and the
  /// error of the direct effect, carried over to the total in proportion, bounds it: that error holds
  /// the chance of the log's own repeats, and is the larger one wherever the lines are good.
  private static func bounds(
    _ fitted: FittedAttribution, plan: FixPlan, parameters: Matrix, direct: TotalEstimates
  ) -> [Double] {
    let layout = fitted.effects.layout
    let weightings = plan.totals.weightings.count
    let caused = (0..<4).reduce(0) { $0 + direct.values[$1] }
    let rate = caused / Double(max(fitted.data.count, 1))
    return plan.removals.indices.map { k in
      let removal = plan.removals[k]
      let (value, se) = direct.combination(
        removal.parts.map { (layout.removed($0), removal.share) })
      // Where the direct effect is near zero its ratio to the total says nothing: descendants then
      // multiply the error by at most the log's own mean multiplier.
      let multiplier =
        abs(value) > se
        ? min(max(plan.values[k][0] / value, 0.5), 4) : 1 / (1 - min(max(rate, 0), 0.8))
      let own = max(parameters[k * weightings, k * weightings], 0).squareRoot()
      let most = multiplier * se
      return own.isFinite && most.isFinite && own > most ? most / own : 1
    }
  }

  /// Covariance of the errors of two values.
  func covariance(_ first: Int, _ second: Int, weighting: Int = 0) -> Double {
    let known =
      bounded[first] * bounded[second]
      * parameters[first * weightings + weighting, second * weightings + weighting]
    if first == second { return known + given[first][weighting] }
    let pair = Pair(first: min(first, second), second: max(first, second))
    return known + (pairs[pair]?[weighting] ?? 0)
  }

  /// A removal's estimate with its 95 % interval.
  func estimate(_ removal: Int, weighting: Int = 0) -> AttributionReport.Estimate {
    estimate(
      plan.values[removal][weighting], variance: covariance(removal, removal, weighting: weighting),
      weighting: weighting)
  }

  /// What the second avoids beyond the first.
  func gain(_ second: Int, beyond first: Int?, weighting: Int = 0) -> AttributionReport.Estimate {
    guard let first else { return estimate(second, weighting: weighting) }
    return estimate(
      plan.values[second][weighting] - plan.values[first][weighting],
      variance: covariance(first, first, weighting: weighting)
        + covariance(second, second, weighting: weighting)
        - 2 * covariance(first, second, weighting: weighting), weighting: weighting)
  }

  private func estimate(
    _ value: Double, variance: Double, weighting: Int
  ) -> AttributionReport.Estimate {
    guard variance.isFinite else {
      return .init(
        estimate: value, ci95: nil,
        note: "no interval: too little is caused in this log for one")
    }
    let interval = TotalEstimates.interval(value, max(variance, 0).squareRoot())
    guard weighting > 0 || max(-interval[0], interval[1]) <= limit else {
      return .init(
        estimate: value, ci95: nil,
        note:
          "no interval: too little is caused in this log for one; the approximation would reach "
          + "beyond all \(grouped(limit)) later contacts")
    }
    return .init(estimate: value, ci95: interval)
  }
}
