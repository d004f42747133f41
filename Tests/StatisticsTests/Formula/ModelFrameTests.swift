import RealModule
import Statistics
import Testing

@Suite struct ModelFrameTests {
  let table: DataTable

  init() throws {
    var table = DataTable(rowCount: 6)
    try table.append("y", [1, 2, 3, 4, 5, 6])
    try table.append("x", [1, 2, .nan, 4, 0, 6])
    try table.append("f", ["b", "a", "b", nil, "c", "a"])
    try table.append("one", ["k", "k", "k", "k", "k", "k"])
    try table.append("wide", [1, 2, 3, 4, .infinity, 6])
    self.table = table
  }

  private func recipe(_ formula: String) throws -> DesignRecipe {
    let frame = try ModelFrame(ModelFormula(formula), table)
    return try DesignRecipe(frame.formula.fixed, frame: frame)
  }

  @Test func rowsWithMissingValuesAreDroppedAndCounted() throws {
    let frame = try ModelFrame(ModelFormula("y ~ x + f"), table)
    #expect(frame.rows == [0, 1, 4, 5] && frame.droppedRowCount == 2)
    #expect(try ModelFrame(ModelFormula("y ~ 1"), table).rows == nil)
  }

  @Test func faultsOfTheDataAreNamed() throws {
    let unknown = #expect(throws: DesignError.self) { try recipe("y ~ z") }
    #expect(unknown?.description.contains("there is no column \"z\"") == true)
    #expect(throws: DesignError.oneLevel(variable: "one", level: "k")) { try recipe("y ~ one") }
    let frame = try ModelFrame(ModelFormula("y ~ wide + log(x)"), table)
    #expect(
      throws: DesignError.notFinite(expression: "wide", row: 4, value: "infinity")
    ) { try DesignRecipe(frame.formula.fixed, frame: frame).design(frame) }
    let logs = try ModelFrame(ModelFormula("y ~ log(x)"), table)
    #expect(
      throws: DesignError.notFinite(expression: "log(x)", row: 4, value: "-infinity")
    ) { try DesignRecipe(logs.formula.fixed, frame: logs).design(logs) }
    #expect(
      throws: DesignError.polynomialDegree(variable: "poly(y, 9)", degree: 9, distinctValues: 6)
    ) { try recipe("y ~ poly(y, 9)") }
    let text = #expect(throws: DesignError.self) { try recipe("y ~ 0 + I(f + 1)").design(frame) }
    #expect(text?.description.contains("no column") == true || text != nil)
    let nothing = #expect(throws: DesignError.self) { try recipe("y ~ 0") }
    #expect(nothing == .noColumns(formula: "y ~ 0"))
  }

  @Test func unseenLevelsOfAPredictionAreRefused() throws {
    let recipe = try recipe("y ~ f")
    var new = DataTable(rowCount: 3)
    try new.append("f", ["a", "c", "d"])
    let frame = try ModelFrame(ModelFormula("y ~ f"), new, includingResponse: false)
    #expect(
      throws: DesignError.unseenLevel(variable: "f", level: "d", row: 2, known: ["a", "b", "c"])
    ) { try recipe.design(frame) }
    var known = DataTable(rowCount: 2)
    try known.append("f", ["c", "a"])
    let fine = try ModelFrame(ModelFormula("y ~ f"), known, includingResponse: false)
    #expect(try recipe.design(fine).dense().storage == [1, 1, 0, 0, 1, 0])
  }

  /// The polynomials of the fit, not new ones, are those of a prediction.
  @Test func polynomialsArePredictedByTheirRecurrence() throws {
    let recipe = try recipe("y ~ poly(y, 3)")
    let frame = try ModelFrame(ModelFormula("y ~ poly(y, 3)"), table)
    let whole = try recipe.design(frame).dense()
    var some = DataTable(rowCount: 2)
    try some.append("y", [5, 2])
    let few = try ModelFrame(ModelFormula("y ~ poly(y, 3)"), some)
    let part = try recipe.design(few).dense()
    for column in 0..<4 {
      #expect(abs(part[0, column] - whole[4, column]) < 1e-15)
      #expect(abs(part[1, column] - whole[1, column]) < 1e-15)
    }
    let cross = whole.crossProduct()
    for r in 1..<4 {
      for c in 0..<4 { #expect(abs(cross[r, c] - (r == c ? 1 : 0)) < 1e-14) }
    }
  }
}
