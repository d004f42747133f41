import Foundation
import Testing
import WhatIf

/// What scikit-learn and the published formulas say; `Goldens/make_score_goldens.py` writes it.
private struct ScoreGoldens: Decodable {
  struct Isotonic: Decodable {
    let grid: [Double]
    let values: [Double]
  }
  struct Sweep: Decodable {
    let bins: Int
    let error: Double
  }
  struct Parts: Decodable {
    let plugIn: Double
    let debiased: Double
    let brier: Double
    let raw: [Double]
    let corrected: [Double]
  }

  let score: [Double]
  let right: [Double]
  let tied: [Double]
  let tiedRight: [Double]
  let weights: [Double]
  let isotonic: Isotonic
  let tiedIsotonic: Isotonic
  let curveShare: [Double]
  let curveMean: [Double]
  let sweep: Sweep
  let parts: Parts

  static func load() throws -> ScoreGoldens {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Goldens/score.json")
    return try JSONDecoder().decode(ScoreGoldens.self, from: Data(contentsOf: file))
  }

  /// One row a customer, as the peers know none.
  var data: ReviewedScores {
    ReviewedScores(
      scores: score, right: right, clusters: score.indices.map { Int32($0) })
  }
}

@Suite struct ScoreGoldenTests {
  private let goldens: ScoreGoldens

  init() throws { goldens = try ScoreGoldens.load() }

  private func expectClose(_ a: [Double], _ b: [Double], within tolerance: Double = 1e-12) {
    #expect(a.count == b.count)
    for (x, y) in zip(a, b) { #expect(abs(x - y) <= tolerance, "\(x) is not \(y)") }
  }

  @Test("Isotonic regression is scikit-learn's, with ties and weights too")
  func isotonic() {
    let plain = IsotonicFit(scores: goldens.score, responses: goldens.right)
    expectClose(goldens.isotonic.grid.compactMap { plain($0) }, goldens.isotonic.values)
    let tied = IsotonicFit(
      scores: goldens.tied, responses: goldens.tiedRight, weights: goldens.weights)
    expectClose(goldens.tiedIsotonic.grid.compactMap { tied($0) }, goldens.tiedIsotonic.values)
  }

  @Test("The curve's points are those of scikit-learn's calibration_curve by quantiles")
  func curve() throws {
    let bins = EqualMassBins(goldens.data, wanted: 10)
    let curve = try ReliabilityCurve(bins)
    expectClose(curve.points.map(\.right), goldens.curveShare)
    expectClose(curve.points.map(\.meanScore), goldens.curveMean)
  }

  @Test("Calibration errors are those of the published formulas")
  func errors() {
    let error = CalibrationError(goldens.data, EqualMassBins(goldens.data, wanted: 10))
    expectClose([error.plugIn, error.squared], [goldens.parts.plugIn, goldens.parts.debiased])
    #expect(error.sweepBins == goldens.sweep.bins)
    expectClose([error.sweep], [goldens.sweep.error])
  }

  @Test("Brier's score is scikit-learn's, its parts are Murphy's and Ferro & Fricker's")
  func brier() {
    let brier = BrierScore(
      goldens.data, EqualMassBins(goldens.data, wanted: 10),
      all: EqualMassBins(goldens.data, wanted: 1))
    expectClose([brier.brier], [goldens.parts.brier])
    func numbers(_ parts: BrierScore.Parts) -> [Double] {
      [parts.reliability, parts.resolution, parts.uncertainty]
    }
    expectClose(numbers(brier.parts), goldens.parts.raw)
    expectClose(numbers(brier.corrected), goldens.parts.corrected)
  }
}
