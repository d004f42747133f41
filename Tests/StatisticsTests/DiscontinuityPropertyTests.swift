import Statistics
import Testing

@Suite struct DiscontinuityPropertyTests {
  /// A curve with noise and a jump of 2 at 0.5.
  private static func sample(_ count: Int, seed: UInt64) -> (running: [Double], outcomes: [Double])
  {
    var random = RandomStream(seed: seed)
    let running = (0..<count).map { _ in random.uniform() }
    let outcomes = running.map {
      2 * $0 - 1.5 * $0 * $0 * $0 + ($0 >= 0.5 ? 2 : 0) + 0.3
        * (random.uniform() + random.uniform() - 1)
    }
    return (running, outcomes)
  }

  /// Without noise the fit is the curve: the jump is exact, and nothing is left to vary.
  @Test(arguments: LocalKernel.allCases, [1, 2])
  func aPolynomialIsFittedExactly(kernel: LocalKernel, degree: Int) throws {
    let running = (0..<400).map { Double($0) / 100 }
    let outcomes = running.map { x in
      1 + 2 * x - (degree == 2 ? 0.7 * x * x : 0) + (x >= 1.7 ? 3 : 0)
    }
    let jump = try Discontinuity(
      cutoff: 1.7, degree: degree, kernel: kernel, variance: .hc0, bandwidth: 0.9
    ).estimate(outcomes: outcomes, running: running)
    // Sums of hundreds of terms of size one.
    #expect(abs(jump.conventional.estimate - 3) < 1e-11)
    #expect(abs(jump.robust.estimate - 3) < 1e-10)
    #expect(jump.conventional.standardError < 1e-11)
    let left = 1 + 2 * 1.7 - (degree == 2 ? 0.7 * 1.7 * 1.7 : 0)
    #expect(abs(jump.levels.left - left) < 1e-11)
  }

