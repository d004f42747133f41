import Attribution

/// Weeks against the week before.
extension FigureCatalogue {
  mutating func addChange(_ report: AttributionReport) {
    func term(_ week: String, sign: Double) -> Figure.Term? {
      guard let row = report.weekly.first(where: { $0.week == week }), row.interactions > 0,
        row.exposure > 0
      else { return nil }
      return Figure.Term(
        week: week, scale: sign * 100 / (Double(row.interactions) * row.exposure))
    }
    var previous: String?
    for change in report.change {
      defer { previous = change.week }
      guard let now = term(change.week, sign: 1) else { continue }
      add(
        "change.\(change.week).system_per_100", change.systemPer100,
        "system-caused repeats per 100 interactions, had each had its whole window", .system,
        terms: [now])
      guard let previous, let before = term(previous, sign: -1) else { continue }
      add(
        "change.\(change.week).difference", change.difference,
        "change of system-caused repeats per 100 interactions from \(previous) on", .system,
        terms: [now, before])
      if let decomposition = change.decomposition {
        addComparison(decomposition, path: "change.\(change.week).decomposition")
      }
    }
  }

  /// The two sides of a week's comparison with the week before, and their differences.
  private mutating func addComparison(
    _ comparison: AttributionReport.ChangeDecomposition, path: String
  ) {
    let (from, to) = (comparison.from, comparison.to)
    for (side, period) in [("from", from), ("to", to)] {
      let term = Figure.Term(week: period.period)
      let of = "of known customers in \(period.period)"
      for (key, value, field, words) in [
        (
          "interactions", Double(period.interactions), Figure.ChangeField.interactions,
          "interactions \(of)"
        ),
        (
          "repeats_per_100", period.repeatsPer100, .repeats,
          "repeats per 100 interactions \(of), caused and coincidental, in whole windows"
        ),
        (
          "caused_per_100", period.causedPer100, .caused,
          "repeats that 100 interactions \(of) are expected to cause in whole windows"
        ),
        (
          "coincidental_per_100", period.coincidentalPer100, .coincidental,
          "contacts that would have come anyway after 100 interactions \(of)"
        ),
        (
          "exposure", period.exposure, .exposure,
          "mean share of their windows that the log covers, interactions \(of)"
        ),
      ] {
        add("\(path).\(side).\(key)", value, words, .change(field), terms: [term])
      }
      if let csat = period.csat {
        add(
          "\(path).\(side).csat", csat, "mean score of interactions \(of)", .change(.csat),
          terms: [term])
      }
    }
    let terms = [
      Figure.Term(week: to.period), Figure.Term(week: from.period, scale: -1),
    ]
    let words = "from \(from.period) to \(to.period)"
    add(
      "\(path).difference", comparison.difference.estimate, note: comparison.difference.note,
      "change of the repeats per 100 interactions \(words)", .change(.repeats), terms: terms)
    add(
      "\(path).coincidental", comparison.coincidental.estimate,
      note: comparison.coincidental.note,
      "change of the contacts that would have come anyway, per 100 interactions, \(words)",
      .change(.coincidental), terms: terms)
    if let csat = comparison.csat {
      add(
        "\(path).csat", csat.estimate, note: csat.note, "change of the mean score \(words)",
        .change(.csat), terms: terms)
    }
  }
}
