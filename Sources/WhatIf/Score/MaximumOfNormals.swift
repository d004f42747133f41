import LinearAlgebra
import Statistics

/// The largest absolute value of correlated standard normal variables: what simultaneous bands and
/// tests over a grid are made of.
///
/// Simulated from the covariance (its own random stream, the same draws for the same input), so that
/// it costs nothing per row. Source: Montiel Olea & Plagborg-Møller 2019, J. Appl. Econometrics 34,
/// 1 - 17 ("sup-t" bands).
package struct MaximumOfNormals: Sendable {
  /// Ascending.
  private let maxima: [Double]

  package static let draws = 20_000
  private static let seed: UInt64 = 0x6d61_7869_6d75_6d

  /// - Parameter covariance: variances of zero are left out.
  /// - Throws: `LinearAlgebraError` where it is not finite.
  package init(covariance: Matrix) throws(LinearAlgebraError) {
    let kept = (0..<covariance.rows).filter { covariance[$0, $0] > 0 }
    let scale = kept.map { covariance[$0, $0].squareRoot() }
    var correlation = Matrix(rows: kept.count, columns: kept.count)
    for (a, i) in kept.enumerated() {
      for (b, j) in kept.enumerated() {
        correlation[a, b] = covariance[i, j] / (scale[a] * scale[b])
      }
    }
    let eigen = try SymmetricEigen(correlation)
    // A root of the correlation, transposed: negative eigenvalues are rounding.
    var root = Matrix(rows: kept.count, columns: kept.count)
    for k in kept.indices {
      let scale = max(eigen.values[k], 0).squareRoot()
      for a in kept.indices { root[k, a] = eigen.vectors[a, k] * scale }
    }
    let drawn = Self.normals(columns: kept.count) * root
    var largest = [Double](repeating: 0, count: Self.draws)
    for column in kept.indices {
      for (row, value) in drawn.column(column).enumerated() {
        largest[row] = max(largest[row], abs(value))
      }
    }
    maxima = largest.sorted()
  }

  /// Independent standard normals, the same first columns however many there are.
  private static func normals(columns: Int) -> Matrix {
    if columns <= usual.columns {
      return Matrix(
        rows: draws, columns: columns, storage: Array(usual.storage.prefix(draws * columns)))
    }
    return simulated(columns: columns)
  }

  private static let usual = simulated(columns: 20)

  private static func simulated(columns: Int) -> Matrix {
    var stream = RandomStream(seed: seed)
    return Matrix(
      rows: draws, columns: columns,
      storage: (0..<draws * columns).map { _ in stream.normal() })
  }

  /// The value that the maximum stays below with this probability.
  package func quantile(_ p: Double) -> Double {
    SampleQuantile.nearestRank(p, ofSorted: maxima) ?? 0
  }

  /// The chance of a maximum at least so large; never 0.
  package func pValue(_ observed: Double) -> Double {
    var low = 0
    var high = maxima.count
    while low < high {
      let middle = (low + high) / 2
      if maxima[middle] < observed { low = middle + 1 } else { high = middle }
    }
    return Double(maxima.count - low + 1) / Double(maxima.count + 1)
  }
}
