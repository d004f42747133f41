import LinearAlgebra
import Testing

@Suite struct MatrixTests {
  let a = Matrix([[1, 2, 3], [4, 5, 6]])
  let b = Matrix([[1, 0], [2, -1], [0, 3]])

  @Test func storesByColumns() {
    #expect(a.storage == [1, 4, 2, 5, 3, 6])
    #expect(a[1, 2] == 6)
    #expect(Array(a.column(1)) == [2, 5])
    #expect(a.row(1) == [4, 5, 6])
    #expect(a.transposed == Matrix([[1, 4], [2, 5], [3, 6]]))
  }

  @Test func productsMatchPaper() {
    let product = Matrix([[5, 7], [14, 13]])
    #expect(a * b == product)
    #expect(Matrix.product(a.transposed, b, transposingFirst: true) == product)
    #expect(Matrix.product(a, b.transposed, transposingSecond: true) == product)
    #expect(a * [1, 0, -1] == [-2, -2])
    #expect(a.transposeTimes([1, -1]) == [-3, -3, -3])
  }

  @Test func crossProductsAreSymmetric() {
    #expect(a.crossProduct() == a.transposed * a)
    let weighted = a.crossProduct(weights: [2, -1])
    #expect(weighted == a.transposed * (Matrix(diagonal: [2, -1]) * a))
    #expect(Matrix([[2, 1], [1, 3]]).quadraticForm([1, -2]) == 10)
  }

  @Test func emptyShapesWork() {
    let none = Matrix(rows: 0, columns: 3)
    #expect(none.crossProduct() == Matrix(rows: 3, columns: 3))
    #expect(Matrix(rows: 2, columns: 0) * none == Matrix(rows: 2, columns: 3))
    #expect(none * [1, 2, 3] == [])
    #expect(none.transposeTimes([]) == [0, 0, 0])
  }

  @Test func picksAndSums() {
    #expect(a.submatrix(rows: [1], columns: [2, 0]) == Matrix([[6, 4]]))
    #expect(a + a == 2 * a)
    #expect(a - a == Matrix(rows: 2, columns: 3))
  }
}
