import Statistics
import Testing

/// |a − b| relative to the larger.
func relativeDifference(_ a: Double, _ b: Double) -> Double {
  a == b ? 0 : abs(a - b) / max(abs(a), abs(b))
}

@Suite struct DiscontinuityTests {
  /// Three running variables (continuous, whole numbers, far from zero), three kernels, both
  /// degrees, five variances, both rules, chosen and given bandwidths. The same formulas in another
  /// order of summation: bandwidths, which are roots of ratios of differences, to 1e-6, estimates
  /// and errors at them to 1e-6.
  @Test func agreesWithThePeer() throws {
    for sample in try DiscontinuityGoldens.load().samples {
      for fit in sample.fits {
        let variance = try #require(DiscontinuityVariance(name: fit.variance))
        let estimate = try Discontinuity(
          cutoff: sample.cutoff, degree: fit.degree,
          kernel: try #require(LocalKernel(rawValue: fit.kernel)), variance: variance,
          rule: try #require(BandwidthRule(rawValue: fit.rule)), bandwidth: fit.bandwidth
        ).estimate(outcomes: sample.outcomes, running: sample.running, threads: 2)
        let own = estimate.bandwidths
        let figures: [(String, Double, Double)] = [
          ("h left", own.left, fit.bandwidths[0]), ("h right", own.right, fit.bandwidths[1]),
          ("b left", own.biasLeft, fit.bandwidths[2]),
          ("b right", own.biasRight, fit.bandwidths[3]),
          ("estimate", estimate.conventional.estimate, fit.conventional[0]),
          ("se", estimate.conventional.standardError, fit.conventional[1]),
          ("robust", estimate.robust.estimate, fit.robust[0]),
          ("robust se", estimate.robust.standardError, fit.robust[1]),
          ("lower", estimate.robust.ci95.lower, fit.robust[2]),
          ("upper", estimate.robust.ci95.upper, fit.robust[3]),
        ]
        for (name, ours, theirs) in figures {
          let off = relativeDifference(ours, theirs)
          #expect(off < 1e-6, "\(sample.name) \(fit.title) \(name): \(ours), not \(theirs)")
        }
        #expect([estimate.inside.left, estimate.inside.right] == fit.inside)
      }
    }
  }

  @Test func densityTestAgreesWithThePeer() throws {
    for sample in try DiscontinuityGoldens.load().samples {
      let known = sample.density
      let test = try #require(try DensityTest(running: sample.running, cutoff: sample.cutoff))
      let figures: [(String, Double, Double)] = [
        ("h left", test.left.bandwidth, known.bandwidths[0]),
        ("h right", test.right.bandwidth, known.bandwidths[1]),
        ("left", test.left.estimate, known.estimates[0]),
        ("right", test.right.estimate, known.estimates[1]),
        ("left se", test.left.standardError, known.standardErrors[0]),
        ("right se", test.right.standardError, known.standardErrors[1]),
        ("t", test.statistic, known.t), ("p", test.pValue, known.p),
      ]
      for (name, ours, theirs) in figures {
        let off = relativeDifference(ours, theirs)
        #expect(off < 1e-6, "\(sample.name) \(name): \(ours), not \(theirs)")
      }
      #expect([test.left.inside, test.right.inside] == known.inside)
    }
  }
}
