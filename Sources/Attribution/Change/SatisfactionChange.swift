import RepeatContacts

/// How the mean satisfaction (CSAT) of two periods differs, customers being the independent units.
struct SatisfactionChange {
  /// Means of the two periods.
  let means: [Double]
  let estimate: AttributionReport.Estimate
  let verdict: AttributionReport.ChangeDecomposition.Verdict

  /// A change within this share of a standard deviation is none to speak of (Cohen 1988: "small").
  static let negligible = 0.2
  static let fewest = 30

  /// nil where the log has no scores, or one of the periods fewer than `fewest`.
  init?(_ analysis: ChangeAnalysis, periods: [Int]) {
    let data = analysis.fitted.data
    guard let csat = analysis.fitted.input.table.number("csat") else { return nil }
    let periodOf = analysis.classes.periodOfContact
    var count = [0.0, 0.0]
    var sum = [0.0, 0.0]
    var squares = [0.0, 0.0]
    func side(_ i: Int) -> Int? { periods.firstIndex(of: Int(periodOf[i])) }
    for i in 0..<data.count {
      guard let t = side(i), let value = csat[Int(data.row[i])] else { continue }
      count[t] += 1
      sum[t] += value
      squares[t] += value * value
    }
    guard (count.min() ?? 0) >= Double(Self.fewest) else { return nil }
    let means = (0..<2).map { sum[$0] / count[$0] }
    self.means = means
    var spread = 0.0
    for k in 0..<2 { spread += max(squares[k] - count[k] * means[k] * means[k], 0) }
    let deviation = (spread / max(count[0] + count[1] - 2, 1)).squareRoot()
    var variance = 0.0
    var customers = 0.0
    for c in 0..<data.customerCount {
      var influence = 0.0
      var any = false
      for i in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) {
        guard let t = side(i), let value = csat[Int(data.row[i])] else { continue }
        influence += (t == 0 ? -1 : 1) * (value - means[t]) / count[t]
        any = true
      }
      if any { customers += 1 }
      variance += influence * influence
    }
    variance *= customers / max(customers - 1, 1)
    let difference = means[1] - means[0]
    let interval = TotalEstimates.interval(difference, variance.squareRoot())
    estimate = .init(estimate: difference, ci95: interval)
    let margin = Self.negligible * deviation
    // Two one-sided tests (Schuirmann 1987): flat is shown, not the absence of a proof.
    verdict =
      interval[0] > -margin && interval[1] < margin
      ? .flat : interval[0] > 0 ? .rose : interval[1] < 0 ? .fell : .notTold
  }
}
