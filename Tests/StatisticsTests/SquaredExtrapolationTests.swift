import RealModule
import Statistics
import Testing

@Suite struct SquaredExtrapolationTests {
  /// EM for deaths of London women over 80 as a mixture of two Poisson laws (Hasselblad 1969), the
  /// example of Varadhan & Roland 2008, section 4.1: counts of days with 0 … 9 deaths.
  static let days: [Double] = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]

  static func mixtureStep(_ x: [Double]) -> FixedPointStep {
    let (share, first, second) = (x[0], x[1], x[2])
    var (merit, weight, firstDeaths, secondWeight, secondDeaths) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (deaths, count) in days.enumerated() {
      let k = Double(deaths)
      func density(_ mean: Double) -> Double {
        Double.exp(k * Double.log(mean) - mean - Double.logGamma(k + 1))
      }
      let (a, b) = (share * density(first), (1 - share) * density(second))
      merit += count * Double.log(a + b)
      let belongs = count * a / (a + b)
      weight += belongs
      firstDeaths += belongs * k
      secondWeight += count - belongs
      secondDeaths += (count - belongs) * k
    }
    let next = [
      weight / (weight + secondWeight), firstDeaths / weight, secondDeaths / secondWeight,
    ]
    return FixedPointStep(next: next, merit: merit)
  }

  static func inside(_ x: [Double]) -> [Double]? {
    x[0] > 0 && x[0] < 1 && x[1] > 0 && x[2] > 0 ? x : nil
  }

  /// Published: p = 0.3599, μ = (1.256, 2.663), log-likelihood −1989.946.
  @Test func findsThePublishedMixtureFaster() {
    let accelerated = SquaredExtrapolation(maximumEvaluations: 5000, tolerance: 1e-9)
      .run(from: [0.3, 1, 2.5], admissible: Self.inside, map: Self.mixtureStep)
    #expect(accelerated.converged)
    #expect(abs(accelerated.merit + 1989.946) < 1e-3)
    let known = [0.3599, 1.256, 2.663]
    #expect(relativeDifference(accelerated.point, known) < 1e-3)
    #expect(accelerated.residual <= 1e-9)
    var plain = [0.3, 1, 2.5]
    var steps = 0
    while steps < 5000 {
      let next = Self.mixtureStep(plain).next
      steps += 1
      let moved = relativeDifference(next, plain)
      plain = next
      if moved <= 1e-9 { break }
    }
    #expect(accelerated.evaluations * 5 < steps)
  }

  @Test func meritNeverFalls() {
    let run = SquaredExtrapolation(maximumEvaluations: 400, tolerance: 1e-12)
      .run(from: [0.5, 0.2, 6], admissible: Self.inside, map: Self.mixtureStep)
    for (before, after) in zip(run.history, run.history.dropFirst()) {
      #expect(after.merit >= before.merit - 1e-9)
    }
    #expect(run.history.contains { $0.extrapolated })
  }

  @Test func linearMapIsSolvedAtOnce() {
    // One eigenvalue: the first real extrapolation lands on the fixed point.
    let run = SquaredExtrapolation(tolerance: 1e-12).run(
      from: [0, 0], merit: { x in -abs(x[0] - 10) },
      map: { x in [x[0] + 0.2 * (10 - x[0]), x[1]] })
    #expect(run.converged && abs(run.point[0] - 10) < 1e-9)
    #expect(run.evaluations < 15)
  }

  @Test func endsAreTyped() {
    let search = SquaredExtrapolation(maximumEvaluations: 7, tolerance: 0)
    let capped = search.run(from: [1], merit: { _ in 0 }, map: { [$0[0] / (1 + $0[0])] })
    #expect(capped.ending == .maximumEvaluations && capped.evaluations == 7)
    let broken = search.run(from: [1], merit: { _ in 0 }, map: { _ in [.nan] })
    #expect(broken.ending == .notFinite && broken.point == [1])
  }

  struct Refusal: Error, Equatable {}

  @Test func errorsOfTheMapPassThrough() {
    #expect(throws: Refusal()) {
      try SquaredExtrapolation().run(from: [1]) { (_) throws(Refusal) -> FixedPointStep in
        throw Refusal()
      }
    }
  }
}
