import LinearAlgebra
import Statistics
import Testing

@Suite struct IndicatorDesignTests {
  let design = IndicatorDesign(columnCount: 4, rows: [[0], [2, 0], [], [3, 1, 0]])

  @Test func keepsOnesByRow() {
    #expect(design.rowCount == 4)
    #expect(design.rowStarts == [0, 1, 3, 3, 6])
    #expect(design.columns == [0, 0, 2, 0, 1, 3])
    #expect(Array(design.columns(ofRow: 3)) == [0, 1, 3])
    #expect(design.dense() == Matrix([[1, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 0, 1]]))
  }

  @Test func productsEqualTheDenseOnes() {
    let dense = design.dense()
    let beta = [0.5, -1, 2, 4]
    let v = [1.0, -2, 3, 0.25]
    #expect(design.linearPredictor(beta) == dense * beta)
    #expect(design.transposeTimes(v) == dense.transposeTimes(v))
    #expect(design.weightedCrossProduct(v) == dense.crossProduct(weights: v))
  }
}
