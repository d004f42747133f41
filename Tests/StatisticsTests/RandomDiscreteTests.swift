import RealModule
import Statistics
import Testing

@Suite("Random stream: discrete samplers")
struct RandomDiscreteTests {
  private let count = 400_000

  @Test("Integers below a bound are equally frequent", arguments: [1, 2, 3, 10, 97])
  func integers(bound: Int) {
    var stream = RandomStream(seed: 21, keys: UInt64(bound))
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<count { counts[stream.int(below: bound)] += 1 }
    if bound > 1 {
      #expect(chiSquareFits(counts, expected: counts.map { _ in Double(count) / Double(bound) }))
    } else {
      #expect(counts == [count])
    }
  }

  @Test("Integers below a bound near 2⁶³ are not biased towards small ones")
  func largeBound() {
    var stream = RandomStream(seed: 22)
    let bound = Int.max / 4 * 3
    var low = 0
    for _ in 0..<100_000 where stream.int(below: bound) < bound / 2 { low += 1 }
    #expect(abs(Double(low) - 50_000) < 4.5 * 25_000.0.squareRoot())
  }

  @Test(
    "Poisson counts have their distribution on both sides of the change of method",
    arguments: [0.05, 0.7, 3, 9.99, 10, 12.5, 60, 1_000])
  func poisson(mean: Double) {
    var stream = RandomStream(seed: 23, keys: UInt64(mean * 100))
    var histogram: [Int: Int] = [:]
    var sum = 0
    for _ in 0..<count {
      let value = stream.poisson(mean: mean)
      histogram[value, default: 0] += 1
      sum += value
    }
    #expect(
      abs(Double(sum) / Double(count) - mean) < 4.5 * (mean / Double(count)).squareRoot())
    // Bins with at least 20 expected; both tails as one bin.
    var counts: [Int] = []
    var expected: [Double] = []
    let top = Int(mean + 20 * mean.squareRoot() + 20)
    for value in 0...top {
      let logProbability =
        Double(value) * Double.log(mean) - mean - Double.logGamma(Double(value) + 1)
      let expectation = Double(count) * Double.exp(logProbability)
      if expectation >= 20 {
        counts.append(histogram[value] ?? 0)
        expected.append(expectation)
      }
    }
    counts.append(count - counts.reduce(0, +))
    expected.append(max(Double(count) - expected.reduce(0, +), 1e-3))
    if expected.last! < 5 {
      #expect(counts.removeLast() < 25)
      expected.removeLast()
    }
    #expect(chiSquareFits(counts, expected: expected))
  }

  @Test("A Poisson count of mean 0 is 0")
  func poissonZero() {
    var stream = RandomStream(seed: 24)
    let total = (0..<1_000).reduce(0) { sum, _ in sum + stream.poisson(mean: 0) }
    #expect(total == 0)
  }

  @Test("Categories come by their weights, those of weight 0 never")
  func categories() {
    var stream = RandomStream(seed: 25)
    let weights = [0, 2, 5, 0, 1, 0]
    var counts = [Int](repeating: 0, count: weights.count)
    for _ in 0..<count { counts[stream.categorical(weights.map(Double.init))] += 1 }
    #expect(counts[0] == 0 && counts[3] == 0 && counts[5] == 0)
    #expect(
      chiSquareFits(
        [counts[1], counts[2], counts[4]],
        expected: [2, 5, 1].map { Double(count) * $0 / 8 }))
  }

  @Test("Bernoulli draws have their rate, and 0 and 1 are certain")
  func bernoulli() {
    var stream = RandomStream(seed: 26)
    var hits = 0
    var wrong = 0
    for _ in 0..<count {
      if stream.bernoulli(0.3) { hits += 1 }
      if stream.bernoulli(0) || !stream.bernoulli(1) { wrong += 1 }
    }
    #expect(wrong == 0)
    #expect(abs(Double(hits) - 0.3 * Double(count)) < 4.5 * (0.21 * Double(count)).squareRoot())
  }

  @Test("Every order of four elements is equally frequent after a shuffle")
  func shuffles() {
    var stream = RandomStream(seed: 27)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<120_000 {
      var elements = [0, 1, 2, 3]
      stream.shuffle(&elements)
      counts[elements, default: 0] += 1
    }
    #expect(counts.count == 24)
    let orders = counts.keys.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(chiSquareFits(orders.map { counts[$0] ?? 0 }, expected: orders.map { _ in 5_000 }))
    var empty: [Int] = []
    stream.shuffle(&empty)
    #expect(empty.isEmpty)
  }
}
