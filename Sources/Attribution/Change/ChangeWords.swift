/// The change in one sentence, for somebody who runs the operation. Says what was told from none, and
/// nothing where the data cannot tell.
struct ChangeWords {
  let pair: PeriodPair

  init(_ pair: PeriodPair) { self.pair = pair }

  var sentence: String {
    let (from, to) = (pair.period(0), pair.period(1))
    let whole = pair.estimate(Array(0..<PeriodPair.quantities))
    let figures =
      "from \(oneDecimal(from.repeatsPer100)) to \(oneDecimal(to.repeatsPer100)) per 100 interactions"
    switch pair.verdict(whole) {
    case .rose:
      return lead("rose \(figures)", risen: true) + causes(1) + "."
    case .fell:
      return lead("fell \(figures)", risen: false) + causes(-1) + "."
    case .flat, .notTold:
      return "Whether repeats changed between \(from.period) and \(to.period) cannot be told: "
        + "\(figures)\(difference(whole))."
    }
  }

  /// The difference with its interval; what that would say alone, where others were looked at too.
  private func difference(_ estimate: AttributionReport.Estimate) -> String {
    guard let value = estimate.estimate, let ci = estimate.ci95 else { return "" }
    let isAloneTold = ci[0] > 0 || ci[1] < 0
    return ", a difference of \(signed(value)) (95% interval \(signed(ci[0])) to \(signed(ci[1])))"
      + (isAloneTold && pair.comparisons > 1
        ? "; alone it would count as a change, but among \(pair.comparisons) pairs one like it is to "
          + "be expected by chance" : "")
  }

  private func lead(_ change: String, risen: Bool) -> String {
    let (from, to) = (pair.period(0), pair.period(1))
    let periods = "between \(from.period) and \(to.period)"
    guard let satisfaction = pair.satisfaction, satisfaction.verdict == .flat else {
      return "Repeats \(change) \(periods)"
    }
    let scores =
      "(CSAT \(oneDecimal(satisfaction.means[0])) and \(oneDecimal(satisfaction.means[1])))"
    return risen
      ? "Satisfaction stayed flat \(scores), yet repeats \(change) \(periods)"
      : "Satisfaction stayed flat \(scores) while repeats \(change) \(periods)"
  }

  /// The two largest mechanisms that go the change's way and are told from none, and what moved most.
  private func causes(_ sign: Double) -> String {
    let told = Mechanism.allCases.compactMap { mechanism -> (Mechanism, Double)? in
      let part = pair.estimate(pair.places(mechanism))
      guard let value = part.estimate, let ci = part.ci95, value * sign > 0,
        ci[0] > 0 || ci[1] < 0
      else { return nil }
      return (mechanism, value)
    }.sorted { abs($0.1) == abs($1.1) ? $0.0.rawValue < $1.0.rawValue : abs($0.1) > abs($1.1) }
    guard !told.isEmpty else { return "; no single cause of it can be told from chance" }
    let names = told.prefix(2).map { "\(ChangeWords.reason($0.0, up: sign > 0)) (\(signed($0.1)))" }
    var text = ", mainly because " + names.joined(separator: " and because ")
    let moved = pair.moved.first { move in
      guard let value = move.difference.estimate, let ci = move.difference.ci95 else {
        return false
      }
      return value * sign > 0 && (ci[0] > 0 || ci[1] < 0)
    }
    if let moved, told.prefix(2).contains(where: { $0.0 != .mix && $0.0 != .background }) {
      let name = moved.mode.split(separator: "_").joined(separator: " ")
      let component = moved.component.map { " in \($0)" } ?? ""
      text +=
        "; the failure that moved most is \(name)\(component), on \(percent(moved.shareFrom)) of the "
        + "interactions of \(pair.period(0).period) and \(percent(moved.shareTo)) of those of "
        + "\(pair.period(1).period)"
    }
    return text
  }

  static func reason(_ mechanism: Mechanism, up: Bool) -> String {
    switch mechanism {
    case .mix:
      up
        ? "more contacts were of topics and channels that bring repeats"
        : "fewer contacts were of topics and channels that bring repeats"
    case .systemRates: up ? "the system failed more often" : "the system failed less often"
    case .failureEffects:
      up ? "a failure brought more customers back" : "a failure brought fewer customers back"
    case .staffErrorRates: up ? "staff erred more often" : "staff erred less often"
    case .staffEffects:
      up
        ? "other staff, or AI, handled the contacts, with more repeats"
        : "other staff, or AI, handled the contacts, with fewer repeats"
    case .background:
      up
        ? "customers came back more often without any failure"
        : "customers came back less often without any failure"
    }
  }

  private func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + oneDecimal(value)
  }
}
