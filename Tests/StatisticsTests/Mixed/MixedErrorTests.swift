import LinearAlgebra
import Statistics
import Testing

@Suite struct MixedErrorTests {
  let world = MixedWorld.crossed(
    rows: 40, levels: [5, 4], deviations: [1, 1], noise: 1, seed: 1)

  func fit(_ data: MixedModelData) throws { _ = try LinearMixedModel(data: data).fit() }

  func data(
    response: [Double]? = nil, design: Matrix? = nil, names: [String] = ["(Intercept)", "x"],
    weights: [Double]? = nil, offset: [Double]? = nil, terms: [RandomTerm]? = nil
  ) -> MixedModelData {
    MixedModelData(
      response: response ?? world.response, fixedEffects: design ?? world.design,
      fixedNames: names, weights: weights, offset: offset, terms: terms ?? [world.term(0)])
  }

  @Test func valuesAndLengths() {
    var response = world.response
    response[7] = .nan
    #expect {
      try fit(data(response: response))
    } throws: { error in
      guard
        case MixedModelError.valueOutOfRange("response", 7, let value, "a finite number") = error
      else { return false }
      return value.isNaN
    }
    var design = world.design
    design[3, 1] = .infinity
    #expect(
      throws: MixedModelError.valueOutOfRange(
        argument: "x", row: 3, value: .infinity, expected: "a finite number")
    ) { try fit(data(design: design)) }
    #expect(throws: MixedModelError.lengthMismatch(argument: "weights", count: 2, expected: 40)) {
      try fit(data(weights: [1, 2]))
    }
    #expect(
      throws: MixedModelError.valueOutOfRange(
        argument: "weights", row: 0, value: 0, expected: "a positive number")
    ) { try fit(data(weights: [Double](repeating: 0, count: 40))) }
    #expect(throws: MixedModelError.noRandomTerms) { try fit(data(terms: [])) }
    var codes = world.groups[0]
    codes[2] = 9
    let term = RandomTerm(group: "team", codes: codes, levels: ["a", "b", "c", "d", "e"])
    #expect(throws: MixedModelError.codeOutOfRange(group: "team", row: 2, code: 9, levels: 5)) {
      try fit(data(terms: [term]))
    }
  }

  @Test func whatCannotBeEstimated() {
    let one = RandomTerm(
      group: "team", codes: [Int32](repeating: 1, count: 40), levels: ["north", "south"])
    #expect(throws: MixedModelError.oneLevel(group: "team", level: "south")) {
      try fit(data(terms: [one]))
    }
    let rows = RandomTerm(
      group: "row", codes: (0..<40).map { Int32($0) }, levels: (0..<40).map { "\($0)" })
    #expect(throws: MixedModelError.tooManyRandomEffects(group: "row", effects: 40, rows: 40)) {
      try fit(data(terms: [rows]))
    }
    #expect(throws: MixedModelError.constantResponse(value: 3)) {
      try fit(data(response: [Double](repeating: 3, count: 40)))
    }
    #expect(throws: MixedModelError.constantResponse(value: 0)) {
      try fit(data(offset: world.response))
    }
    let doubled = Matrix(
      rows: 40, columns: 3,
      storage: world.design.storage + world.covariate.map { 2 - 3 * $0 })
    #expect {
      try fit(data(design: doubled, names: ["(Intercept)", "x", "twice"]))
    } throws: { error in
      guard case MixedModelError.dependentColumns(let names) = error else { return false }
      return names.count == 1
    }
    #expect(throws: MixedModelError.dependentColumns(["x"])) {
      try fit(
        data(
          design: Matrix(
            rows: 40, columns: 2,
            storage: [Double](repeating: 1, count: 40) + [Double](repeating: 0, count: 40))))
    }
    #expect {
      try fit(data(response: world.covariate.map { 1 + 2 * $0 }))
    } throws: { error in
      guard case MixedModelError.perfectFit(let squares) = error else { return false }
      return squares < 1e-20
    }
  }

  @Test func separationIsNamed() {
    var response = [Double](repeating: 0, count: 40)
    for i in response.indices where world.covariate[i] > 0 || i % 3 == 0 { response[i] = 1 }
    let flag = Matrix(
      rows: 40, columns: 2,
      storage: [Double](repeating: 1, count: 40) + world.covariate.map { $0 > 0 ? 1 : 0 })
    let separated = MixedModelData(
      response: response, fixedEffects: flag, fixedNames: ["(Intercept)", "positive"],
      terms: [world.term(0)])
    #expect(throws: MixedModelError.separated(columns: ["positive"])) {
      try GeneralizedLinearMixedModel(data: separated, family: .binomialLogit).fit()
    }
  }

  @Test func countsAreChecked() {
    let trials = [Double](repeating: 1, count: 40)
    var response = trials
    response[0] = 0
    response[5] = 2
    #expect(throws: MixedModelError.successesAboveTrials(row: 5, successes: 2, trials: 1)) {
      try GeneralizedLinearMixedModel(data: data(response: response), family: .binomialLogit).fit()
    }
    #expect(throws: MixedModelError.constantResponse(value: 1)) {
      try GeneralizedLinearMixedModel(data: data(response: trials), family: .binomialLogit).fit()
    }
    response[5] = -1
    #expect(
      throws: MixedModelError.valueOutOfRange(
        argument: "response", row: 5, value: -1, expected: "a number of 0 or more")
    ) { try GeneralizedLinearMixedModel(data: data(response: response), family: .poissonLog).fit() }
  }

  /// Two crossed factors of tens of thousands of levels have no sparse order here.
  @Test func tooManyCrossedEffects() {
    let large = MixedWorld.crossed(
      rows: 60_000, levels: [25_000, 20_000], deviations: [1, 1], noise: 1, seed: 9)
    #expect {
      try fit(large.data([large.term(0), large.term(1)]))
    } throws: { error in
      guard case MixedModelError.tooManyCrossedEffects(["g1"], _, 16_000) = error else {
        return false
      }
      return true
    }
  }

  @Test func wordingSaysWhatToDo() {
    #expect(
      MixedModelError.oneLevel(group: "team", level: "south").description
        == "team has the one level \"south\", expected at least two: its variance cannot be told "
        + "from the intercept; drop the term.")
    #expect(
      MixedModelError.dependentColumns(["b", "c"]).description
        == "Of the fixed effects b, c can be computed from the others: drop them.")
  }
}
