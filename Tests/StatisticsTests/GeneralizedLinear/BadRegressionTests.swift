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

  /// Rows without weight are not there: neither are clusters that only they have.
  @Test func clustersWithoutWeightAreNone() throws {
    func data(_ count: Int) throws -> DataTable {
      var data = try table(
        [
          ("y", [1, 2, 4, 3, 6, 5]), ("x", [1, 2, 3, 5, 4, 7]), ("w", [1, 1, 1, 1, 1, 0]),
          ("v", [1, 1, 1, 0, 0, 0]),
        ].map { ($0.0, Array($0.1.prefix(count))) })
      try data.append("c", Array(["k", "k", "l", "m", "m", "n"].prefix(count)))
      try data.append("d", Array(["k", "k", "k", "m", "m", "n"].prefix(count)))
      return data
    }
    var request = RegressionRequest(
      formula: try ModelFormula("y ~ x"), weights: "w", further: ["c", "d"])
    let covariance = try request.fit(data(6)).covariance(.clustered(["c"]))
    #expect(covariance.clusterCounts == [3])
    let without = try request.fit(data(5)).covariance(.clustered(["c"]))
    #expect(
      relativeDifference(covariance.matrix.diagonal, without.matrix.diagonal) < 1e-12)
    request.weights = "v"
    let fit = try request.fit(data(6))
    #expect(throws: RegressionFault.fit(.tooFewClusters(name: "d", clusters: 1))) {
      try fit.covariance(.clustered(["d"]))
    }
  }

  /// A response that alone decides a coefficient has no residual, whatever rounding leaves of it.
  @Test(arguments: [RobustCovariance.hc2, .hc3], [false, true])
  func leverageOfOneIsNamed(kind: RobustCovariance, usesCells: Bool) throws {
    var data = try table([("y", [1.1, 2.3, 4.7, 3.1, 6.9, 5.3])])
    try data.append("s", ["a", "a", "b", "solo", "b", "b"])
    let fit = try RegressionRequest(formula: ModelFormula("y ~ s"), usesCells: usesCells).fit(data)
    #expect(fit.isFromCells == usesCells)
    let fault = #expect(throws: RegressionFault.self) { try fit.covariance(.robust(kind)) }
    #expect(fault == .fit(.leverageOfOne(row: 3, kind: kind.rawValue)))
    #expect(fault?.row == 3)
    #expect(try fit.covariance(.robust(.hc1)).matrix[0, 0] > 0)
  }

  @Test func countsBelongToBinomials() throws {
    let data = try table([("y", [1, 2, 4, 3]), ("z", [2, 2, 1, 3]), ("x", [1, 2, 3, 5])])
    for family in [Family.gaussian, .poisson, .quasipoisson, .gamma] {
      let fault = #expect(throws: RegressionFault.self) {
        try RegressionRequest(formula: ModelFormula("cbind(y, z) ~ x"), family: family).fit(data)
      }
      #expect(fault?.description.contains("only binomial") == true)
    }
  }

  /// Squares of such values are infinite, or zero.
  @Test(arguments: ["y ~ x", "y ~ poly(x, 2)", "x ~ y", "y ~ I(x * 2)"], [1e200, 1e-200])
  func sizesThatCannotBeSquaredAreNamed(formula: String, unit: Double) throws {
    let data = try table([
      ("y", [1, 2, 4, 3, 7]), ("x", [1, 2, 3, 5, 4].map { $0 * unit }),
    ])
    let fault = #expect(throws: RegressionFault.self) {
      try RegressionRequest(formula: ModelFormula(formula)).fit(data)
    }
    guard case .design(.outOfScale(_, row: 3, _)) = fault else {
      Issue.record("\(fault.map { "\($0)" } ?? "no fault")")
      return
    }
    #expect(fault?.row == 3)
  }

  /// Sums that come out exactly leave nothing but rounding, at which a fit has to end.
  @Test(arguments: [Family.gaussian, .gamma])
  func allButExactFitsEnd(family: Family) throws {
    let rows = 70_000
    let x = (0..<rows).map { Double($0 * 37 % 1_009) / 100 }
    let z = (0..<rows).map { Double($0 * 53 % 997) / 1_000 }
    let link: Link = family == .gamma ? .log : .identity
    let eta = zip(x, z).map { 3 + 0.25 * $0 - 0.5 * $1 }
    let y = eta.enumerated().map { row, value in
      family == .gamma ? Double.exp(value) * (1 + 1e-7 * Double(row % 7 - 3)) : value
    }
    let fit = try RegressionRequest(
      formula: ModelFormula("y ~ x + z"), family: family, link: link, usesCells: false
    ).fit(table([("x", x), ("z", z), ("y", y)])).fit
    #expect(relativeDifference(fit.coefficients, [3, 0.25, -0.5]) < 1e-7)
  }

  /// The data have nothing left, which is said at once and not after a hundred iterations.
  @Test func asManyLevelsAsRowsLeaveNothing() throws {
    let values = (0..<40).map(Double.init)
    let data = try table([("x", values), ("y", values.map { $0 * $0 / 7 })])
    #expect(
      try fault("y ~ factor(x)", data) == .noResidualDegreesOfFreedom(rows: 40, coefficients: 40))
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
