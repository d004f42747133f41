import Attribution
import LinearAlgebra
import RepeatContacts
import Statistics

/// Thinks changes through on an attribution fit: what the log's own contacts would not have brought.
///
/// A failure that goes takes with it the failures that it induces (`EffectEvaluator.removals`), and an
/// avoided contact what it brought itself (`LinkTree.Removal`). Failures go independently of each
/// other, so that two changes at once are a sum over the sets that can go together. Intervals hold the
/// error of the fit's parameters (`RemovalGradient`) and of the latency's values, and the log's own
/// chance given the fit; other links than the fitted one and errors of identity are not in them.
package struct InterventionAnalysis {
  package typealias Estimate = AttributionReport.Estimate
  private let fitted: FittedAttribution
  private let tree: LinkTree
  private let costs: ContactCosts
  private let totals: RemovalTotals

  package init(_ fitted: FittedAttribution) {
    self.fitted = fitted
    tree = fitted.tree()
    costs = ContactCosts(study: fitted.input.study, table: fitted.input.table, data: fitted.data)
    totals = RemovalTotals(
      effects: fitted.effects, costs: costs.byContact, threads: fitted.options.threads)
  }

  /// More changes at once are refused: every two are set against each other.
  package static let most = 8
  /// Width of the differences in the latency's values.
  private static let step = 1e-4

  /// - Throws: `InterventionError` for what the log cannot tell; errors of the fits.
  package func report(_ interventions: [Intervention]) throws -> InterventionReport {
    guard interventions.count <= Self.most else {
      throw InterventionError.tooMany(count: interventions.count, most: Self.most)
    }
    let response =
      interventions.contains { if case .latencyCap = $0 { true } else { false } }
      ? try LatencyAnalysis(fitted: fitted, tree: tree, outcomes: []).repeatContrast()
        .map { LatencyResponse($0) } : nil
    let planner = InterventionPlanner(fitted: fitted, tree: tree, latency: response)
    var pairs: [(Int, Int)] = []
    for a in interventions.indices {
      for b in interventions.indices where a < b { pairs.append((a, b)) }
    }
    func changes(_ values: [Double]?) throws -> [TreeChange] {
      let alone = try interventions.map { try planner.failures($0, latencyValues: values) }
      let all = alone + pairs.map { alone[$0].and(alone[$1]) }
      if let crowded = all.first(where: { $0.thinnings.count > ThinnedFailures.most }) {
        throw InterventionError.tooMany(
          count: crowded.thinnings.count, most: ThinnedFailures.most)
      }
      return all.map(\.change)
    }
    let all = try changes(nil)
    let sets = TreeChange.sets(of: all)
    let fractions = totals.fractions(
      sets.map { PartRemoval(parts: $0) }, fitted.fit.parameters, rates: fitted.rates,
      weights: fitted.cells.mixtureWeight)
    func removals(_ changes: [TreeChange]) -> [LinkTree.Removal] {
      parallelMap(count: changes.count, threads: fitted.options.threads) { k in
        let share = changes[k].fractions(sets: sets, fractions, cell: tree.data.cell)
        return LinkTree.Removal(tree) { share[$0] }
      }
    }
    let avoided = removals(all)
    let values = avoided.map { removal in
      weightings.map { factor * removal.expected(weight: $0) }
    }
    var known = try parameterCovariance(all)
    if let response {
      // The latency's values are estimated apart from the fit's parameters.
      var gradient = Matrix(rows: known.rows, columns: response.values.count - 1)
      for bin in 1..<response.values.count {
        var moved = response.values
        moved[bin] += Self.step
        for (k, removal) in removals(try changes(moved)).enumerated() {
          for (w, weight) in weightings.enumerated() {
            let change = factor * removal.expected(weight: weight) - values[k][w]
            gradient[k * weightings.count + w, bin - 1] = change / Self.step
          }
        }
      }
      known = known + gradient * response.covariance * gradient.transposed
    }
    let estimates = Estimates(
      values: values, known: known, tree: tree, removals: avoided, weightings: weightings,
      factor: factor)
    return InterventionReport(
      changes: interventions.indices.map { k in
        .init(
          name: interventions[k].name, failures: failures(all[k]),
          repeatsAvoided: estimates.estimate([(k, 1)]),
          costAvoided: money { estimates.estimate([(k, 1)], weighting: 1) })
      },
      pairs: pairs.enumerated().map { place, pair in
        let joint = interventions.count + place
        let beyond = [(joint, 1.0), (pair.0, -1), (pair.1, -1)]
        return .init(
          first: interventions[pair.0].name, second: interventions[pair.1].name,
          repeatsAvoided: estimates.estimate([(joint, 1)]),
          beyondSum: estimates.estimate(beyond),
          costBeyondSum: money { estimates.estimate(beyond, weighting: 1) })
      }, currency: fitted.input.study.costs.currency)
  }

  private var weightings: [[Double]?] { costs.byContact.map { [nil, $0] } ?? [nil] }

  /// What each recorded repeat stands for.
  private var factor: Double { fitted.correction?.factor ?? 1 }

  private func money(_ estimate: () -> Estimate) -> Estimate {
    costs.note.map { Estimate(estimate: nil, ci95: nil, note: $0) } ?? estimate()
  }

  private func parameterCovariance(_ changes: [TreeChange]) throws -> Matrix {
    let (layout, sandwich) = try fitted.sandwich()
    let gradient = RemovalGradient(
      totals: totals, layout: layout, cells: fitted.cells, rates: fitted.rates,
      executor: fitted.executor
    ).matrix(of: changes, tree: tree)
    return factor * factor * (gradient * sandwich.covariance * gradient.transposed)
  }

  /// Expected failures on the log's contacts that go; nil where none is concerned.
  private func failures(_ change: TreeChange) -> Double? {
    guard !change.terms.isEmpty else { return nil }
    let cells = fitted.cells
    var sum = 0.0
    for term in change.terms {
      let parts = Set(term.parts.map { Int32($0) })
      let held = (0..<cells.observedCount).map { o in
        (Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1])).reduce(0.0) { sum, entry in
          let own = cells.cellParts[Int(cells.mixtureCell[entry])]
          return sum + cells.mixtureWeight[entry] * Double(own.count { parts.contains($0) })
        }
      }
      for (contact, weight) in term.weight.enumerated() where weight != 0 {
        sum += weight * held[Int(tree.data.cell[contact])]
      }
    }
    return sum
  }
}

