import Statistics
import Testing

@Suite struct BadRegressionTests {
  private func table(_ columns: [(String, [Double])]) throws -> DataTable {
    var table = DataTable(rowCount: columns[0].1.count)
    for (name, values) in columns { try table.append(name, values) }
    return table
  }

  private func fault(
    _ formula: String, _ table: DataTable, _ family: Family = .gaussian, weights: String? = nil,
    link: Link? = nil, penalty: Penalty = .none
  ) throws -> GeneralizedLinearError? {
    let request = RegressionRequest(
      formula: try ModelFormula(formula), family: family, link: link, penalty: penalty,
      weights: weights)
    do {
      _ = try request.fit(table)
      return nil
    } catch .fit(let error) {
      return error
    }
  }

  @Test func valuesOutsideTheFamilyAreNamedByRow() throws {
    let data = try table([("y", [0.5, 2, 1]), ("x", [1, 2, 4])])
    #expect(
      try fault("y ~ x", data, .binomial)
        == .response(row: 1, value: 2, family: "binomial", expected: "a number from 0 to 1"))
    let negative = try table([("y", [1, -2, 1]), ("x", [1, 2, 4])])
    #expect(
      try fault("y ~ x", negative, .poisson)?.description
        == "The response of row 2 is -2.0, expected a finite number of 0 or more for the family "
        + "poisson: correct or drop the row.")
    #expect(try fault("y ~ x", data, weights: "y") == nil)
    #expect(
      try fault("y ~ x", data, link: .logit)
        == .unsupportedLink(
          family: "gaussian", link: "logit", links: ["identity", "log", "inverse"]))
  }

  @Test func thingsWithNothingToFitAreRefused() throws {
    let constant = try table([("y", [3, 3, 3, 3]), ("x", [1, 2, 3, 4]), ("w", [0, 0, 0, 0])])
    #expect(try fault("y ~ x", constant) == .constantResponse(value: 3, rows: 4))
    #expect(try fault("x ~ y + w", constant, weights: "w") == .allWeightsZero)
    let ones = try table([("y", [1, 1, 1, 1]), ("x", [1, 2, 3, 4])])
    #expect(try fault("y ~ x", ones, .binomial) == .constantResponse(value: 1, rows: 4))
    let few = try table([
      ("y", [1, 2, 4]), ("x", [1, 2, 3]), ("z", [5, 1, 2]), ("v", [2, 1, 9]),
    ])
    #expect(
      try fault("y ~ x + z + v", few) == .fewerRowsThanColumns(rows: 3, columns: 4))
    #expect(
      try fault("y ~ x + z", few) == .noResidualDegreesOfFreedom(rows: 3, coefficients: 3))
    #expect(
      try fault("y ~ x", few, .gamma, penalty: .firth)
        == .unsupportedFirth(family: "gamma", link: "log"))
  }

  @Test func oneClusterIsRefused() throws {
    var data = try table([("y", [1, 2, 4, 3, 6]), ("x", [1, 2, 3, 5, 4])])
    try data.append("c", ["k", "k", "k", "k", "k"])
    let fit = try RegressionRequest(formula: ModelFormula("y ~ x"), further: ["c"]).fit(data)
    #expect(throws: RegressionFault.fit(.tooFewClusters(name: "c", clusters: 1))) {
      try fit.table(.clustered(["c"]))
    }
    #expect(throws: RegressionFault.self) { try fit.table(.clustered(["d"])) }
  }

  @Test func equidispersedCountsHaveNoTheta() throws {
    let data = try table([("y", [3, 4, 3, 4, 3, 4]), ("x", [1, 2, 3, 4, 5, 6])])
    let error = try fault("y ~ x", data, .negativeBinomial(theta: 1))
    #expect(error?.description.contains("Use the family poisson") == true)
  }

  @Test func divergenceHasItsNumbers() throws {
    let data = try RegressionGoldens.table()
    let request = RegressionRequest(
      formula: try ModelFormula("yes ~ x + a"), family: .binomial, link: .probit,
      maximumIterations: 2)
    let error = #expect(throws: RegressionFault.self) { try request.fit(data) }
    #expect(error?.description.hasPrefix("No convergence in 2 iterations") == true)
  }
}
