import RepeatContacts

extension FailureMoves {
  /// Failures shown at most.
  static let shown = 5
  /// A component is named where it makes up more than this share of its mode's difference.
  static let leadingShare = 0.6

  /// The failures whose repeats differ most, largest first, with their intervals: sampling by
  /// customer, the mode's pooled coefficient and its periods' deviations by the delta method.
  func ranked(
    _ analysis: ChangeAnalysis, periods: [Int], sampling: CustomerInfluence
  ) -> [AttributionReport.FailureChange] {
    let cells = analysis.fitted.cells
    return leading().prefix(Self.shown).map { places in
      let move = merged(places)
      let mode = cells.modes[move.failure.mode]
      let se = variance(places, analysis, periods, sampling).squareRoot()
      return .init(
        mode: mode.name,
        component: places.count == 1
          ? move.failure.part.flatMap { cells.parts[$0].component } : nil,
        side: mode.side.rawValue, shareFrom: move.share[0], shareTo: move.share[1],
        per100From: move.per100[0], per100To: move.per100[1],
        difference: .init(
          estimate: move.difference, ci95: TotalEstimates.interval(move.difference, se)))
    }
  }

  /// The places of each mode that holds, the mode whose repeats differ most first; only the leading
  /// component's where that is most of the mode's difference.
  private func leading() -> [[Int]] {
    let modes = Set(moves.map(\.failure.mode)).sorted()
    return modes.compactMap { mode -> (places: [Int], size: Double)? in
      let places = moves.indices.filter {
        moves[$0].failure.mode == mode && (moves[$0].share[0] > 0 || moves[$0].share[1] > 0)
      }
      guard
        let first = places.max(by: { abs(moves[$0].difference) < abs(moves[$1].difference) })
      else { return nil }
      let whole = merged(places).difference
      let leads = moves[first].difference / whole > FailureMoves.leadingShare
      return (leads ? [first] : places, abs(whole))
    }.enumerated().sorted {
      $0.element.size == $1.element.size
        ? $0.offset < $1.offset : $0.element.size > $1.element.size
    }.map(\.element.places)
  }

  /// Several components of one mode as one.
  private func merged(_ places: [Int]) -> Move {
    var result = moves[places[0]]
    for place in places.dropFirst() {
      for t in 0..<2 {
        result.share[t] += moves[place].share[t]
        result.per100[t] += moves[place].per100[t]
        result.slope[t] += moves[place].slope[t]
      }
    }
    return result
  }

  private func variance(
    _ places: [Int], _ analysis: ChangeAnalysis, _ periods: [Int], _ sampling: CustomerInfluence
  ) -> Double {
    let move = merged(places)
    let leaves = (0..<2).map { byLeaf(places, period: $0) }
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
    let column = design.column(ofMode: move.failure.mode)
    let each = move.slope[1] - move.slope[0]
    return max(variance + each * each * analysis.coefficientCovariance[column, column], 0)
  }
}