/// Values of removals with the covariance of their errors.
private struct Estimates {
  let values: [[Double]]
  /// By the parameters, a row a removal and weighting.
  let known: Matrix
  let tree: LinkTree
  let removals: [LinkTree.Removal]
  let weightings: [[Double]?]
  let factor: Double

  /// Σ weight × value with its 95 % interval.
  func estimate(
    _ parts: [(place: Int, weight: Double)], weighting: Int = 0
  ) -> AttributionReport.Estimate {
    let value = parts.reduce(0) { $0 + $1.weight * values[$1.place][weighting] }
    let worth = parts.map { tree.hanging(removals[$0.place], weight: weightings[weighting]) }
    var variance = 0.0
    for (a, one) in parts.enumerated() {
      for (b, other) in parts.enumerated() {
        let chance =
          a == b
          ? tree.variance(removals[one.place], worth: worth[a])
          : tree.covariance(
            (removals[one.place], worth[a]), (removals[other.place], worth[b]))
        let row = one.place * weightings.count + weighting
        let column = other.place * weightings.count + weighting
        variance += one.weight * other.weight * (factor * factor * chance + known[row, column])
      }
    }
    guard variance.isFinite else {
      return .init(
        estimate: value, ci95: nil,
        note: "no interval: too little is caused in this log for one")
    }
    return .init(
      estimate: value,
      ci95: TotalEstimates.interval(value, max(variance, 0).squareRoot()))
  }
}
