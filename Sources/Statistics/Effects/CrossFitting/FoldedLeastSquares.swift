/// Least squares of the outcome in one arm, fitted outside each fold from sums by fold.
struct FoldedLeastSquares {
  /// Coefficients of each fold, in the gathered columns.
  let coefficients: [[Double]]

  init(_ products: FoldedProducts, treated: Bool) throws(EffectError) {
    var fits: [[Double]] = []
    for fold in 0..<products.folds {
      let outside = products.outside(fold, treated: treated)
      let factor = try ridgeFactor(outside.cross, products.width, perRow: outside.cross[0])
      fits.append(factor.solve(outside.products))
    }
    coefficients = fits
  }
}
