import LinearAlgebra

/// A Newton step towards a maximum, kept on the side of ascent.
///
/// Minus the Hessian is raised along its diagonal until it is positive definite (Levenberg 1944,
/// Marquardt 1963), and the step is held inside a box.
public struct DampedNewton: Sendable, Equatable {
  /// No coordinate moves further than this.
  public var longestStep: Double

  public init(longestStep: Double = 1) { self.longestStep = longestStep }

  /// The step at a point with this gradient.
  ///
  /// - Parameters:
  ///   - gradient: n derivatives.
  ///   - hessian: n × n second derivatives, symmetric.
  /// - Throws: `RegressionError.information` where the Hessian is not finite.
  public func step(gradient: [Double], hessian: [Double]) throws(RegressionError) -> [Double] {
    let n = gradient.count
    precondition(hessian.count == n * n, "\(hessian.count) second derivatives for \(n) coordinates")
    var damping = 0.0
    while true {
      var information = Matrix(rows: n, columns: n, storage: hessian.map { -$0 })
      for i in 0..<n { information[i, i] += damping * max(abs(information[i, i]), 1e-6) }
      do {
        let step = try CholeskyFactor(information).solve(gradient)
        let longest = step.reduce(0) { max($0, abs($1)) }
        let scale = longest > longestStep ? longestStep / longest : 1
        return step.map { $0 * scale }
      } catch {
        guard case .notPositiveDefinite = error, damping < 1e12 else { throw .information(error) }
        damping = max(damping * 10, 1e-3)
      }
    }
  }
}
