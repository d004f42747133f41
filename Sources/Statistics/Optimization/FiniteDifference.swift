import LinearAlgebra

/// Derivatives from function values alone, by central differences.
public enum FiniteDifference {
  /// ∛ε balances truncation (step²) against rounding (ε/step).
  public static let relativeStep = 6.055454452393343e-06

  /// The gradient; 2n evaluations, errors of about ε^(2/3) of the function's size.
  public static func gradient<Failure: Error>(
    at point: [Double], relativeStep: Double = relativeStep,
    _ function: ([Double]) throws(Failure) -> Double
  ) throws(Failure) -> [Double] {
    var result = [Double](repeating: 0, count: point.count)
    var moved = point
    for i in point.indices {
      let step = relativeStep * max(abs(point[i]), 1)
      moved[i] = point[i] + step
      let above = try function(moved)
      moved[i] = point[i] - step
      let below = try function(moved)
      moved[i] = point[i]
      result[i] = (above - below) / (2 * step)
    }
    return result
  }

  /// The Jacobian of a vector function: entry (r, c) is ∂f_r/∂x_c. 2n evaluations.
  public static func jacobian<Failure: Error>(
    at point: [Double], relativeStep: Double = relativeStep,
    _ function: ([Double]) throws(Failure) -> [Double]
  ) throws(Failure) -> Matrix {
    var columns: [[Double]] = []
    var moved = point
    for i in point.indices {
      let step = relativeStep * max(abs(point[i]), 1)
      moved[i] = point[i] + step
      let above = try function(moved)
      moved[i] = point[i] - step
      let below = try function(moved)
      moved[i] = point[i]
      columns.append(zip(above, below).map { ($0 - $1) / (2 * step) })
    }
    return Matrix(
      rows: columns.first?.count ?? 0, columns: point.count, storage: columns.flatMap { $0 })
  }

  /// The Hessian as the symmetrised Jacobian of an analytic gradient. 2n gradient evaluations.
  public static func hessian<Failure: Error>(
    at point: [Double], relativeStep: Double = relativeStep,
    gradient: ([Double]) throws(Failure) -> [Double]
  ) throws(Failure) -> Matrix {
    let jacobian = try jacobian(at: point, relativeStep: relativeStep, gradient)
    return 0.5 * (jacobian + jacobian.transposed)
  }
}
