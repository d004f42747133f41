import WhatIf

/// The findings of a what-if in a sentence each: titles of charts, and the head of the page.
enum WhatIfFindings {
  /// Standard errors that the surest point of a curve must be away from none to be called a finding:
  /// the largest of the correlated deviations of a curve stays below that in 95 of 100 and more.
  static let sure = 3.0
  /// The same where one threshold alone was asked about.
  private static let sureOfOne = 1.96

  /// The page's first sentence.
  static func headline(_ contents: WhatIfContents) -> String {
    if let thresholds = contents.thresholds {
      return optimum(thresholds, currency: contents.currency)
        ?? curve(thresholds.curve, .repeats, currency: contents.currency)
    }
    if let changes = contents.changes { return Self.changes(changes) }
    if let score = contents.score { return calibration(score) }
    return contents.scoreNote ?? "Nothing was asked."
  }

  /// What changing the threshold brings, in one outcome.
  ///
  /// The threshold named is that whose change is the surest: the largest in standard errors, more than
  /// ``sure``.
  static func curve(
    _ curve: ThresholdCurve, _ outcome: PolicyOutcome, currency: String?
  ) -> String {
    let words = OutcomeWords(outcome, currency: currency)
    let values = curve.points.compactMap { point in
      point.outcomes.first { $0.outcome == outcome }.map { (point, $0) }
    }
    // Today's threshold differs from itself by rounding at most.
    let told = values.filter {
      $0.1.change.ci95 != nil && $0.0.support.verdict == .supported
        && curve.thresholdsToday != [$0.0.threshold]
    }
    let whose = "\(curve.value.map(Self.title) ?? words.title): "
    guard !told.isEmpty else {
      return values.contains { $0.1.bounds != nil }
        ? "\(whose)the log bounds what other thresholds bring, and estimates none"
        : "\(whose)the log cannot tell what other thresholds bring"
    }
    let needed = curve.points.count > 1 ? sure : sureOfOne
    guard
      let best = told.max(by: { a, b in
        let (x, y) = (a.1.change.statistic, b.1.change.statistic)
        return x == y ? a.0.threshold > b.0.threshold : x < y
      }), best.1.change.statistic > needed, let change = best.1.change.estimate,
      let ends = best.1.change.ci95
    else {
      guard curve.points.count == 1, let change = told[0].1.change.estimate,
        let ends = told[0].1.change.ci95
      else { return "\(whose)no threshold that the log can judge is told from today’s" }
      return "\(whose)\(ThresholdWords.score(told[0].0.threshold)) is not told from today’s, "
        + "a change of \(words.number(change)) \(words.unit) (\(words.interval(ends)))"
    }
    let shown = change < 0 ? [-ends[1], -ends[0]] : ends
    let amount = words.number(abs(change))
    let less = change < 0
    let text =
      switch outcome {
      case .cost:
        "\(amount) \(currency ?? "units") \(less ? "less" : "more") per 100 first contacts"
      case .staffMinutes: "\(amount) \(less ? "fewer" : "more") per 100 first contacts"
      case .latency: "\(amount) seconds \(less ? "less" : "more")"
      case .intentResolution, .actionSuccess: "\(amount) points \(less ? "fewer" : "more")"
      case .repeats, .causedRepeats: "\(amount) \(less ? "fewer" : "more") per 100 first contacts"
      }
    return "\(whose)\(text) than today at \(ThresholdWords.score(best.0.threshold)) "
      + "(\(words.interval(shown)))"
  }

  /// The level under today's threshold, where it is on the curve; else what the curve shows.
  static func level(
    _ curve: ThresholdCurve, _ outcome: PolicyOutcome, currency: String?
  ) -> String {
    let words = OutcomeWords(outcome, currency: currency)
    guard curve.thresholdsToday.count == 1,
      let point = curve.points.first(where: { $0.threshold == curve.thresholdsToday[0] }),
      let value = point.outcomes.first(where: { $0.outcome == outcome })?.doublyRobust,
      let estimate = value.estimate
    else { return "\(words.axis.capitalisedFirst) at each threshold" }
    let ends = value.ci95.map { " (\(words.interval($0)))" } ?? ""
    return "Today, at \(ThresholdWords.score(point.threshold)): \(words.number(estimate)) "
      + "\(words.axis)\(ends)"
  }

