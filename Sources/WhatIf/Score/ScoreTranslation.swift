import LinearAlgebra
import Statistics

/// Scores of one part of a log as scores of another that mean the same chance of being right.
///
/// Logistic regressions on the log odds of the score, one line for each part, fitted together for the
/// covariance by customers (Platt 2000's scaling, applied to log odds). Where the second scale is a
/// straight line of the first on the log odds, the translation is exact whatever the true curve is.
struct ScoreTranslation {
  /// Levels and slopes: of the first part, then what the second adds.
  private let coefficients: [Double]
  private let covariance: Matrix

  /// - Throws: `RegressionFault` where there is no fit, for one where a part is all right or all wrong.
  init(_ sample: ScoreSample, first: [Int], second: [Int]) throws {
    let rows = (first.map { ($0, 0.0) } + second.map { ($0, 1.0) }).sorted { $0.0 < $1.0 }
    let odds = rows.map { LogOdds.of(sample.scores[$0.0]) }
    var table = DataTable(rowCount: rows.count)
    try table.append("right", rows.map { Double(sample.right[$0.0]) })
    try table.append("odds", odds)
    try table.append("later", rows.map(\.1))
    try table.append("turn", zip(rows, odds).map { $0.1 * $1 })
    try table.append("customer", CustomerLevels.text(rows.map { sample.clusters[$0.0] }))
    let fit = try RegressionRequest(
      formula: ModelFormula("right ~ odds + later + turn"), family: .binomial,
      further: ["customer"]
    ).fit(table)
    let names = ["(Intercept)", "odds", "later", "turn"]
    let places = names.compactMap { fit.terms.firstIndex(of: $0) }
    guard places.count == names.count else {
      coefficients = []
      covariance = Matrix(rows: 0, columns: 0)
      return
    }
    coefficients = places.map { fit.fit.coefficients[$0] }
    covariance = try fit.covariance(.clustered(["customer"])).matrix
      .submatrix(rows: places, columns: places)
  }

  /// The score of the second part, with its 95 % interval; nil where being right does not surely rise
  /// with the score there.
  func callAsFunction(_ score: Double) -> (score: Double, ci95: [Double])? {
    guard coefficients.count == 4 else { return nil }
    let odds = LogOdds.of(score)
    let slope = coefficients[1] + coefficients[3]
    let ofSlope = [0.0, 1, 0, 1]
    let error = max(0, covariance.quadraticForm(ofSlope)).squareRoot()
    guard slope > NormalDistribution.quantile975 * error, slope > 0 else { return nil }
    // l₂ = (a₁ + b₁ l₁ − a₂) / b₂ with a₂ = a₁ + later, b₂ = b₁ + turn.
    let there = (coefficients[1] * odds - coefficients[2]) / slope
    let gradient = [0, (odds - there) / slope, -1 / slope, -there / slope]
    let spread = max(0, covariance.quadraticForm(gradient)).squareRoot()
    let ends = MeanInterval.normal95(there, standardError: spread)
    return (LogOdds.share(there), [LogOdds.share(ends.lower), LogOdds.share(ends.upper)])
  }
}
