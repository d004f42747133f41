import LinearAlgebra
import Statistics
import Testing

@Suite struct DesignGoldenTests {
  @Test func columnsAreThoseOfModelMatrix() throws {
    let table = try RegressionGoldens.table()
    let goldens = try RegressionGoldens.designs()
    #expect(goldens.count > 30)
    for known in goldens {
      let (recipe, design, frame) = try RegressionTables.model(known.formula, table)
      #expect(recipe.columnNames == known.names, "\(known.formula)")
      #expect(recipe.assign == known.assign, "\(known.formula)")
      #expect(frame.rowCount == known.rows, "\(known.formula)")
      let matrix = design.dense()
      for (row, values) in known.first.enumerated() {
        #expect(relativeDifference(matrix.row(row), values) < 1e-12, "\(known.formula) \(row)")
      }
      let ones = [Double](repeating: 1, count: frame.rowCount)
      let sums = design.transposeTimes(ones)
      #expect(relativeDifference(sums, known.sums) < 1e-11, "\(known.formula)")
      let squares = design.crossProduct(weights: ones).diagonal
      #expect(relativeDifference(squares, known.squares) < 1e-11, "\(known.formula)")
    }
  }

  /// Products over cells are those of the matrix with all its zeros.
  @Test(arguments: [
    "y ~ a*b*x + z", "y ~ 0 + a + factor(k):z + poly(x, 2)", "y ~ x + z", "y ~ a*h",
  ])
  func productsAreThoseOfTheDenseMatrix(formula: String) throws {
    let (_, design, frame) = try RegressionTables.model(formula, RegressionGoldens.table())
    let dense = design.dense()
    let rows = 0..<frame.rowCount
    let weights = rows.map { 0.5 + Double($0 % 7) }
    let difference = { (a: [Double], b: [Double]) in relativeDifference(a, b) }
    #expect(
      difference(
        design.crossProduct(weights: design.byPlace(weights), threads: 2).storage,
        dense.crossProduct(weights: weights).storage) < 1e-12)
    #expect(
      difference(
        design.transposeTimes(design.byPlace(weights)), dense.transposeTimes(weights)) < 1e-12)
    let coefficients = (0..<design.columnCount).map { Double($0 % 5) - 2.2 }
    #expect(
      difference(
        design.byRow(design.linearPredictor(coefficients)), dense * coefficients) < 1e-12)
    let square = dense.crossProduct()
    let forms = design.byRow(design.quadraticForms(square))
    #expect(difference(forms, rows.map { square.quadraticForm(dense.row($0)) }) < 1e-12)
  }
}
