import LinearAlgebra
import Testing

/// The Hilbert matrix, whose inverse is whole numbers and whose condition grows like e^3.5n.
func hilbert(_ n: Int) -> Matrix {
  var matrix = Matrix(rows: n, columns: n)
  for c in 0..<n {
    for r in 0..<n { matrix[r, c] = 1 / Double(r + c + 1) }
  }
  return matrix
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).map { abs($0 - $1) }.max() ?? 0
}

@Suite struct FactorTests {
  let positive = Matrix([[4, 12, -16], [12, 37, -43], [-16, -43, 98]])

  @Test func choleskyOfKnownMatrix() throws {
    let factor = try CholeskyFactor(positive)
    #expect(factor.lower == Matrix([[2, 0, 0], [6, 1, 0], [-8, 5, 3]]))
    // det = (2·1·3)².
    #expect(abs(factor.logDeterminant - 3.58351893845611) < 1e-14)
    let x = factor.solve([0, 13, -11])
    #expect(largestDifference(positive * x, [0, 13, -11]) < 1e-12)
    #expect(
      largestDifference((positive * factor.inverse()).storage, Matrix.identity(3).storage) < 1e-11)
    let y = factor.solveLower([2, 7, -2])
    #expect(largestDifference(factor.lower * y, [2, 7, -2]) < 1e-14)
  }

  @Test func choleskyReadsTheLowerTriangleOnly() throws {
    var lower = positive
    lower[0, 1] = .nan
    lower[0, 2] = 99
    lower[1, 2] = -99
    #expect(try CholeskyFactor(lower).lower == CholeskyFactor(positive).lower)
  }

  @Test func choleskyNamesTheFailingMinor() {
    #expect(throws: LinearAlgebraError.notPositiveDefinite(leadingMinor: 2)) {
      try CholeskyFactor(Matrix([[1, 2], [2, 1]]))
    }
    #expect(throws: LinearAlgebraError.notFinite(position: 2)) {
      try CholeskyFactor(Matrix([[1, 0], [0, .nan]]))
    }
  }

  @Test func hilbertInverseIsWhole() throws {
    let inverse = try CholeskyFactor(hilbert(5)).inverse()
    let corner = [25.0, -300, 1050, -1400, 630]
    // Condition 4.8e5, so about 1e-11 relative is what doubles can give.
    for (entry, known) in zip(inverse.column(0), corner) {
      #expect(abs(entry / known - 1) < 1e-10)
    }
    let general = try LUFactor(hilbert(5)).inverse()
    for (entry, known) in zip(general.column(0), corner) {
      #expect(abs(entry / known - 1) < 1e-10)
    }
  }

  @Test func luSolvesBothWays() throws {
    let matrix = Matrix([[0, 2, 1], [1, -1, 0], [3, 0, 4]])
    let factor = try LUFactor(matrix)
    let x = factor.solve([5, -1, 15])
    #expect(largestDifference(matrix * x, [5, -1, 15]) < 1e-13)
    let y = factor.solveTransposed([5, -1, 15])
    #expect(largestDifference(matrix.transposeTimes(y), [5, -1, 15]) < 1e-13)
    // |det| = |0·(−4) − 2·(4 − 0) + 1·(0 + 3)| = 5.
    #expect(abs(factor.logAbsoluteDeterminant - 1.6094379124341003) < 1e-14)
  }

  @Test func luNamesTheZeroPivot() {
    #expect(throws: LinearAlgebraError.singular(pivot: 2)) {
      try LUFactor(Matrix([[1, 2], [2, 4]]))
    }
  }

  @Test func leastSquaresOfALine() throws {
    let design = Matrix([[1, 0], [1, 1], [1, 2], [1, 3]])
    let qr = try PivotedQR(design)
    let fit = qr.leastSquares([1, 3, 2, 6])
    // Normal equations by hand: slope 7/5, intercept 9/10, residuals 0.1, 0.7, −1.7, 0.9.
    #expect(largestDifference(fit.coefficients, [0.9, 1.4]) < 1e-14)
    #expect(abs(fit.residualSumOfSquares - 4.2) < 1e-13)
    #expect(fit.droppedColumns == [])
    let inverse = try LUFactor(design.crossProduct()).inverse()
    #expect(largestDifference(qr.crossProductInverse().storage, inverse.storage) < 1e-14)
  }

  @Test func dependentColumnsAreDropped() throws {
    let design = Matrix([[1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1]])
    let qr = try PivotedQR(design)
    #expect(qr.rank == 2)
    let fit = qr.leastSquares([1, 3, 5, 7])
    #expect(fit.droppedColumns.count == 1)
    #expect(fit.coefficients[fit.droppedColumns[0]] == 0)
    #expect(largestDifference(design * fit.coefficients, [2, 2, 6, 6]) < 1e-14)
    #expect(abs(fit.residualSumOfSquares - 4) < 1e-13)
  }

  @Test func eigenvaluesOfTheSecondDifference() throws {
    let n = 6
    var matrix = Matrix(rows: n, columns: n)
    for i in 0..<n {
      matrix[i, i] = 2
      if i > 0 { (matrix[i, i - 1], matrix[i - 1, i]) = (-1, -1) }
    }
    let eigen = try SymmetricEigen(matrix)
    // 2 − 2cos(kπ/7), k = 1 … 6.
    let known = [
      0.19806226419516171, 0.7530203962825331, 1.5549581320873712, 2.445041867912629,
      3.246979603717467, 3.8019377358048385,
    ]
    #expect(largestDifference(eigen.values, known) < 1e-14)
    let rebuilt = Matrix.product(
      eigen.vectors * Matrix(diagonal: eigen.values), eigen.vectors, transposingSecond: true)
    #expect(largestDifference(rebuilt.storage, matrix.storage) < 1e-13)
  }

  @Test func emptyMatricesFactor() throws {
    #expect(try CholeskyFactor(Matrix(rows: 0, columns: 0)).logDeterminant == 0)
    #expect(try SymmetricEigen(Matrix(rows: 0, columns: 0)).values == [])
    let qr = try PivotedQR(Matrix(rows: 3, columns: 0))
    #expect(qr.rank == 0)
    #expect(qr.leastSquares([1, 2, 2]).residualSumOfSquares == 9)
  }

  @Test func errorsSayWhatToDo() {
    #expect(
      LinearAlgebraError.notPositiveDefinite(leadingMinor: 2).description
        == "The matrix is not positive definite: its leading minor of order 2 is not positive. "
        + "Column 2 depends linearly on the ones before it; drop it or add a ridge.")
    #expect(
      LinearAlgebraError.singular(pivot: 3).description
        == "The matrix is singular: pivot 3 is zero. "
        + "Drop a column that others determine, or add a ridge.")
    #expect(LinearAlgebraError.notFinite(position: 1).description.contains("position 1"))
    #expect(
      LinearAlgebraError.eigenvaluesNotFound(offDiagonals: 4).description.contains("4 off-diag"))
  }
}
