import LinearAlgebra

/// Least squares of the outcome in one arm, fitted outside each fold from sums by fold.
struct FoldedLeastSquares {
  /// Coefficients of each fold, in the gathered columns.
  let coefficients: [[Double]]

  private struct Sums: Sendable {
    var cross: [Double]
    var products: [Double]
  }

  init(_ rows: FoldedRows, treated: Bool) throws(EffectError) {
    let width = rows.width
    let tasks = rows.tasks.filter { rows.group(of: $0).treated == treated }
    let partial = rows.map(tasks) { FoldedLeastSquares.sums(rows, $0) }
    let zero = Sums(
      cross: [Double](repeating: 0, count: width * width),
      products: [Double](repeating: 0, count: width))
    var byFold = [Sums](repeating: zero, count: rows.folds)
    for (task, sums) in zip(tasks, partial) {
      let fold = rows.group(of: task).fold
      addTo(&byFold[fold].cross, sums.cross)
      addTo(&byFold[fold].products, sums.products)
    }
    var total = zero
    for sums in byFold {
      addTo(&total.cross, sums.cross)
      addTo(&total.products, sums.products)
    }
    var fits: [[Double]] = []
    for sums in byFold {
      var outside = total
      addTo(&outside.cross, sums.cross, times: -1)
      addTo(&outside.products, sums.products, times: -1)
      fits.append(try ridgeSolution(outside.cross, outside.products, width))
    }
    coefficients = fits
  }

  private static func sums(_ rows: FoldedRows, _ task: Range<Int>) -> Sums {
    let width = rows.width
    var sums = Sums(
      cross: [Double](repeating: 0, count: width * width),
      products: [Double](repeating: 0, count: width))
    rows.outcomes.withUnsafeBufferPointer { outcomes in
      for block in rows.blocks[task] {
        let values = rows.values(of: block)
        sums.cross.withUnsafeMutableBufferPointer {
          BlockKernels.addCrossProduct(
            values, rows: block.count, columns: width, to: $0.baseAddress!)
        }
        sums.products.withUnsafeMutableBufferPointer {
          BlockKernels.addTransposeProduct(
            values, rows: block.count, columns: width, outcomes.baseAddress! + block.start,
            width: 1, to: $0.baseAddress!)
        }
      }
    }
    return sums
  }
}

/// a + factor · b in place.
func addTo(_ a: inout [Double], _ b: [Double], times factor: Double = 1) {
  for i in a.indices { a[i] += factor * b[i] }
}

/// The solution of (A + ridge) x = b with the ridge of `FoldedRows`, A by its lower triangle and
/// with the number of rows at its head, where the intercept is.
func ridgeSolution(
  _ cross: [Double], _ products: [Double], _ width: Int
) throws(EffectError) -> [Double] {
  try ridgeFactor(cross, width, perRow: cross[0]).solve(products)
}

/// The factor of A + ridge.
func ridgeFactor(
  _ cross: [Double], _ width: Int, perRow rows: Double
) throws(EffectError) -> CholeskyFactor {
  var matrix = Matrix(rows: width, columns: width, storage: cross)
  matrix.addToDiagonal(
    [Double](repeating: FoldedRows.relativeRidge * max(rows, 1), count: width))
  do {
    return try CholeskyFactor(matrix)
  } catch {
    throw .algebra(error)
  }
}
