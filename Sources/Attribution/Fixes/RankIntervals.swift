import LinearAlgebra
import Statistics

/// 95 % intervals of ranks, from estimates whose errors go together.
///
/// A fix's rank lies between 1 + the number of fixes that are told to be better and the number of all
/// less those told to be worse. Told is told for all comparisons of a fix at once: |difference| above c
/// standard errors of that difference, with c the 95 % quantile of the largest studentised difference
/// of this fix from any other under the estimates' joint distribution (Mogstad, Romano, Shaikh &
/// Wilhelm 2024, Review of Economic Studies 91, section 3: marginal confidence sets). Ranks of redrawn
/// estimates, which are customary, cover too rarely where fixes are close (Xie, Singh & Zhang 2009).
package struct RankIntervals {
  /// Lowest and highest rank of each, from 1.
  package let intervals: [[Int]]

  private static let draws = 1000

  /// - Parameter covariance: of the estimates, positive semidefinite up to rounding.
  /// - Throws: `LinearAlgebraError` where the covariance is not finite.
  package init(
    estimates: [Double], covariance: Matrix, seed: UInt64
  ) throws(LinearAlgebraError) {
    let n = estimates.count
    guard n > 1 else {
      intervals = estimates.map { _ in [1, 1] }
      return
    }
    let draws = try RankIntervals.drawn(covariance, seed: seed)
    intervals = (0..<n).map { k in
      let others = (0..<n).filter { $0 != k }
      let errors = others.map { other in
        max(
          covariance[k, k] + covariance[other, other] - covariance[k, other]
            - covariance[other, k], 0
        ).squareRoot()
      }
      let largest = draws.map { draw in
        zip(others, errors).reduce(0.0) { most, pair in
          pair.1 > 0 ? max(most, abs(draw[k] - draw[pair.0]) / pair.1) : most
        }
      }.sorted()
      let critical = largest[RankIntervals.draws * 95 / 100]
      var (better, worse) = (0, 0)
      for (other, error) in zip(others, errors) {
        let difference = estimates[other] - estimates[k]
        guard abs(difference) > critical * error else { continue }
        if difference > 0 { better += 1 } else { worse += 1 }
      }
      return [1 + better, n - worse]
    }
  }

  /// Draws of normal errors with this covariance.
  private static func drawn(
    _ covariance: Matrix, seed: UInt64
  ) throws(LinearAlgebraError) -> [[Double]] {
    let n = covariance.rows
    let eigen = try SymmetricEigen(covariance)
    let roots = (0..<n).map { r in
      (0..<n).map { eigen.vectors[r, $0] * max(eigen.values[$0], 0).squareRoot() }
    }
    return (0..<draws).map { draw in
      var stream = RandomStream(seed: seed, keys: 0x7261_6e6b, UInt64(draw))
      let z = (0..<n).map { _ in stream.normal() }
      return roots.map { row in zip(row, z).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }
}
