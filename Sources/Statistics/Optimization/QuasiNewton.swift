import LinearAlgebra

/// A small dense quasi-Newton minimiser: BFGS with a line search for the weak Wolfe conditions.
///
/// For functions of a handful to some hundred parameters with a gradient. The update is Nocedal &
/// Wright 2006, Numerical Optimization, eq. 6.17; the line search is the bracketing bisection of
/// Lewis & Overton 2013 (Math. Program. 141, algorithm 2.6), which needs no smoothness beyond the
/// gradient and takes a value that is not finite as "too far".
public struct QuasiNewton: Sendable, Equatable {
  public var maximumIterations: Int
  /// Stops when max_i |g_i| · max(|x_i|, 1) is at most this share of max(|f|, 1).
  public var gradientTolerance: Double

  public init(maximumIterations: Int = 200, gradientTolerance: Double = 1e-8) {
    self.maximumIterations = maximumIterations
    self.gradientTolerance = gradientTolerance
  }

  /// How a minimisation ended.
  public enum Ending: String, Sendable, Equatable {
    case converged
    case maximumIterations
    /// No step along a downhill direction lowered the function: rounding, or a wrong gradient.
    case lineSearchFailed
    /// The function stopped falling beyond rounding before the gradient was small enough.
    case noProgress
    /// The function or its gradient is not finite at the start.
    case startNotFinite
  }

  /// Where a minimisation ended and how it got there.
  public struct Minimum: Sendable, Equatable {
    public let point: [Double]
    public let value: Double
    public let gradient: [Double]
    /// The approximation of the inverse Hessian at the end.
    public let inverseHessian: Matrix
    public let iterations: Int
    public let evaluations: Int
    public let ending: Ending
    /// max_i |g_i| · max(|x_i|, 1) / max(|f|, 1) at the end.
    public let scaledGradient: Double
    public let gradientTolerance: Double

    public var converged: Bool { ending == .converged }
  }

  private struct Position {
    var point: [Double]
    var value: Double
    var gradient: [Double]

    var isFinite: Bool { value.isFinite && gradient.allSatisfy(\.isFinite) }

    var scaledGradient: Double {
      var largest = 0.0
      for i in point.indices {
        largest = max(largest, abs(gradient[i]) * max(abs(point[i]), 1))
      }
      return largest / max(abs(value), 1)
    }
  }

  /// Minimises `function`, which gives its value and gradient.
  ///
  /// - Parameter inverseHessian: a positive definite first guess; the identity, scaled after the
  ///   first step, by default.
  public func minimize<Failure: Error>(
    from start: [Double], inverseHessian: Matrix? = nil,
    _ function: ([Double]) throws(Failure) -> (value: Double, gradient: [Double])
  ) throws(Failure) -> Minimum {
    let first = try function(start)
    var here = Position(point: start, value: first.value, gradient: first.gradient)
    var inverse = inverseHessian ?? .identity(start.count)
    var evaluations = 1
    var mustScale = inverseHessian == nil
    var idleSteps = 0
    func minimum(_ iterations: Int, _ ending: Ending) -> Minimum {
      Minimum(
        point: here.point, value: here.value, gradient: here.gradient, inverseHessian: inverse,
        iterations: iterations, evaluations: evaluations, ending: ending,
        scaledGradient: here.scaledGradient, gradientTolerance: gradientTolerance)
    }
    guard here.isFinite else { return minimum(0, .startNotFinite) }
    for iteration in 0..<maximumIterations {
      if here.scaledGradient <= gradientTolerance { return minimum(iteration, .converged) }
      var direction = (inverse * here.gradient).map { -$0 }
      if dot(direction, here.gradient) >= 0 {
        // The approximation lost its definiteness to rounding: start it anew.
        inverse = .identity(start.count)
        direction = here.gradient.map { -$0 }
      }
      guard let next = try search(from: here, along: direction, &evaluations, function) else {
        return minimum(iteration, .lineSearchFailed)
      }
      update(&inverse, from: here, to: next, scaling: mustScale)
      mustScale = false
      let fall = here.value - next.value
      idleSteps = fall <= 1e-14 * abs(here.value) ? idleSteps + 1 : 0
      here = next
      if idleSteps == 10, here.scaledGradient > gradientTolerance {
        return minimum(iteration + 1, .noProgress)
      }
    }
    let ending: Ending =
      here.scaledGradient <= gradientTolerance ? .converged : .maximumIterations
    return minimum(maximumIterations, ending)
  }

  /// A point along `direction` that falls enough and whose slope has flattened enough.
  private func search<Failure: Error>(
    from here: Position, along direction: [Double], _ evaluations: inout Int,
    _ function: ([Double]) throws(Failure) -> (value: Double, gradient: [Double])
  ) throws(Failure) -> Position? {
    let slope = dot(direction, here.gradient)
    let (sufficientDecrease, curvature) = (1e-4, 0.9)
    var (shortest, longest, length) = (0.0, Double.infinity, 1.0)
    var best: Position?
    for _ in 0..<60 {
      var trial = here.point
      for i in trial.indices { trial[i] += length * direction[i] }
      // Shorter than the spacing of doubles: nothing downhill was found.
      if trial == here.point { return best }
      let result = try function(trial)
      evaluations += 1
      let there = Position(point: trial, value: result.value, gradient: result.gradient)
      if !there.isFinite || there.value > here.value + sufficientDecrease * length * slope {
        longest = length
      } else if dot(direction, there.gradient) < curvature * slope {
        shortest = length
        best = there
      } else {
        return there
      }
      length = longest.isFinite ? (shortest + longest) / 2 : 2 * shortest
    }
    return best
  }

  /// The BFGS update of the inverse Hessian; skipped where the curvature along the step is not
  /// positive, which would make it indefinite.
  private func update(
    _ inverse: inout Matrix, from here: Position, to there: Position, scaling: Bool
  ) {
    let n = here.point.count
    let step = (0..<n).map { there.point[$0] - here.point[$0] }
    let change = (0..<n).map { there.gradient[$0] - here.gradient[$0] }
    let curvature = dot(step, change)
    guard curvature > 1e-14 * dot(step, step).squareRoot() * dot(change, change).squareRoot()
    else { return }
    if scaling { inverse = (curvature / dot(change, change)) * inverse }
    let product = inverse * change
    let factor = (1 + dot(change, product) / curvature) / curvature
    for c in 0..<n {
      for r in 0..<n {
        inverse[r, c] +=
          factor * step[r] * step[c] - (product[r] * step[c] + step[r] * product[c]) / curvature
      }
    }
  }
}
