#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ThresholdValidation.Result {
  /// Writes the JSON through a temporary name.
  public func write(to path: String) throws { try JSONText.write(self, to: path) }

  /// The result as tables, one a regime, and the targets.
  public var text: String {
    var lines: [String] = []
    for regime in regimes { lines += regime.lines(interactions: interactions) + [""] }
    lines.append(
      Validation.columns(["target", "asked", "shown"]) + "   of chance          verdict")
    for target in targets {
      let (scale, digits) = target.isRatio ? (1.0, 2) : (100, 1)
      func number(_ value: Double) -> String {
        Validation.number(value * scale, digits: digits)
      }
      let range = target.ci95.map { "\(number($0[0])) - \(number($0[1]))" }
      lines.append(
        target.name.padded(42) + target.asked.padded(14)
          + (target.value.map(number) ?? "-").padded(8) + "of \(target.of)".padded(10)
          + (range ?? "").padded(16)
          + target.outcome.rawValue)
    }
    return lines.joined(separator: "\n")
  }
}

extension ThresholdResult {
  fileprivate func lines(interactions: Int) -> [String] {
    var lines = ["\(regime): \(worlds) worlds of about \(interactions) interactions"]
    if !rows.isEmpty {
      lines.append(
        Validation.columns(
          ["inside support, per 100", "eff. n", "truth", "bias", "rmse DR", "IPW", "direct"])
          + "   held: DR, low, IPW, change, of")
    }
    for row in rows {
      lines.append(
        Validation.columns(
          ["\(row.outcome) \(Validation.number(row.threshold, digits: 2))"]
            + [Validation.count(row.effectiveN)]
            + [row.meanTruth, row.bias, row.doublyRobust, row.inversePropensity, row.direct].map {
              Validation.number($0 * 100)
            })
          + "   \(row.covered) \(row.below) \(row.inverseCovered) \(row.changeCovered) \(row.worlds)"
      )
    }
    for row in bounds {
      lines.append(
        Validation.columns([
          "bounds \(row.outcome) \(Validation.number(row.threshold, digits: 2))",
          "held", "\(row.covered)", "change", "\(row.changeCovered)", "of", "\(row.worlds)",
          "width",
          Validation.number(row.meanWidth * 100),
        ]))
    }
    for (reason, count) in failures.sorted(by: { $0.key < $1.key }) {
      lines.append("not analysed: \(count) worlds: \(reason)")
    }
    lines.append(
      "warns of the score's scale: \(driftWarned) of \(driftAsked); seconds per world: "
        + Validation.number(seconds / Double(max(worlds, 1)), digits: 2))
    return lines
  }
}

extension String {
  /// Filled up with spaces.
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
