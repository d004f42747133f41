/// A minimum of a function of one variable.
public struct ScalarMinimum: Sendable, Equatable {
  public let point: Double
  public let value: Double
  public let evaluations: Int
  public let ending: SearchEnding

  public var converged: Bool { ending == .converged }
}

/// Minima of functions of one variable.
public enum ScalarMinimization {
  /// Brent's minimum (1973, Algorithms for Minimization without Derivatives, chapter 5): parabolic
  /// steps where they are safe, golden sections where not. Finds a local minimum in the interval,
  /// which is the global one of a unimodal function.
  ///
  /// - Parameter tolerance: width at which to stop; below √ε of the point's size nothing more is
  ///   to be gained, as the function is flat to rounding there.
  public static func brent<Failure: Error>(
    in interval: ClosedRange<Double>, tolerance: Double = 1e-8, maximumIterations: Int = 200,
    _ function: (Double) throws(Failure) -> Double
  ) throws(Failure) -> ScalarMinimum {
    let golden = (3 - 5.0.squareRoot()) / 2
    var (low, high) = (interval.lowerBound, interval.upperBound)
    var best = low + golden * (high - low)
    var (second, third) = (best, best)
    var bestValue = try function(best)
    var (secondValue, thirdValue) = (bestValue, bestValue)
    var evaluations = 1
    var (step, previousStep) = (0.0, 0.0)
    func minimum(_ ending: SearchEnding) -> ScalarMinimum {
      ScalarMinimum(point: best, value: bestValue, evaluations: evaluations, ending: ending)
    }
    if bestValue.isNaN { return minimum(.notANumber) }
    for _ in 0..<maximumIterations {
      let middle = (low + high) / 2
      let limit = Double.ulpOfOne.squareRoot() * abs(best) + tolerance / 3
      if abs(best - middle) <= 2 * limit - (high - low) / 2 { return minimum(.converged) }
      var parabolic = false
      if abs(previousStep) > limit {
        let r = (best - second) * (bestValue - thirdValue)
        var q = (best - third) * (bestValue - secondValue)
        var p = (best - third) * q - (best - second) * r
        q = 2 * (q - r)
        if q > 0 { p = -p } else { q = -q }
        if abs(p) < abs(q * previousStep / 2), p > q * (low - best), p < q * (high - best) {
          (previousStep, step) = (step, p / q)
          let point = best + step
          if point - low < 2 * limit || high - point < 2 * limit {
            step = best < middle ? limit : -limit
          }
          parabolic = true
        }
      }
      if !parabolic {
        previousStep = best < middle ? high - best : low - best
        step = golden * previousStep
      }
      let point = best + (abs(step) >= limit ? step : (step > 0 ? limit : -limit))
      let value = try function(point)
      evaluations += 1
      if value.isNaN { return minimum(.notANumber) }
      if value <= bestValue {
        if point < best { high = best } else { low = best }
        (third, thirdValue) = (second, secondValue)
        (second, secondValue) = (best, bestValue)
        (best, bestValue) = (point, value)
      } else {
        if point < best { low = point } else { high = point }
        if value <= secondValue || second == best {
          (third, thirdValue) = (second, secondValue)
          (second, secondValue) = (point, value)
        } else if value <= thirdValue || third == best || third == second {
          (third, thirdValue) = (point, value)
        }
      }
    }
    return minimum(.maximumIterations)
  }
}
