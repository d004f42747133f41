import Statistics
import SyntheticWorld
import Testing

@Suite("Delay density")
struct DelayDensityTests {
  private let base = WorldParameters().repeats.delay

  @Test("A truncated exponential has its closed form")
  func exponential() {
    let density = DelayDensity([.init(weight: 3, shape: .exponential(mean: 2))], limit: 2)
    // (1 − e^(−1/2)) / (1 − e^(−1))
    #expect(abs(density.cdf(1) - 0.62245933120185456) < 1e-15)
    #expect(abs(density.sample(choice: 0.3, quantile: 0.62245933120185456) - 1) < 1e-14)
  }

  @Test("An untruncated lognormal has its median where it is declared")
  func lognormal() {
    let density = DelayDensity(
      [.init(weight: 1, shape: .lognormal(median: 0.5, logSD: 1))], limit: 1e9)
    #expect(abs(density.cdf(0.5) - 0.5) < 1e-15)
    // Φ(1)
    #expect(abs(density.cdf(0.5 * 2.718281828459045) - 0.84134474606854293) < 1e-15)
  }

  @Test("The distribution function starts at 0, rises, and ends at 1 at the limit")
  func bounds() {
    #expect(base.cdf(0) == 0 && base.cdf(-1) == 0)
    #expect(base.cdf(base.limit) == 1 && base.cdf(99) == 1)
    let values = (0...1_500).map { base.cdf(Double($0) / 100) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect(values[1_499] > 0.999)
  }

  @Test("Samples have the distribution function")
  func samples() {
    var stream = RandomStream(seed: 31)
    let count = 200_000
    var delays: [Double] = []
    for _ in 0..<count {
      delays.append(base.sample(choice: stream.uniform(), quantile: stream.openUniform()))
    }
    #expect(delays.allSatisfy { $0 > 0 && $0 <= base.limit })
    delays.sort()
    var distance = 0.0
    for (index, delay) in delays.enumerated() {
      distance = max(distance, abs(base.cdf(delay) - (Double(index) + 0.5) / Double(count)))
    }
    // Kolmogorov's 1 − 10⁻⁵ quantile is 2.47 / √n.
    #expect(distance < 2.47 / Double(count).squareRoot())
  }
}
