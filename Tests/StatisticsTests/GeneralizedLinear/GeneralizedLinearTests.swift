import LinearAlgebra
import RealModule
import Statistics
import Testing

@Suite struct GeneralizedLinearTests {
  /// A 2 × 2 table: successes and failures without and with the exposure.
  private func table(
    _ without: (Double, Double), _ with: (Double, Double)
  ) throws -> DataTable {
    var table = DataTable(rowCount: 2)
    try table.append("x", [0, 1])
    try table.append("won", [without.0, with.0])
    try table.append("lost", [without.1, with.1])
    return table
  }

  private func fit(
    _ formula: String, _ table: DataTable, _ family: Family, link: Link? = nil,
    penalty: Penalty = .none, weights: String? = nil, usesCells: Bool? = nil
  ) throws -> RegressionFit {
    try RegressionRequest(
      formula: ModelFormula(formula), family: family, link: link, penalty: penalty,
      weights: weights, further: [], usesCells: usesCells, threads: 2
    ).fit(table)
  }

  @Test func twoByTwoTableGivesLogOdds() throws {
    let fit = try fit("cbind(won, lost) ~ x", table((10, 40), (30, 30)), .binomial).fit
    #expect(relativeDifference(fit.coefficients, [Double.log(0.25), Double.log(4)]) < 1e-12)
    // Woolf: the variance of a log odds ratio is the sum of the reciprocal counts.
    let variance = 1.0 / 10 + 1.0 / 40 + 1.0 / 30 + 1.0 / 30
    #expect(abs(fit.covariance[1, 1] - variance) < 1e-12)
    #expect(abs(fit.deviance) < 1e-10)
  }

  /// In a saturated table Firth's penalty adds one half to each cell (Firth 1993, section 3.2).
  @Test(arguments: [[10.0, 40, 30, 30], [10, 40, 0, 20], [0, 25, 12, 0]])
  func firthAddsOneHalfToEachCell(cells: [Double]) throws {
    let table = try table((cells[0], cells[1]), (cells[2], cells[3]))
    let fit = try fit("cbind(won, lost) ~ x", table, .binomial, penalty: .firth).fit
    let first = Double.log((cells[0] + 0.5) / (cells[1] + 0.5))
    let second = Double.log((cells[2] + 0.5) / (cells[3] + 0.5))
    #expect(relativeDifference(fit.coefficients, [first, second - first]) < 1e-10)
  }

  /// At the estimate Σ (yᵢ − mᵢπᵢ + hᵢ(½ − πᵢ)) xᵢ is zero, with h from a hat matrix of our own.
  @Test func firthSolvesItsScore() throws {
    let data = try RegressionGoldens.table()
    let result = try fit("yes ~ x + a + b + log(z)", data, .binomial, penalty: .firth)
    let matrix = try result.recipe.design(result.frame).dense()
    let means = (matrix * result.fit.coefficients).map(logistic)
    let weights = means.map { $0 * (1 - $0) }
    let inverse = try CholeskyFactor(matrix.crossProduct(weights: weights)).inverse()
    let response = try result.frame.numbers("yes", role: "the response")
    let scores = means.indices.map { row in
      response[row] - means[row]
        + weights[row] * inverse.quadraticForm(matrix.row(row)) * (0.5 - means[row])
    }
    #expect(matrix.transposeTimes(scores).allSatisfy { abs($0) < 1e-10 })
  }