  /// A uniform kernel over everything is two straight lines; their errors by hand.
  @Test func uniformKernelIsLeastSquares() throws {
    let running = [-3.0, -2, -1, 0, 1, 2, 3, 4]
    let outcomes = [1.0, 3, 2, 5, 9, 8, 7, 12]
    let jump = try Discontinuity(
      cutoff: 0, kernel: .uniform, variance: .hc0, bandwidth: 10
    ).estimate(outcomes: outcomes, running: running)
    // Left: mean 2 at −2, slope 1/2, so 3 at 0. Right: mean 8.2 at 2, slope 1.2, so 5.8.
    #expect(abs(jump.levels.left - 3) < 1e-12)
    #expect(abs(jump.levels.right - 5.8) < 1e-12)
    // Weights at 0: left 1/3 + (x + 2), right 1/5 − (x − 2)/5; residuals −1/2, 1, −1/2 and
    // −0.8, 2, −0.2, −2.4, 1.4.
    let left = zip([-2.0 / 3, 1.0 / 3, 4.0 / 3], [-0.5, 1, -0.5])
    let right = zip([0.6, 0.4, 0.2, 0, -0.2], [-0.8, 2, -0.2, -2.4, 1.4])
    let square = (Array(left) + Array(right)).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }
    #expect(abs(jump.conventional.standardError - square.squareRoot()) < 1e-12)
  }

  @Test func threadsAndOrderOfRowsDoNotMatter() throws {
    let (running, outcomes) = Self.sample(900, seed: 3)
    let design = Discontinuity(cutoff: 0.5)
    let one = try design.estimate(outcomes: outcomes, running: running)
    let two = try design.estimate(outcomes: outcomes, running: running, threads: 2)
    #expect(one == two)
    let shuffled = (0..<900).map { $0 * 607 % 900 }
    let other = try design.estimate(
      outcomes: shuffled.map { outcomes[$0] }, running: shuffled.map { running[$0] })
    #expect(one == other)
  }

  /// Units and direction of the running variable: bandwidths scale, the jump changes its sign.
  @Test func scaleAndMirror() throws {
    let (running, outcomes) = Self.sample(600, seed: 4)
    let jump = try Discontinuity(cutoff: 0.5).estimate(outcomes: outcomes, running: running)
    let scaled = try Discontinuity(cutoff: 5e6).estimate(
      outcomes: outcomes.map { 100 * $0 - 7 }, running: running.map { 1e7 * $0 })
    #expect(relativeDifference(scaled.bandwidths.left, 1e7 * jump.bandwidths.left) < 1e-9)
    #expect(relativeDifference(scaled.robust.estimate, 100 * jump.robust.estimate) < 1e-9)
    #expect(
      relativeDifference(scaled.robust.standardError, 100 * jump.robust.standardError) < 1e-9)
    let mirrored = try Discontinuity(cutoff: -0.5).estimate(
      outcomes: outcomes, running: running.map { -$0 })
    #expect(relativeDifference(mirrored.robust.estimate, -jump.robust.estimate) < 1e-9)
    #expect(relativeDifference(mirrored.bandwidths.biasLeft, jump.bandwidths.biasRight) < 1e-9)
  }

  /// The ends of what a double holds are units like others.
  @Test(arguments: [1e200, 1e-200])
  func extremeUnitsDoNotMatter(unit: Double) throws {
    let (running, outcomes) = Self.sample(600, seed: 4)
    let jump = try Discontinuity(cutoff: 0.5).estimate(outcomes: outcomes, running: running)
    let scaled = try Discontinuity(cutoff: 0.5 * unit).estimate(
      outcomes: outcomes.map { unit * $0 }, running: running.map { unit * $0 })
    #expect(relativeDifference(scaled.bandwidths.left, unit * jump.bandwidths.left) < 1e-9)
    #expect(relativeDifference(scaled.robust.estimate, unit * jump.robust.estimate) < 1e-9)
    #expect(
      relativeDifference(scaled.robust.standardError, unit * jump.robust.standardError) < 1e-9)
    let test = try #require(try DensityTest(running: running, cutoff: 0.5))
    let other = try #require(
      try DensityTest(running: running.map { unit * $0 }, cutoff: 0.5 * unit))
    #expect(relativeDifference(test.pValue, other.pValue) < 1e-7)
  }

  /// A bandwidth far beyond the data weighs all rows alike: the fit is the uniform kernel's over all,
  /// also where one side reaches far and the other does not.
  @Test(arguments: [1e4, 1e300, Double.greatestFiniteMagnitude], [1, 2])
  func aVeryWideBandwidthTakesEverything(bandwidth: Double, degree: Int) throws {
    var (running, outcomes) = Self.sample(500, seed: 8)
    for i in running.indices where running[i] < 0.5 { running[i] = 0.5 - 1e-3 * running[i] }
    outcomes[3] += 1
    for variance in [DiscontinuityVariance.hc0, .hc3, .nearestNeighbour(matches: 3)] {
      func jump(_ kernel: LocalKernel, _ width: Double) throws -> DiscontinuityEstimate {
        try Discontinuity(
          cutoff: 0.5, degree: degree, kernel: kernel, variance: variance, bandwidth: width
        ).estimate(outcomes: outcomes, running: running)
      }
      let (wide, all) = (try jump(.triangular, bandwidth), try jump(.uniform, 0.6))
      // A weight of 1 − 1e-4 at the far end.
      let share = bandwidth < 1e5 ? 1e-2 : 1e-8
      let unit = all.robust.standardError
      #expect(abs(wide.conventional.estimate - all.conventional.estimate) < share * unit)
      #expect(abs(wide.robust.estimate - all.robust.estimate) < share * unit)
      #expect(relativeDifference(wide.robust.standardError, unit) < share)
      #expect(wide.bandwidths.left == bandwidth && wide.inside.left + wide.inside.right == 500)
    }
  }

  /// 200 samples with a true jump of 2: the robust interval covers it as it should.
  @Test func robustIntervalCovers() throws {
    var covered = 0
    for seed in 0..<200 {
      let (running, outcomes) = Self.sample(500, seed: UInt64(100 + seed))
      let jump = try Discontinuity(cutoff: 0.5).estimate(outcomes: outcomes, running: running)
      if jump.robust.ci95.lower <= 2 && 2 <= jump.robust.ci95.upper { covered += 1 }
    }
    // 95 % of 200 within three binomial standard errors of 1.54 %, and the small-sample shortfall
    // of a normal interval (some 2 %).
    #expect(covered >= 177 && covered <= 199, "\(covered) of 200")
  }

  @Test func densityOfUniformDataIsFlat() throws {
    let running = (0..<4_000).map { (Double($0) + 0.5) / 4_000 }
    let test = try #require(try DensityTest(running: running, cutoff: 0.4))
    #expect(abs(test.left.estimate - 1) < 1e-3)
    #expect(abs(test.right.estimate - 1) < 1e-3)
    // Half of those just below the cutoff went just above it.
    let moved = running.enumerated().map { i, x in
      x > 0.3 && x < 0.4 && i % 2 == 0 ? 0.8 - x : x
    }
    let suspicious = try #require(try DensityTest(running: moved, cutoff: 0.4))
    #expect(suspicious.pValue < 1e-3)
    #expect(suspicious.right.estimate > 1.3 && suspicious.left.estimate < 0.7)
  }
}

