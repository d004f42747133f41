import LinearAlgebra

/// Cross products of the rows of each fold and arm: what a fold's models are fitted to is the whole
/// less the fold.
struct FoldedProducts: Sendable {
  struct Sums: Sendable {
    /// XᵀX, lower triangle, with the number of rows at its head, where the intercept is.
    var cross: [Double]
    /// Xᵀy.
    var products: [Double]

    init(width: Int) {
      cross = [Double](repeating: 0, count: width * width)
      products = [Double](repeating: 0, count: width)
    }

    mutating func add(_ other: Sums, times factor: Double = 1) {
      addTo(&cross, other.cross, times: factor)
      addTo(&products, other.products, times: factor)
    }
  }

  let width: Int
  let folds: Int
  /// At 2·fold + arm.
  private let groups: [Sums]
  /// Of the untreated and of the treated.
  private let arms: [Sums]

  init(_ rows: FoldedRows) {
    (width, folds) = (rows.width, rows.folds)
    let zero = Sums(width: rows.width)
    let partial = rows.map(rows.tasks) { FoldedProducts.sums(rows, $0) }
    var groups = [Sums](repeating: zero, count: 2 * rows.folds)
    for (task, sums) in zip(rows.tasks, partial) {
      let group = rows.group(of: task)
      groups[2 * group.fold + (group.treated ? 1 : 0)].add(sums)
    }
    var arms = [zero, zero]
    for (group, sums) in groups.enumerated() { arms[group % 2].add(sums) }
    (self.groups, self.arms) = (groups, arms)
  }

  /// Of an arm, or of both, outside a fold.
  func outside(_ fold: Int, treated: Bool?) -> Sums {
    guard let treated else {
      var both = outside(fold, treated: false)
      both.add(outside(fold, treated: true))
      return both
    }
    let arm = treated ? 1 : 0
    var outside = arms[arm]
    outside.add(groups[2 * fold + arm], times: -1)
    return outside
  }

  /// XᵀX of a fold, both arms.
  func inside(_ fold: Int) -> Matrix {
    var sums = groups[2 * fold]
    sums.add(groups[2 * fold + 1])
    return whole(sums)
  }

  /// Columns that are linearly independent in all rows together, the intercept included.
  func rank() -> Int {
    var sums = arms[0]
    sums.add(arms[1])
    let whole = whole(sums)
    // A cross product squares what its columns have left of each other; anything not finite counts.
    return (try? PivotedQR(whole, tolerance: 1e-12))?.rank ?? width
  }

  private func whole(_ sums: Sums) -> Matrix {
    var matrix = Matrix(rows: width, columns: width, storage: sums.cross)
    matrix.mirrorLowerTriangle()
    return matrix
  }

  private static func sums(_ rows: FoldedRows, _ task: Range<Int>) -> Sums {
    let width = rows.width
    var sums = Sums(width: width)
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

/// The factor of A + ridge with the ridge of `FoldedRows`, A by its lower triangle.
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