  @Test func firthMakesPoissonCountsFinite() throws {
    var table = DataTable(rowCount: 2)
    try table.append("x", [0, 1])
    try table.append("y", [7, 0])
    let fit = try fit("y ~ x", table, .poisson, penalty: .firth).fit
    // A saturated Poisson model gets one half more in each cell.
    #expect(
      relativeDifference(fit.coefficients, [Double.log(7.5), Double.log(0.5 / 7.5)]) < 1e-10)
  }

  @Test func ridgeSolvesItsScore() throws {
    let data = try RegressionGoldens.table()
    for (family, formula) in [
      (Family.binomial, "yes ~ x + a + b"), (.gaussian, "y ~ x + a"), (.poisson, "count ~ x + a"),
    ] {
      let result = try fit(formula, data, family, penalty: .ridge(2.5))
      let design = try result.recipe.design(result.frame)
      let response = try result.frame.numbers(
        String(formula.prefix { $0 != " " }), role: "the response")
      let residuals = zip(response, result.fit.means).map { $0 - $1 }
      let score = design.transposeTimes(design.byPlace(residuals))
      for j in 1..<score.count {
        #expect(abs(score[j] - 2.5 * result.fit.coefficients[j]) < 1e-8)
      }
      #expect(abs(score[0]) < 1e-8)
    }
  }

  @Test func separationIsFoundAndNamed() throws {
    var table = DataTable(rowCount: 12)
    try table.append("y", [0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1])
    try table.append("g", (0..<12).map { $0 < 4 ? "a" : $0 < 8 ? "b" : "c" })
    try table.append("x", (0..<12).map { Double($0 * 7 % 12) })
    try table.append("s", (0..<12).map { [0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1][$0] * 3 + 0.5 })
    let quasi = #expect(throws: RegressionFault.self) { try fit("y ~ g + x", table, .binomial) }
    #expect(
      quasi == .fit(.separation(columns: ["gc"], terms: ["g"], isComplete: false)),
      "\(quasi.map { "\($0)" } ?? "")")
    let complete = #expect(throws: RegressionFault.self) { try fit("y ~ s + x", table, .binomial) }
    guard case .fit(.separation(_, let terms, let isComplete)) = complete else {
      Issue.record("\(complete.map { "\($0)" } ?? "no error")")
      return
    }
    #expect(terms.first == "s" && isComplete)
    for link in [Link.probit, .cloglog] {
      let other = #expect(throws: RegressionFault.self) {
        try fit("y ~ g", table, .binomial, link: link)
      }
      #expect(other?.description.contains("The term g separates the data") == true, "\(link)")
    }
    #expect(try fit("y ~ g + x", table, .binomial, penalty: .firth).fit.coefficients[2] < 10)
    #expect(try fit("y ~ g + x", table, .binomial, penalty: .ridge(1)).fit.coefficients[2] < 10)
  }

  @Test func countsWithoutEventsAreSeparation() throws {
    var table = DataTable(rowCount: 6)
    try table.append("y", [3, 5, 0, 0, 0, 0])
    try table.append("g", ["a", "a", "b", "b", "b", "b"])
    #expect(
      throws: RegressionFault.fit(
        .separation(columns: ["gb"], terms: ["g"], isComplete: false))
    ) { try fit("y ~ g", table, .poisson) }
  }

  /// Rare events are far from zero, and no separation.
  @Test func rareEventsAreNoSeparation() throws {
    let result = try fit("cbind(won, lost) ~ x", table((1, 9_999_999), (3, 5_000_000)), .binomial)
    #expect(abs(result.fit.coefficients[0] - Double.log(1 / 9_999_999)) < 1e-6)
  }

  @Test(arguments: [
    (Family.binomial, "yes ~ k + a + b"), (.quasibinomial, "yes ~ factor(k)*b"),
    (.poisson, "count ~ a + k"), (.quasipoisson, "count ~ a"), (.gaussian, "y ~ k + b"),
    (.gamma, "time ~ a + b"),
  ])
  func cellsGiveWhatRowsGive(family: Family, formula: String) throws {
    let data = try RegressionGoldens.table()
    let request = { (usesCells: Bool) in
      try RegressionRequest(
        formula: ModelFormula(formula), family: family, further: ["g", "h"], usesCells: usesCells,
        threads: 2
      ).fit(data)
    }
    let (rows, cells) = (try request(false), try request(true))
    #expect(cells.isFromCells && !rows.isFromCells)
    #expect(relativeDifference(cells.fit.coefficients, rows.fit.coefficients) < 1e-10)
    #expect(abs(cells.fit.deviance / rows.fit.deviance - 1) < 1e-10)
    #expect(abs((cells.fit.nullDeviance ?? 0) / (rows.fit.nullDeviance ?? 1) - 1) < 1e-10)
    #expect(abs(cells.fit.dispersion / rows.fit.dispersion - 1) < 1e-10)
    #expect(abs((cells.fit.logLikelihood ?? 1) / (rows.fit.logLikelihood ?? 1) - 1) < 1e-10)
    #expect(cells.fit.residualDegreesOfFreedom == rows.fit.residualDegreesOfFreedom)
    var kinds = RobustCovariance.allCases.map { RegressionFit.Errors.robust($0) }
    kinds += [.model, .clustered(["g"]), .clustered(["g", "h"])]
    for kind in kinds {
      let (a, b) = (try cells.covariance(kind).matrix, try rows.covariance(kind).matrix)
      #expect(relativeDifference(a.storage, b.storage) < 1e-10, "\(kind)")
    }
  }

  /// Twice the data have half the variance, and cluster as one.
  @Test func weightsCountRows() throws {
    let data = try RegressionGoldens.table()
    let weighted = try fit("count ~ x + a", data, .poisson, weights: "k").fit
    var rows: [Int] = []
    guard case .numbers(let k) = data["k"] else { return }
    for (row, times) in k.values.enumerated() { rows += [Int](repeating: row, count: Int(times)) }
    var repeated = DataTable(rowCount: rows.count)
    for name in ["count", "x"] {
      guard case .numbers(let numbers) = data[name] else { return }
      try repeated.append(name, rows.map { numbers.values[$0] })
    }
    guard case .text(let a) = data["a"] else { return }
    try repeated.append("a", rows.map { a.codes[$0] < 0 ? nil : a.levels[Int(a.codes[$0])] })
    let plain = try fit("count ~ x + a", repeated, .poisson).fit
    #expect(relativeDifference(weighted.coefficients, plain.coefficients) < 1e-10)
    #expect(relativeDifference(weighted.standardErrors, plain.standardErrors) < 1e-10)
  }

  /// Powers of a variable far from zero are hopeless for cross products; the answer is still that
  /// of orthogonal polynomials.
  @Test func illConditionedDesignsKeepTheirDigits() throws {
    let data = try RegressionGoldens.table()
    let raw = try fit("yes ~ I(z + 50) + I((z + 50)^2) + I((z + 50)^3)", data, .binomial)
    #expect(raw.fit.path.solution == .orthogonalized)
    let smooth = try fit("yes ~ poly(z, 3)", data, .binomial)
    #expect(abs(raw.fit.deviance / smooth.fit.deviance - 1) < 1e-10)
    #expect(relativeDifference(raw.fit.means, smooth.fit.means) < 1e-8)
  }
}
