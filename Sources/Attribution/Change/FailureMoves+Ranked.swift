import RepeatContacts

extension FailureMoves {
  /// Failures shown at most.
  static let shown = 5

  /// The failures whose repeats differ most, largest first, with their intervals: sampling by
  /// customer, the mode's pooled coefficient and its periods' deviations by the delta method.
  func ranked(
    _ analysis: ChangeAnalysis, periods: [Int], sampling: CustomerInfluence
  ) -> [AttributionReport.FailureChange] {
    let cells = analysis.fitted.cells
    let order = moves.indices.filter { moves[$0].share[0] > 0 || moves[$0].share[1] > 0 }
      .sorted {
        let (a, b) = (abs(moves[$0].difference), abs(moves[$1].difference))
        return a == b ? $0 < $1 : a > b
      }
    return order.prefix(Self.shown).map { place in
      let move = moves[place]
      let mode = cells.modes[move.failure.mode]
      let se = variance(place, analysis, periods, sampling).squareRoot()
      return .init(
        mode: mode.name, component: move.failure.part.flatMap { cells.parts[$0].component },
        side: mode.side.rawValue, shareFrom: move.share[0], shareTo: move.share[1],
        per100From: move.per100[0], per100To: move.per100[1],
        difference: .init(
          estimate: move.difference, ci95: TotalEstimates.interval(move.difference, se)))
    }
  }

  private func variance(
    _ place: Int, _ analysis: ChangeAnalysis, _ periods: [Int], _ sampling: CustomerInfluence
  ) -> Double {
    let move = moves[place]
    let leaves = (0..<2).map { byLeaf(place, period: $0) }
    let totals = periods.map { analysis.classes.count($0) }
    let byClass = sampling.byClass(width: 1) { t, leaf, _ in
      (100 * leaves[t][leaf] - move.per100[t]) / totals[t] * (t == 0 ? -1 : 1)
    }
    var variance =
      sampling.covariance(width: 1) { _, t, member, sum in sum[0] += byClass[t][member] }[0, 0]
    let design = analysis.fitted.fit.model.rate
    let scale = design.coefficientScale
    for t in 0..<2 {
      let place = 1 + move.failure.mode
      let each = scale * move.slope[t]
      variance += each * each * analysis.drift.covariance[periods[t]][place, place]
    }
    if let covariance = analysis.coefficientCovariance {
      let column = design.column(ofMode: move.failure.mode)
      let each = move.slope[1] - move.slope[0]
      variance += each * each * covariance[column, column]
    }
    return max(variance, 0)
  }
}
