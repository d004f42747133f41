import LinearAlgebra
import Statistics

/// Data with known effects for tests of mixed models.
struct MixedWorld {
  var response: [Double] = []
  var covariate: [Double] = []
  var groups: [[Int32]] = []
  var trials: [Double] = []

  /// Rows × (1, x).
  var design: Matrix {
    Matrix(
      rows: response.count, columns: 2,
      storage: [Double](repeating: 1, count: response.count) + covariate)
  }

  func term(_ place: Int, slope: Bool = false) -> RandomTerm {
    let levels = (0...Int(groups[place].max() ?? 0)).map { "\($0)" }
    return slope
      ? RandomTerm(
        group: "g\(place)", codes: groups[place], levels: levels, covariates: design,
        covariateNames: ["(Intercept)", "x"])
      : RandomTerm(group: "g\(place)", codes: groups[place], levels: levels)
  }

  func data(_ terms: [RandomTerm], trials: [Double]? = nil) -> MixedModelData {
    MixedModelData(
      response: response, fixedEffects: design, fixedNames: ["(Intercept)", "x"], trials: trials,
      terms: terms)
  }

  /// Rows whose groups cross at random, with y = 1 + 0.5 x + effects (+ noise).
  static func crossed(
    rows: Int, levels: [Int], deviations: [Double], noise: Double?, seed: UInt64
  ) -> MixedWorld {
    var random = TestRandom(state: seed)
    var world = MixedWorld()
    let effects = zip(levels, deviations).map { count, deviation in
      (0..<count).map { _ in deviation * random.normal() }
    }
    world.groups = [[Int32]](repeating: [], count: levels.count)
    for _ in 0..<rows {
      let x = random.normal()
      var predictor = (noise == nil ? -0.5 : 1) + 0.5 * x
      for t in levels.indices {
        let level = min(Int(Double(levels[t]) * random.uniform()), levels[t] - 1)
        world.groups[t].append(Int32(level))
        predictor += effects[t][level]
      }
      world.covariate.append(x)
      if let noise {
        world.response.append(predictor + noise * random.normal())
      } else {
        world.response.append(random.uniform() < logistic(predictor) ? 1 : 0)
      }
    }
    return world
  }

  /// A balanced layout: every combination of levels `repeats` times, with no covariate.
  static func balanced(_ levels: [Int], repeats: Int, deviations: [Double], seed: UInt64)
    -> MixedWorld
  {
    var random = TestRandom(state: seed)
    var world = MixedWorld()
    let effects = zip(levels, deviations).map { count, deviation in
      (0..<count).map { _ in deviation * random.normal() }
    }
    world.groups = [[Int32]](repeating: [], count: levels.count)
    let cells = levels.reduce(1, *)
    for cell in 0..<cells * repeats {
      var rest = cell / repeats
      var value = 10.0
      for t in levels.indices {
        world.groups[t].append(Int32(rest % levels[t]))
        value += effects[t][rest % levels[t]]
        rest /= levels[t]
      }
      world.response.append(value + random.normal())
    }
    return world
  }

  /// The balanced layout's data: an intercept and one term a factor.
  func interceptData(_ terms: [RandomTerm]) -> MixedModelData {
    MixedModelData(
      response: response, fixedEffects: Matrix(rows: response.count, columns: 1, repeating: 1),
      fixedNames: ["(Intercept)"], terms: terms)
  }
}
