import Statistics
import Testing

@Suite struct SpecialFunctionTests {
  let goldens: Goldens
  init() throws { goldens = try Goldens.load() }

  /// Largest error over golden rows, relative to the value in the last place, or to `least` where
  /// that is smaller (beside a root of the function).
  private func worst(
    _ name: String, least: Double = .leastNormalMagnitude, _ function: ([Double]) -> Double
  ) -> Double {
    var worst = 0.0
    for row in goldens.special[name] ?? [[.nan]] {
      let known = row[row.count - 1]
      let error = abs(function(row) - known)
      worst = max(worst, error / max(abs(known), least))
    }
    return worst
  }

  @Test func closedForms() {
    let euler = 0.57721566490153286
    #expect(abs(GammaFunctions.digamma(1) + euler) < 1e-15)
    #expect(abs(GammaFunctions.trigamma(1) - .pi * .pi / 6) < 1e-15)
    #expect(GammaFunctions.digamma(-2).isNaN)
    #expect(abs(GammaFunctions.regularizedUpper(1, 3) - 0.049787068367863943) < 1e-17)
    #expect(abs(BetaFunctions.regularized(0.3, 2, 1) - 0.09) < 1e-16)
    #expect(abs(NormalDistribution.cdf(1.959963984540054) - 0.975) < 1e-15)
    #expect(abs(StudentDistribution.cdf(1, degreesOfFreedom: 1) - 0.75) < 1e-15)
    #expect(
      abs(StudentDistribution.quantile(0.975, degreesOfFreedom: 10) - 2.2281388519862747) < 1e-13)
    #expect(
      abs(ChiSquareDistribution.upperTail(2, degreesOfFreedom: 2) - 0.36787944117144233) < 2e-16)
  }

  /// Tolerances are a few ulp, more where the argument's own rounding is amplified.
  @Test func agreeWithFiftyDigits() {
    #expect(worst("digamma", least: 0.01) { GammaFunctions.digamma($0[0]) } < 1e-13)
    #expect(worst("trigamma") { GammaFunctions.trigamma($0[0]) } < 1e-13)
    #expect(
      worst("log_rising_factorial") { GammaFunctions.logRisingFactorial($0[0], Int($0[1])) } < 2e-15
    )
    #expect(worst("normal_quantile") { NormalDistribution.quantile($0[0]) } < 1e-14)
    #expect(
      worst("student_two_sided") { StudentDistribution.twoSided($0[0], degreesOfFreedom: $0[1]) }
        < 1e-11)
    #expect(
      worst("fisher_upper") {
        FisherDistribution.upperTail(
          $0[0], numeratorDegreesOfFreedom: $0[1], denominatorDegreesOfFreedom: $0[2])
      } < 1e-12)
  }

  @Test func incompleteGammaAgrees() {
    let rows = goldens.special["regularized_gamma"] ?? []
    #expect(rows.count > 30)
    for row in rows {
      let (a, x) = (row[0], row[1])
      #expect(abs(GammaFunctions.regularizedLower(a, x) / row[2] - 1) < 2e-12, "P(\(a), \(x))")
      #expect(abs(GammaFunctions.regularizedUpper(a, x) / row[3] - 1) < 2e-12, "Q(\(a), \(x))")
    }
  }

  @Test func incompleteBetaAgrees() {
    let rows = goldens.special["regularized_beta"] ?? []
    #expect(rows.count > 100)
    for row in rows {
      let (x, a, b) = (row[0], row[1], row[2])
      #expect(abs(BetaFunctions.regularized(x, a, b) / row[3] - 1) < 1e-11, "I(\(x); \(a), \(b))")
    }
  }

  @Test func quantilesInvert() {
    for df in [1, 2.5, 7, 300] {
      for p in [0.001, 0.2, 0.6, 0.99] {
        let t = StudentDistribution.quantile(p, degreesOfFreedom: df)
        #expect(abs(StudentDistribution.cdf(t, degreesOfFreedom: df) - p) < 1e-12)
      }
    }
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1.5).isNaN)
  }
}

@Suite struct VectorLogisticTests {
  /// Against the logistic function of libm's exponential, over all of its range.
  @Test func agreesWithOneAtATime() {
    var random = RandomStream(seed: 3)
    for scale in [1e-9, 0.1, 1, 10, 100, 700] {
      for _ in 0..<2_000 {
        let x = SIMD4<Double>(
          scale * (2 * random.uniform() - 1), scale * random.uniform(), -scale * random.uniform(),
          0)
        let four = logistic(x)
        for i in 0..<4 {
          let one = logistic(x[i])
          // Four units in the last place.
          #expect(abs(four[i] - one) <= 4 * one.ulp)
        }
      }
    }
    let ends = logistic(SIMD4<Double>(1e6, -1e6, 40, -745))
    #expect(ends[0] == 1 && ends[1] > 0 && ends[1] < 1e-300 && ends[2] == 1 && ends[3] < 1e-300)
  }
}
