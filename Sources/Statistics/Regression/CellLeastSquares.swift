import LinearAlgebra

/// Least squares of a number on a design of indicators, from the cells' counts and sums.
///
/// Each column carries a ridge of 1e-10 of its weight (of 1 where it has none), as in
/// `PoissonRegression`, so that empty and dependent columns have an answer.
public struct CellLeastSquares: Sendable {
  public let design: IndicatorDesign

  public init(design: IndicatorDesign) { self.design = design }

  public struct Fit: Sendable, Equatable {
    public let coefficients: [Double]
    /// x β per cell.
    public let means: [Double]
    /// XᵀWX, without the ridge.
    public let crossProduct: Matrix
  }

  /// Fits to the cells' weights (units) and weighted sums of the response.
  public func fit(weights: [Double], sums: [Double]) throws(RegressionError) -> Fit {
    let rows = design.rowCount
    try RegressionInput.requireNonNegative("weights", weights, rows: rows, mustHaveData: true)
    try RegressionInput.requireFinite("sums", sums, count: rows)
    let crossProduct = design.weightedCrossProduct(weights)
    var ridged = crossProduct
    ridged.addToDiagonal(
      crossProduct.diagonal.map {
        PoissonRegression.minimumRelativeRidge * ($0 > 0 ? $0 : 1)
      })
    do {
      let coefficients = try CholeskyFactor(ridged).solve(design.transposeTimes(sums))
      return Fit(
        coefficients: coefficients, means: design.linearPredictor(coefficients),
        crossProduct: crossProduct)
    } catch {
      throw .information(error)
    }
  }
}
