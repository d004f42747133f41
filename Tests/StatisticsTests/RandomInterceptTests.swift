import LinearAlgebra
import RealModule
import Statistics
import Testing

/// Uniform numbers for simulations in tests (Steele, Lea & Flood 2014, SplitMix64).
struct TestRandom {
  var state: UInt64

  mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return (Double((z ^ (z >> 31)) >> 11) + 0.5) / 9_007_199_254_740_992
  }

  mutating func normal() -> Double { NormalDistribution.quantile(uniform()) }

  mutating func binomial(_ trials: Int, _ probability: Double) -> Double {
    var successes = 0.0
    for _ in 0..<trials where uniform() < probability { successes += 1 }
    return successes
  }

  mutating func poisson(_ mean: Double) -> Double {
    let limit = Double.exp(-mean)
    var (product, count) = (uniform(), 0.0)
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }
}

@Suite struct RandomInterceptTests {
  struct World {
    var rows: [[Int]] = []
    var groups: [Int32] = []
    var successes: [Double] = []
    var trials: [Double] = []
  }

  func world(groups: Int, scale: Double, seed: UInt64) -> World {
    var random = TestRandom(state: seed)
    var world = World()
    for group in 0..<groups {
      let intercept = scale * random.normal()
      for flag in 0..<2 {
        let trials = 5 + Int(20 * random.uniform())
        let p = logistic(-1 + 0.7 * Double(flag) + intercept)
        world.rows.append(flag == 1 ? [0, 1] : [0])
        world.groups.append(Int32(group))
        world.successes.append(random.binomial(trials, p))
        world.trials.append(Double(trials))
      }
    }
    return world
  }

  func fit(_ world: World, groups: Int) throws -> RandomInterceptFit {
    try RandomInterceptLogistic(
      design: indicatorDesign(world.rows, columns: 2), groups: world.groups, groupCount: groups
    ).fit(successes: world.successes, trials: world.trials)
  }

  @Test func thousandsOfGroupsRecoverTheTruth() throws {
    let fit = try fit(world(groups: 4000, scale: 0.8, seed: 3), groups: 4000)
    #expect(fit.converged)
    let errors = try fit.covariance().diagonal.map { $0.squareRoot() }
    // Four standard errors: a wrong answer is far outside, chance is not.
    #expect(abs(fit.coefficients[0] + 1) < 4 * errors[0])
    #expect(abs(fit.coefficients[1] - 0.7) < 4 * errors[1])
    #expect(abs(fit.groupStandardDeviation - 0.8) < 0.06)
    #expect(fit.conditionalVariances.allSatisfy { $0 > 0 && $0 < 0.65 })
  }

  @Test func groupsAlikeGiveNoVariance() throws {
    var world = World()
    for group in 0..<50 {
      for flag in 0..<2 {
        world.rows.append(flag == 1 ? [0, 1] : [0])
        world.groups.append(Int32(group))
        world.successes.append(flag == 1 ? 5 : 2)
        world.trials.append(10)
      }
    }
    let fit = try fit(world, groups: 50)
    #expect(fit.converged)
    #expect(fit.isSingular)
    #expect(relativeDifference(fit.coefficients, [Double.log(0.25), Double.log(4)]) < 1e-5)
    #expect(fit.conditionalModes.allSatisfy { abs($0) < 1e-5 })
  }

  /// The Schur complement by the dense matrix it stands for.
  @Test func informationEliminatesTheGroups() throws {
    let world = world(groups: 6, scale: 1, seed: 8)
    let fit = try fit(world, groups: 6)
    let weights = world.trials.indices.map {
      world.trials[$0] * fit.probabilities[$0] * (1 - fit.probabilities[$0])
    }
    var whole = Matrix(rows: world.rows.count, columns: 8)
    for (row, columns) in world.rows.enumerated() {
      for column in columns { whole[row, column] = 1 }
      whole[row, 2 + Int(world.groups[row])] = 1
    }
    var information = whole.crossProduct(weights: weights)
    let precision = 1 / (fit.groupStandardDeviation * fit.groupStandardDeviation)
    information.addToDiagonal([0, 0] + [Double](repeating: precision, count: 6))
    let inverse = try CholeskyFactor(information).inverse()
    let covariance = try fit.covariance()
    #expect(
      relativeDifference(
        covariance.storage, inverse.submatrix(rows: [0, 1], columns: [0, 1]).storage) < 1e-8)
  }

  @Test func emptyGroupsAndSeparationAreFinite() throws {
    var world = world(groups: 40, scale: 0.5, seed: 5)
    for row in world.rows.indices where world.rows[row] == [0, 1] { world.successes[row] = 0 }
    let fit = try fit(world, groups: 45)
    #expect(fit.separatedColumns == [1])
    #expect(fit.coefficients.allSatisfy { abs($0) < 20 })
    #expect(fit.conditionalModes[44] == 0)
    #expect(fit.converged)
  }

  @Test func unknownGroupsAreNamed() {
    #expect(
      throws: RegressionError.valueOutOfRange(
        argument: "groups", row: 1, value: 3, expected: "a group from 0 to 2")
    ) {
      try RandomInterceptLogistic(
        design: indicatorDesign([[0], [0]], columns: 1), groups: [0, 3], groupCount: 3
      ).fit(successes: [1, 1], trials: [2, 2])
    }
  }
}
