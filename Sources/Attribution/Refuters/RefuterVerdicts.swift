/// From p values to verdicts.
///
/// A refuter looks at several figures; its p values are adjusted by Holm's procedure (1979, Scand. J.
/// Stat. 6, 65 - 70), so that where the attribution is sound it raises any alarm in at most 5 % of
/// logs. In a large log a deviation can be certain and too small to matter: only one that matters
/// fails, others warn.
package enum RefuterVerdicts {
  typealias Result = AttributionReport.RefuterResult
  /// Family error from which a refuter warns, and from which it fails.
  package static let warning = 0.05
  package static let failure = 0.01

  /// Holm's adjusted p values; nil stays nil and is not counted.
  package static func holm(_ p: [Double?]) -> [Double?] {
    let order = p.indices.filter { p[$0] != nil }
      .sorted { (p[$0] ?? 1) == (p[$1] ?? 1) ? $0 < $1 : (p[$0] ?? 1) < (p[$1] ?? 1) }
    var adjusted = [Double?](repeating: nil, count: p.count)
    var largest = 0.0
    for (rank, place) in order.enumerated() {
      largest = max(largest, min(1, (p[place] ?? 1) * Double(order.count - rank)))
      adjusted[place] = largest
    }
    return adjusted
  }

  /// A figure before the family is judged.
  struct Finding: Sendable {
    var target: RefuterTarget
    var expected: Double?
    var observed: Double?
    var ci95: [Double]?
    /// nil: the refuter does not apply to this figure.
    var p: Double?
    /// Whether the deviation is large enough to matter.
    var matters = true
    /// What is said by verdict.
    var meaning: @Sendable (AttributionReport.Verdict) -> String
  }

  /// - Parameter isOneTest: all p values are of one and the same test, which needs no adjustment.
  static func judged(_ findings: [Finding], isOneTest: Bool = false) -> [Result] {
    let p = findings.map { ($0.p?.isFinite ?? false) ? $0.p : nil }
    let adjusted = isOneTest ? p : holm(p)
    return zip(findings, adjusted).map { finding, adjustedP in
      let verdict: AttributionReport.Verdict
      switch adjustedP {
      case nil: verdict = .notApplicable
      case let p? where p < failure && finding.matters: verdict = .fail
      case let p? where p < warning: verdict = .warn
      default: verdict = .pass
      }
      return Result(
        kind: finding.target.kind, target: finding.target.name, verdict: verdict,
        expected: finding.expected, observed: finding.observed, ci95: finding.ci95,
        p: adjustedP == nil ? nil : finding.p, adjustedP: adjustedP,
        meaning: finding.meaning(verdict))
    }
  }

  /// The same reason for every figure why nothing could be tried.
  static func notApplicable(_ targets: [RefuterTarget], _ reason: String) -> [Result] {
    targets.map {
      Result(
        kind: $0.kind, target: $0.name, verdict: .notApplicable, expected: nil, observed: nil,
        ci95: nil, p: nil, adjustedP: nil, meaning: reason)
    }
  }

  /// fail before warn before pass; not applicable only where nothing was tried.
  package static func gravest(_ verdicts: [AttributionReport.Verdict])
    -> AttributionReport.Verdict
  {
    for verdict in [AttributionReport.Verdict.fail, .warn, .pass] where verdicts.contains(verdict) {
      return verdict
    }
    return .notApplicable
  }
}
