import LinearAlgebra
import RealModule
import Statistics
import Testing

@Suite struct MarginalEffectTests {
  /// Five links: slope of a number, contrast of a flag. The peer's derivatives are differences.
  @Test func agreesWithThePeer() throws {
    let known = try EffectGoldens.load().marginal
    let design = EffectGoldens.matrix(known.columns)
    let n = design.rows
    let (ones, zeros) = ([Double](repeating: 1, count: n), [Double](repeating: 0, count: n))
    for fit in known.cases {
      let link = try #require(Link(rawValue: fit.link))
      let covariance = Matrix(rows: 3, columns: 3, storage: fit.covariance)
      let slope = AverageMarginalEffect.slope(
        coefficients: fit.coefficients, covariance: covariance, design: design,
        derivative: EffectGoldens.matrix([zeros, ones, zeros]), link: link)
      let contrast = AverageMarginalEffect.contrast(
        coefficients: fit.coefficients, covariance: covariance,
        with: EffectGoldens.matrix([known.columns[0], known.columns[1], ones]),
        without: EffectGoldens.matrix([known.columns[0], known.columns[1], zeros]), link: link)
      for (i, ours) in [slope, contrast].enumerated() {
        #expect(relativeDifference(ours.estimate, fit.effects[i]) < 1e-9, "\(fit.link)")
        #expect(relativeDifference(ours.standardError, fit.standardErrors[i]) < 1e-7, "\(fit.link)")
      }
    }
  }

  /// A straight line's effect is its coefficient, whatever the rows weigh.
  @Test func identityIsTheCoefficient() {
    let covariance = Matrix([[0.04, 0.01], [0.01, 0.09]])
    let effect = AverageMarginalEffect.contrast(
      coefficients: [1, 2], covariance: covariance, with: Matrix([[1, 1], [1, 1]]),
      without: Matrix([[1, 0], [1, 0]]), link: .identity, weights: [1, 5])
    #expect(abs(effect.estimate - 2) < 1e-15 && abs(effect.standardError - 0.3) < 1e-15)
    #expect(effect.gradient == [0, 1])
  }
}

@Suite struct RobustnessValueTests {
  /// Cinelli & Hazlett 2020, table 1 (Darfur): t = 4.18 on 783 gives 13.9 %, 7.6 % and R² 2.2 %.
  @Test func published() {
    let value = RobustnessValue(t: 4.18445, degreesOfFreedom: 783)
    #expect(abs(value.estimate - 0.139) < 5e-4)
    #expect(abs(value.significance - 0.076) < 5e-4)
    #expect(abs(value.partialR2 - 0.022) < 5e-4)
  }

  @Test func agreesWithThePeer() throws {
    for row in try EffectGoldens.load().robustness {
      let value = RobustnessValue(
        t: row[0], degreesOfFreedom: row[1], reduction: row[2],
        alpha: row[3] < 1 ? row[3] : 0.05)
      let ours = row[3] < 1 ? value.significance : value.estimate
      #expect(abs(ours - row[4]) < 1e-11)
    }
  }

  /// By its definition: RV² / (1 − RV) is f².
  @Test func definition() {
    for t in [0.3, 2, 17.0] {
      let rv = RobustnessValue(t: t, degreesOfFreedom: 50).estimate
      #expect(relativeDifference(rv * rv / (1 - rv), t * t / 50) < 1e-12)
    }
  }

  /// VanderWeele & Ding 2017: d = 0.5 is a ratio of e^0.455.
  @Test func eValueOfADifference() throws {
    let value = try #require(EValue(standardisedDifference: 0.5, standardError: 0.1))
    #expect(value.estimate == EValue.ofRatio(Double.exp(0.455)))
    #expect(value.limit == EValue.ofRatio(Double.exp(0.455 - 0.178)))
    #expect(EValue(standardisedDifference: 0.1, standardError: 0.1)?.limit == 1)
  }
}
