import RealModule
import Statistics
import Testing

// Monte Carlo tolerances are 4.5 standard errors (once in 150,000 seeds; the seeds are fixed), and
// chi-square statistics are held to mean + 5 sd of their distribution.

@Suite("Random stream: continuous samplers")
struct RandomContinuousTests {
  private let count = 400_000

  @Test("Uniform numbers fill equal bins equally and stay in range")
  func uniformBins() {
    var stream = RandomStream(seed: 11)
    var bins = [Int](repeating: 0, count: 100)
    var outside = 0
    for _ in 0..<count {
      let u = stream.uniform()
      let open = stream.openUniform()
      if u < 0 || u >= 1 || open <= 0 || open >= 1 { outside += 1 }
      bins[Int(u * 100)] += 1
    }
    #expect(outside == 0)
    #expect(chiSquareFits(bins, expected: bins.map { _ in Double(count) / 100 }))
  }

  @Test("Normal quantiles agree with published values")
  func normalQuantiles() {
    // R 4: qnorm at 17 digits.
    let values: [(Double, Double)] = [
      (0.5, 0), (0.975, 1.9599639845400545), (0.25, -0.67448975019608171),
      (0.001, -3.0902323061678132), (1e-10, -6.3613409024040557), (1e-300, -37.0471),
      (0.999, 3.0902323061678132),
    ]
    for (p, expected) in values {
      let tolerance = p == 1e-300 ? 1e-4 : 1e-13
      #expect(abs(RandomStream.normalQuantile(p) - expected) < tolerance, "at \(p)")
    }
    #expect(RandomStream.normalQuantile(0) == -.infinity)
    #expect(RandomStream.normalQuantile(1) == .infinity)
    #expect(RandomStream.normalQuantile(-0.1).isNaN)
    #expect(RandomStream.normalQuantile(1.1).isNaN)
  }

  @Test("Normal quantiles invert the distribution function over the whole range")
  func normalQuantileInverts() {
    for step in 1..<2_000 {
      let p = Double(step) / 2_000
      let z = RandomStream.normalQuantile(p)
      let back = 0.5 * Double.erfc(-z * 0.5.squareRoot())
      #expect(abs(back - p) < 4e-16 / p.squareRoot(), "at \(p)")
    }
  }

  @Test("Normal and exponential numbers have their moments and distribution")
  func normalAndExponential() {
    var stream = RandomStream(seed: 12)
    let normals = (0..<count).map { _ in stream.normal() }
    expectMoments(normals, mean: 0, variance: 1, fourthCentral: 3)
    expectUniform(normals.map { 0.5 * Double.erfc(-$0 * 0.5.squareRoot()) })
    let exponentials = (0..<count).map { _ in stream.exponential() }
    expectMoments(exponentials, mean: 1, variance: 1, fourthCentral: 9)
    expectUniform(exponentials.map { 1 - Double.exp(-$0) })
  }

  @Test("Gamma numbers have their moments", arguments: [0.1, 0.5, 1, 1.5, 2, 7.3, 100])
  func gammaMoments(shape: Double) {
    var stream = RandomStream(seed: 13, keys: UInt64(shape * 10))
    let values = (0..<count).map { _ in stream.gamma(shape: shape) }
    expectMoments(
      values, mean: shape, variance: shape, fourthCentral: 3 * shape * shape + 6 * shape)
    #expect(values.allSatisfy { $0 >= 0 })
  }

  @Test("Gamma numbers have their distribution where it is in closed form")
  func gammaDistribution() {
    var stream = RandomStream(seed: 14)
    expectUniform((0..<count).map { _ in Double.erf(stream.gamma(shape: 0.5).squareRoot()) })
    expectUniform((0..<count).map { _ in 1 - Double.exp(-stream.gamma(shape: 1)) })
    expectUniform(
      (0..<count).map { _ in
        let x = stream.gamma(shape: 3)
        return 1 - Double.exp(-x) * (1 + x + x * x / 2)
      })
  }

  @Test("Beta numbers have their moments and distribution")
  func betaNumbers() {
    var stream = RandomStream(seed: 15)
    let (a, b) = (2.0, 5.0)
    let values = (0..<count).map { _ in stream.beta(a, b) }
    let mean = a / (a + b)
    let variance = a * b / ((a + b) * (a + b) * (a + b + 1))
    expectMoments(values, mean: mean, variance: variance, fourthCentral: 3 * variance * variance)
    expectUniform((0..<count).map { _ in Double.pow(stream.beta(3, 1), 3) })
    let tiny = (0..<1_000).map { _ in stream.beta(1e-300, 1e-300) }
    #expect(tiny.allSatisfy { $0 == 0 || $0 == 1 } && Set(tiny).count == 2)
  }

  @Test("Dirichlet shares add up and have their means")
  func dirichletShares() {
    var stream = RandomStream(seed: 16)
    let concentrations = [0.4, 1.6, 2.0]
    var sums = [0.0, 0, 0]
    var worst = 0.0
    for _ in 0..<100_000 {
      let shares = stream.dirichlet(concentrations)
      worst = max(worst, abs(shares.reduce(0, +) - 1))
      for index in shares.indices { sums[index] += shares[index] }
    }
    #expect(worst < 1e-15 * 4)
    for index in sums.indices {
      let share = concentrations[index] / 4
      let error = (share * (1 - share) / 5 / 100_000).squareRoot()
      #expect(abs(sums[index] / 100_000 - share) < 4.5 * error)
    }
  }
}

/// Whether the counts' chi-square statistic is below the mean plus 5 sd of its distribution.
func chiSquareFits(_ counts: [Int], expected: [Double]) -> Bool {
  var statistic = 0.0
  for (count, expected) in zip(counts, expected) {
    statistic += (Double(count) - expected) * (Double(count) - expected) / expected
  }
  let degrees = Double(counts.count - 1)
  return statistic < degrees + 5 * (2 * degrees).squareRoot()
}

private func expectUniform(
  _ values: [Double], sourceLocation: SourceLocation = #_sourceLocation
) {
  var bins = [Int](repeating: 0, count: 64)
  for value in values { bins[min(max(Int(value * 64), 0), 63)] += 1 }
  let expected = bins.map { _ in Double(values.count) / 64 }
  #expect(chiSquareFits(bins, expected: expected), sourceLocation: sourceLocation)
}

private func expectMoments(
  _ values: [Double], mean: Double, variance: Double, fourthCentral: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let n = Double(values.count)
  let average = values.reduce(0, +) / n
  let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
  #expect(
    abs(average - mean) < 4.5 * (variance / n).squareRoot(), sourceLocation: sourceLocation)
  #expect(
    abs(spread - variance) < 4.5 * ((fourthCentral - variance * variance) / n).squareRoot(),
    sourceLocation: sourceLocation)
}