  /// Which thresholds cost least; nil where costs are not known.
  static func optimum(_ report: WhatIfReport, currency: String?) -> String? {
    guard let optimum = report.optimum else { return nil }
    let supported = optimum.choices.filter(\.isSupported)
    guard let first = supported.first else {
      return "No other threshold is shown to cost less than today’s"
    }
    let words = OutcomeWords(.cost, currency: currency)
    if optimum.choices.count == 1, let threshold = first.threshold,
      let change = first.change?.estimate
    {
      let band = first.simultaneous.map { " (\(words.interval([-$0[1], -$0[0]])))" } ?? ""
      let from = ThresholdWords.today(first.thresholdsToday)
      return
        "A threshold of \(ThresholdWords.score(threshold))\(from.isEmpty ? "" : " instead of \(from)") "
        + "saves \(words.number(-change)) \(currency ?? "units of cost") per 100 first contacts\(band)"
    }
    let names = supported.prefix(3).map { choice in
      "\(choice.value.map(title) ?? "all")\(choice.threshold.map { " (\(ThresholdWords.score($0)))" } ?? "")"
    }
    let rest = supported.count > 3 ? ["\(supported.count - 3) more"] : []
    return
      "Another threshold is shown to cost less for \(supported.count) of \(optimum.choices.count): "
      + ThresholdWords.list(names + rest)
  }

  static func front(_ report: WhatIfReport) -> String {
    let front = report.optimum?.front ?? []
    // Less than half a repeat and three minutes per 100 is nothing to speak of.
    let better = front.filter {
      $0.repeatsChange < -0.005 && $0.staffMinutesChange < -0.03
        && $0.repeatsInterval[1] < 0 && $0.staffMinutesInterval[1] < 0
    }
    if !better.isEmpty {
      return "Fewer repeats and fewer staff hours go together at some thresholds"
    }
    guard let most = front.min(by: { $0.repeatsChange < $1.repeatsChange }),
      most.repeatsInterval[1] < 0
    else { return "No threshold that the log supports is shown to have fewer repeats than today" }
    return
      "\(NumberWords.fixed(-most.repeatsChange * 100, decimals: 1)) fewer repeats per 100 take "
      + "\(NumberWords.fixed(most.staffMinutesChange * 100 / 60, decimals: 1)) more staff hours per 100"
  }

  static func discontinuities(_ effects: [LocalEffect]) -> String {
    let told = effects.filter { $0.jump != nil }
    let sure = told.filter { ($0.jump?.ci95[0] ?? 0) > 0 || ($0.jump?.ci95[1] ?? 0) < 0 }
    guard let first = sure.first(where: { $0.value == nil }) ?? sure.first, let jump = first.jump
    else {
      return told.isEmpty
        ? "At the thresholds in force too few contacts tell what automating does"
        : "At the thresholds in force automating is not seen to change repeats"
    }
    let whose = first.value.map { " (\(title($0)))" } ?? ""
    return "At \(ThresholdWords.score(first.threshold))\(whose), automating a contact "
      + "\(jump.estimate > 0 ? "adds" : "avoids") "
      + "\(NumberWords.fixed(abs(jump.estimate) * 100, decimals: 1)) repeats per 100"
  }

  static func calibration(_ report: ScoreReport) -> String {
    if report.drift.warns {
      return "The score changed its scale from \(report.drift.groups.first ?? "") to "
        + "\(report.drift.groups.last ?? "")"
    }
    guard let all = report.sections.first, let curve = all.curve else {
      return "Too few contacts were reviewed to say how often the score is right"
    }
    guard curve.pointsOff > 0 else { return "The score is right about as often as it says" }
    let says = NumberWords.percent(all.meanScore)
    let keeps = NumberWords.percent(all.right)
    return all.meanScore > all.right
      ? "The score promises more than it keeps: \(says) on average, right in \(keeps)"
      : "The score promises less than it keeps: \(says) on average, right in \(keeps)"
  }

  static func changes(_ report: InterventionReport) -> String {
    let told = report.changes.filter { $0.repeatsAvoided.estimate != nil }
    guard
      let most = told.max(by: {
        ($0.repeatsAvoided.estimate ?? 0) < ($1.repeatsAvoided.estimate ?? 0)
      }), let estimate = most.repeatsAvoided.estimate
    else { return "What these changes would avoid cannot be told from this log" }
    return "\(change(most.name)) would avoid "
      + "\(NumberWords.count(estimate, most.repeatsAvoided.ci95)) repeats"
  }

  /// The name of a change as a phrase.
  static func change(_ name: String) -> String {
    let words = name.hasSuffix(".0 ms") ? name.dropLast(5) + " ms" : name[...]
    return ModeWords.title(words.split(separator: "@").joined(separator: " in "))
  }

  /// The value of a group as people read it.
  static func title(_ value: String) -> String { ModeWords.title(value) }
}

extension PolicyEstimate {
  /// Distance from zero in standard errors; 0 where there is no error.
  var statistic: Double {
    guard let estimate, let se, se > 0 else { return 0 }
    return abs(estimate) / se
  }
}

extension LocalEffect {
  /// What automating does, where the share that AI handled jumps; else what passing the threshold does.
  var jump: Jump? { effectOfAutomating ?? repeats }
}

extension String {
  var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
