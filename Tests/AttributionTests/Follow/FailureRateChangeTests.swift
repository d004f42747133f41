import Attribution
import Statistics
import Testing

@Suite("How far a failure became rarer")
struct FailureRateChangeTests {
  /// Counts of 100 interactions a week: the fix's series first.
  private func change(_ treated: [Double], _ controls: [[Double]], before: Int) throws
    -> FailureRateChange
  {
    let weeks = Array(-before..<(treated.count - before))
    let exposed = [[Double]](
      repeating: [Double](repeating: 100, count: weeks.count), count: 1 + controls.count)
    return try FailureRateChange(weeks: weeks, exposed: exposed, failures: [treated] + controls)
  }

  @Test("Where controls stay, the cut is one less the ratio of the rates, with Poisson errors")
  func ratio() throws {
    let found = try change(
      [20, 20, 20, 20, 8, 8, 8, 8], [[Double](repeating: 50, count: 8)], before: 4)
    #expect(abs(found.cut - 0.6) < 1e-9)
    #expect(abs(found.before - 0.2) < 1e-12 && abs(found.after - 0.08) < 1e-12)
    #expect(abs(found.expectedAfter - 0.2) < 1e-9)
    // No scatter at all: the dispersion is held at Poisson's, var β = Σ 1 / count of the four sums.
    #expect(found.dispersion == 1)
    let variance: Double = 0.0125 + 0.03125 + 0.005 + 0.005
    let error = variance.squareRoot()
    #expect(abs(found.standardError - 0.4 * error) < 1e-9)
    #expect(found.interval[0] < 0.6 && found.interval[1] > 0.6)
    #expect(abs(found.parallel?.slope ?? 1) < 1e-9)
  }

  @Test("What hits the controls too is not the fix's doing")
  func commonChange() throws {
    let found = try change(
      [20, 20, 20, 20, 10, 10, 10, 10], [[40, 40, 40, 40, 20, 20, 20, 20]], before: 4)
    #expect(abs(found.cut) < 1e-9)
    #expect(found.interval[0] < 0 && found.interval[1] > 0 && found.interval[1] < 1)
    #expect(abs(found.expectedAfter - 0.1) < 1e-9)
  }

  @Test("A failure that never happened again is cut whole, with the rule of three below")
  func vanished() throws {
    let found = try change(
      [20, 20, 20, 20, 0, 0, 0, 0], [[Double](repeating: 50, count: 8)], before: 4)
    #expect(found.cut == 1 && found.interval[1] == 1)
    // 80 were expected: 1 + ln(0.025) / 80.
    #expect(abs(found.interval[0] - (1 - 3.6888794541139363 / 80)) < 1e-6)
  }

  @Test("Weeks that scatter widen the interval")
  func scatter() throws {
    let calm = try change(
      [20, 20, 20, 20, 8, 8, 8, 8], [[50, 50, 50, 50, 50, 50, 50, 50]], before: 4)
    let wild = try change(
      [6, 34, 4, 36, 1, 15, 2, 14], [[90, 10, 85, 15, 80, 20, 90, 10]], before: 4)
    #expect(wild.dispersion > 2)
    #expect(wild.interval[1] - wild.interval[0] > 1.5 * (calm.interval[1] - calm.interval[0]))
  }

  @Test("95 % intervals hold the truth, outages included")
  func coverage() throws {
    var held = 0
    let draws = 300
    for draw in 0..<draws {
      var stream = RandomStream(seed: 62, keys: UInt64(draw))
      var failures = [[Double]](repeating: [], count: 5)
      for week in 0..<12 {
        let season = 1 + 0.3 * Double(week % 3)
        for series in 0..<5 {
          // Now and then an outage of one component.
          let outage = stream.bernoulli(0.05) ? 2.0 : 1
          let release = series == 0 && week >= 6 ? 0.4 : 1
          failures[series].append(
            Double(stream.poisson(mean: 30 * season * outage * release)))
        }
      }
      let found = try change(failures[0], Array(failures.dropFirst()), before: 6)
      if found.interval[0] <= 0.6 && 0.6 <= found.interval[1] { held += 1 }
    }
    // A binomial count of 300 at 95 % is above 272 with a chance of 0.997.
    #expect(held > 272)
  }
}
