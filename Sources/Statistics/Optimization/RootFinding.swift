/// How a search along one variable ended.
public enum SearchEnding: String, Sendable, Equatable {
  case converged
  case maximumIterations
  /// The function has one sign over the whole interval.
  case notBracketed
  /// The function gave NaN inside the interval.
  case notANumber
}

/// A root of a function of one variable, found inside an interval that brackets it.
public struct Root: Sendable, Equatable {
  public let point: Double
  /// The function there.
  public let value: Double
  public let evaluations: Int
  public let ending: SearchEnding

  public var converged: Bool { ending == .converged }
}

/// Roots of functions of one variable.
public enum RootFinding {
  /// Brent's root (1973, Algorithms for Minimization without Derivatives, chapter 4): inverse
  /// quadratic interpolation where it is safe, bisection where not.
  ///
  /// - Parameter tolerance: half the width of the interval at which the search stops, beside
  ///   rounding of the point itself.
  public static func brent(
    in interval: ClosedRange<Double>, tolerance: Double = 1e-12, maximumIterations: Int = 200,
    _ function: (Double) -> Double
  ) -> Root {
    var (a, b) = (interval.lowerBound, interval.upperBound)
    var (fa, fb) = (function(a), function(b))
    var evaluations = 2
    func root(_ ending: SearchEnding) -> Root {
      Root(point: b, value: fb, evaluations: evaluations, ending: ending)
    }
    if fa.isNaN || fb.isNaN { return root(.notANumber) }
    if fa == 0 { return Root(point: a, value: 0, evaluations: evaluations, ending: .converged) }
    if fb == 0 { return root(.converged) }
    if (fa > 0) == (fb > 0) { return root(.notBracketed) }
    var (c, fc) = (a, fa)
    var step = b - a
    var previousStep = step
    for _ in 0..<maximumIterations {
      if (fb > 0) == (fc > 0) {
        (c, fc) = (a, fa)
        step = b - a
        previousStep = step
      }
      if abs(fc) < abs(fb) {
        (a, b, c) = (b, c, b)
        (fa, fb, fc) = (fb, fc, fb)
      }
      let limit = 2 * Double.ulpOfOne * abs(b) + tolerance / 2
      let half = (c - b) / 2
      if abs(half) <= limit || fb == 0 { return root(.converged) }
      let proposed = interpolation(a, fa, b, fb, c, fc, half)
      if let proposed, abs(previousStep) >= limit, abs(fa) > abs(fb),
        2 * abs(proposed) < min(3 * abs(half) - limit, abs(previousStep)),
        (proposed > 0) == (half > 0)
      {
        (previousStep, step) = (step, proposed)
      } else {
        (previousStep, step) = (half, half)
      }
      (a, fa) = (b, fb)
      b += abs(step) > limit ? step : (half > 0 ? limit : -limit)
      fb = function(b)
      evaluations += 1
      if fb.isNaN { return root(.notANumber) }
    }
    return root(.maximumIterations)
  }

  /// The step from b to the secant or inverse quadratic root; nil where the values give none.
  private static func interpolation(
    _ a: Double, _ fa: Double, _ b: Double, _ fb: Double, _ c: Double, _ fc: Double,
    _ half: Double
  ) -> Double? {
    let s = fb / fa
    let (numerator, denominator): (Double, Double)
    if a == c {
      (numerator, denominator) = (2 * half * s, 1 - s)
    } else {
      let (q, r) = (fa / fc, fb / fc)
      numerator = s * (2 * half * q * (q - r) - (b - a) * (r - 1))
      denominator = (q - 1) * (r - 1) * (s - 1)
    }
    let step = -numerator / denominator
    return step.isFinite ? step : nil
  }

  /// Newton's root kept inside a bracket: a Newton step that leaves the bracket, or that does not
  /// halve the function, is replaced by bisection.
  ///
  /// - Parameter function: the value and the derivative.
  public static func newton(
    in interval: ClosedRange<Double>, start: Double? = nil, tolerance: Double = 1e-12,
    maximumIterations: Int = 200, _ function: (Double) -> (value: Double, derivative: Double)
  ) -> Root {
    var (low, high) = (interval.lowerBound, interval.upperBound)
    let atLow = function(low).value
    let atHigh = function(high).value
    var evaluations = 2
    if atLow.isNaN || atHigh.isNaN {
      return Root(point: low, value: .nan, evaluations: evaluations, ending: .notANumber)
    }
    if atLow == 0 { return Root(point: low, value: 0, evaluations: 2, ending: .converged) }
    if atHigh == 0 { return Root(point: high, value: 0, evaluations: 2, ending: .converged) }
    if (atLow > 0) == (atHigh > 0) {
      return Root(point: high, value: atHigh, evaluations: 2, ending: .notBracketed)
    }
    let rising = atHigh > 0
    var point = start.map { min(max($0, low), high) } ?? (low + high) / 2
    var previous = Double.infinity
    var value = Double.nan
    for _ in 0..<maximumIterations {
      let result = function(point)
      evaluations += 1
      value = result.value
      if value.isNaN {
        return Root(point: point, value: value, evaluations: evaluations, ending: .notANumber)
      }
      if (value > 0) == rising { high = point } else { low = point }
      var next = point - value / result.derivative
      if !(next > low && next < high) || abs(value) > previous / 2 { next = (low + high) / 2 }
      let moved = abs(next - point)
      previous = abs(value)
      if value == 0 || moved <= tolerance + 2 * .ulpOfOne * abs(point) {
        return Root(
          point: value == 0 ? point : next, value: value, evaluations: evaluations,
          ending: .converged)
      }
      point = next
    }
    return Root(point: point, value: value, evaluations: evaluations, ending: .maximumIterations)
  }
}
