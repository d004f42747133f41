import Attribution

/// Figures of fixes: what removals of failures avoid, alone, by half and together.
extension FigureCatalogue {
  mutating func addFixes(_ report: AttributionReport) {
    let fixes = report.fixes
    let order = fixes.filter { $0.greedy != nil }
      .sorted { ($0.greedy?.step ?? 0) < ($1.greedy?.step ?? 0) }
    for fix in fixes {
      let name = Self.name(fix.mode, fix.component)
      let whole = Self.removal([fix], report)
      let path = "fixes.\(name)"
      func two(
        _ path: (repeats: String, cost: String), _ repeats: AttributionReport.Estimate,
        _ cost: AttributionReport.Estimate, _ words: String, _ removals: [Figure.Removal]
      ) -> [(String, AttributionReport.Estimate, String, Figure.Quantity)] {
        [
          (path.repeats, repeats, "contacts that \(words)", .avoided(removals)),
          (path.cost, cost, "cost of the contacts that \(words)", .avoidedCost(removals)),
        ]
      }
      var figures = two(
        ("\(path).repeats_avoided", "\(path).cost_avoided"), fix.repeatsAvoided, fix.costAvoided,
        "would not have come without \(name)", [whole])
      if let half = fix.halved {
        var removal = whole
        removal.share = 0.5
        figures += two(
          ("\(path).halved.repeats_avoided", "\(path).halved.cost_avoided"), half.repeatsAvoided,
          half.costAvoided, "would not have come had \(name) happened half as often", [removal])
      }
      if let greedy = fix.greedy {
        let together = Self.removal(Array(order.prefix(greedy.step)), report)
        var before = Self.removal(Array(order.prefix(greedy.step - 1)), report)
        before.sign = -1
        let gained = greedy.step > 1 ? [together, before] : [together]
        figures += two(
          ("\(path).greedy.gain", "\(path).greedy.cost_gain"), greedy.gain, greedy.costGain,
          "would not have come without \(name), beyond what the repairs before it avoid", gained)
        figures += two(
          ("\(path).greedy.together", "\(path).greedy.cost_together"), greedy.together,
          greedy.costTogether, "would not have come without \(name) and the repairs before it",
          [together])
      }
      for (path, value, words, quantity) in figures {
        add(
          path, value.estimate, note: value.note, words, quantity,
          terms: Self.avoidedTerms(report))
      }
      addOverlap(fix, whole, report)
    }
  }

  /// What both avoid one by one, less what they avoid together.
  private mutating func addOverlap(
    _ fix: AttributionReport.Fix, _ whole: Figure.Removal, _ report: AttributionReport
  ) {
    let name = Self.name(fix.mode, fix.component)
    for other in fix.overlap ?? [] {
      guard
        let second = report.fixes.first(where: {
          $0.mode == other.mode && $0.component == other.component
        })
      else { continue }
      var both = Self.removal([fix, second], report)
      both.sign = -1
      let removals = [whole, Self.removal([second], report), both]
      let otherName = Self.name(other.mode, other.component)
      let path = "fixes.\(name).overlap.\(otherName)"
      let words = "either of \(name) and \(otherName) would keep away"
      add(
        "\(path).lowers_by", other.lowersBy, "contacts that \(words)", .avoided(removals),
        terms: Self.avoidedTerms(report))
      add(
        "\(path).lowers_cost_by", other.lowersCostBy, note: fix.costAvoided.note,
        "cost of the contacts that \(words)", .avoidedCost(removals),
        terms: Self.avoidedTerms(report))
    }
  }

  /// Fixes taken away together. A fix is the removal of a mode at a component, or of the whole mode
  /// where it has none, whatever it is called.
  private static func removal(
    _ fixes: [AttributionReport.Fix], _ report: AttributionReport
  ) -> Figure.Removal {
    Figure.Removal(
      choices: fixes.map { fix in
        let isPart = report.modes.contains { $0.mode == fix.mode && $0.component == fix.component }
        return choice(fix.mode, isPart ? fix.component : nil)
      }, ranks: fixes.map(\.rank))
  }
}
