import Attribution
import Foundation
import Statistics
import Testing

@Suite struct FunnelTestTests {
  /// The example of Benjamini & Hochberg (1995), section 3.2: fifteen p values, four discoveries.
  @Test func controlsTheFalseDiscoveryRate() {
    let p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.0,
    ]
    let all = p.map { _ in true }
    let q = FunnelTest.falseDiscovery(p, tested: all)
    #expect(q.count { $0 <= 0.05 } == 4)
    #expect(abs(q[3] - 0.0095 * 15 / 4) < 1e-12)
    #expect(zip(q, q.dropFirst()).allSatisfy { $0 <= $1 })
    // Who is not tested is no discovery and takes no room.
    let half = p.indices.map { $0 < 5 }
    let some = FunnelTest.falseDiscovery(p, tested: half)
    #expect(some[4] <= 0.05 && some[5] == 1)
  }

  /// 15 where 5 are expected: exactly P(X ≥ 15 | 5) is 2.3e-4; Wald's error at the estimate says 1e-5.
  @Test func doesNotCallSmallCountsTooSure() {
    let y = log(3.0)
    let z = FunnelTest.statistic(y, error: 1 / 15.0.squareRoot())
    let p = NormalDistribution.upperTail(z)
    #expect(p > 2.3e-4 && p < 8e-4)
    #expect(NormalDistribution.upperTail(y * 15.0.squareRoot()) < 2e-5)
    // Near 1 both say the same.
    #expect(abs(FunnelTest.statistic(0.01, error: 0.1) - 0.1) < 1e-3)
  }

  @Test func tellsScatterFromChance() {
    var stream = RandomStream(seed: 5)
    let n = 4_000
    let errors = (0..<n).map { _ in 0.1 + 0.2 * stream.uniform() }
    func z(spread: Double, outliers: Int) -> [Double] {
      errors.indices.map { i in
        let own = i < outliers ? 3.0 : spread * stream.normal()
        return (own + errors[i] * stream.normal()) / errors[i]
      }
    }
    // Winsorising is undone where all is chance, so that nothing is found where nothing is.
    #expect(FunnelTest.additiveVariance(z: z(spread: 0, outliers: 0), errors: errors) < 0.002)
    let some = FunnelTest.additiveVariance(z: z(spread: 0.3, outliers: 0), errors: errors)
    #expect(abs(some.squareRoot() - 0.3) < 0.04)
    // A few who really differ hardly move it.
    let few = FunnelTest.additiveVariance(z: z(spread: 0, outliers: 40), errors: errors)
    #expect(few < 0.005)
    #expect(FunnelTest.additiveVariance(z: [9, -9], errors: [1, 1]) == 0)
  }

  @Test func shrinksByWhatIsKnown() {
    // All the same: nothing differs, and everybody is at the mean.
    let same = NormalHierarchy(
      values: [Double](repeating: 0.2, count: 20), variances: [Double](repeating: 0.04, count: 20))
    #expect(same.shrunk.allSatisfy { abs($0 - 0.2) < 1e-9 })
    #expect(same.spread < 0.1 && same.spreadCI95[0] < 0.02)
    #expect(same.deviation.allSatisfy { $0 > 0 && $0 < 0.2 })
    // Far apart and known: no shrinkage.
    let apart = NormalHierarchy(
      values: (0..<20).map { Double($0) }, variances: [Double](repeating: 1e-4, count: 20))
    #expect(zip(apart.shrunk, 0..<20).allSatisfy { abs($0 - Double($1)) < 1e-3 })
    // With one variance the restricted likelihood of τ² is that of the sample variance: its mode is
    // s² − v.
    var stream = RandomStream(seed: 6)
    let values = (0..<30).map { _ in stream.normal() }
    let mean = values.reduce(0, +) / 30
    let s2 = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 29
    let variances = [Double](repeating: 0.2, count: 30)
    let tau = (s2 - 0.2).squareRoot()
    let best = NormalHierarchy.restricted(values, variances, tau: tau).logLikelihood
    for h in [-0.02, 0.02] {
      #expect(NormalHierarchy.restricted(values, variances, tau: tau + h).logLikelihood < best)
    }
  }
}