@Suite struct DiscontinuityErrorTests {
  private let running = (0..<40).map { Double($0) }

  private func estimate(
    _ design: Discontinuity, _ outcomes: [Double]? = nil, _ running: [Double]? = nil
  ) throws(DiscontinuityError) -> DiscontinuityEstimate {
    let x = running ?? self.running
    return try design.estimate(outcomes: outcomes ?? x.map { $0 * $0 }, running: x)
  }

  @Test func badInputIsNamed() {
    #expect(
      throws: DiscontinuityError.cutoffOutsideData(cutoff: 50, minimum: 0, maximum: 39)
    ) { try estimate(Discontinuity(cutoff: 50)) }
    #expect(throws: DiscontinuityError.cutoffOutsideData(cutoff: 0, minimum: 0, maximum: 39)) {
      try estimate(Discontinuity(cutoff: 0))
    }
    #expect(throws: DiscontinuityError.constantOutcome(value: 7)) {
      try estimate(Discontinuity(cutoff: 20), [Double](repeating: 7, count: 40))
    }
    #expect(
      throws: DiscontinuityError.tooFewDistinctValues(
        side: .left, count: 2, needed: 3, bandwidth: nil)
    ) { try estimate(Discontinuity(cutoff: 2)) }
    #expect(
      throws: DiscontinuityError.tooFewDistinctValues(
        side: .left, count: 1, needed: 2, bandwidth: 1.5)
    ) { try estimate(Discontinuity(cutoff: 20, bandwidth: 1.5)) }
    #expect(throws: DiscontinuityError.tooFewObservations(count: 8, needed: 20)) {
      try estimate(Discontinuity(cutoff: 4), nil, Array(running[..<8]))
    }
    #expect(throws: DiscontinuityError.degreeOutOfRange(3)) {
      try estimate(Discontinuity(cutoff: 20, degree: 3))
    }
    #expect(throws: DiscontinuityError.bandwidthOutOfRange(-1)) {
      try estimate(Discontinuity(cutoff: 20, bandwidth: -1))
    }
    #expect(throws: DiscontinuityError.lengthMismatch(outcomes: 1, running: 40)) {
      try estimate(Discontinuity(cutoff: 20), [1])
    }
    var large = running
    large[3] = -1e300
    #expect(
      throws: DiscontinuityError.tooLarge(variable: "outcome", row: 3, value: -1e300)
    ) { try estimate(Discontinuity(cutoff: 20), large) }
    let problem = #expect(throws: DiscontinuityError.self) {
      try estimate(Discontinuity(cutoff: 20), running.map { 1e-310 * $0 })
    }
    if case .tooSmall(variable: "outcome", _) = problem {
    } else {
      Issue.record("\(String(describing: problem))")
    }
    var infinite = running
    infinite[3] = .infinity
    #expect(
      throws: DiscontinuityError.notFinite(variable: "running variable", row: 3, value: .infinity)
    ) { try estimate(Discontinuity(cutoff: 20), running, infinite) }
  }

  /// An outcome that is the same on a side has no best bandwidth; a given one has an answer.
  @Test func constantSidesAreNamed() throws {
    let step = running.map { $0 >= 20 ? 3.0 : 1 }
    #expect(throws: DiscontinuityError.constantOutcomeBySide(side: nil)) {
      try estimate(Discontinuity(cutoff: 20), step)
    }
    let jump = try estimate(Discontinuity(cutoff: 20, variance: .hc0, bandwidth: 8), step)
    #expect(abs(jump.robust.estimate - 2) < 1e-12)
    let half = running.map { $0 >= 20 ? Double(Int($0) * 7 % 5) : 1 }
    #expect(throws: DiscontinuityError.constantOutcomeBySide(side: .left)) {
      try estimate(Discontinuity(cutoff: 20, rule: .bySide), half)
    }
    #expect(throws: Never.self) { try estimate(Discontinuity(cutoff: 20), half) }
  }

  @Test func wording() {
    #expect(
      DiscontinuityError.cutoffOutsideData(cutoff: 50, minimum: 0, maximum: 39).description
        == "The cutoff 50.0 has no observations on both sides: the running variable goes from "
        + "0.0 to 39.0. Give a cutoff inside.")
    #expect(
      DiscontinuityError.tooFewDistinctValues(side: .left, count: 1, needed: 2, bandwidth: 1.5)
        .description
        == "Within the bandwidth 1.5 the running variable has 1 distinct values on the left of the "
        + "cutoff, expected at least 2: give a wider bandwidth.")
  }
}
