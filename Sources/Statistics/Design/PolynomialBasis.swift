import RealModule

/// Polynomials of one variable as design columns, as R's `poly` has them.
///
/// Orthogonal ones are monic by the three-term recurrence p_{k+1} = (x − a_k) p_k − b_k p_{k−1}
/// (Forsythe 1957, J. SIAM 5, 74 - 88), divided by their length over the rows of the fit.
public struct PolynomialBasis: Sendable, Equatable {
  public let degree: Int
  public let isRaw: Bool
  /// a_k, one a degree.
  let centers: [Double]
  /// Σ p_k² for k from 0, one more than degrees.
  let squaredLengths: [Double]

  /// Powers x, x², …
  init(rawDegree: Int) {
    degree = rawDegree
    isRaw = true
    (centers, squaredLengths) = ([], [])
  }

  /// Polynomials that are orthogonal over `x`, of which at least degree + 1 values differ.
  init(degree: Int, over x: [Double]) {
    self.degree = degree
    isRaw = false
    var centers: [Double] = []
    var lengths = [Double(x.count)]
    // The mean first, so that the recurrence works on deviations.
    let mean = x.reduce(0, +) / Double(x.count)
    var previous = [Double](repeating: 0, count: x.count)
    var current = [Double](repeating: 1, count: x.count)
    for k in 0..<degree {
      let length = lengths[k]
      var weighted = 0.0
      for i in x.indices { weighted += (x[i] - mean) * current[i] * current[i] }
      let center = mean + weighted / length
      let ratio = k == 0 ? 0 : length / lengths[k - 1]
      var next = 0.0
      for i in x.indices {
        let value = (x[i] - center) * current[i] - ratio * previous[i]
        previous[i] = current[i]
        current[i] = value
        next += value * value
      }
      centers.append(center)
      lengths.append(next)
    }
    (self.centers, squaredLengths) = (centers, lengths)
  }

  /// One column a degree.
  func columns(_ x: [Double]) -> [[Double]] {
    if isRaw {
      return (1...degree).map { power in x.map { .pow($0, power) } }
    }
    var result: [[Double]] = []
    var previous = [Double](repeating: 0, count: x.count)
    var current = [Double](repeating: 1, count: x.count)
    for k in 0..<degree {
      let ratio = k == 0 ? 0 : squaredLengths[k] / squaredLengths[k - 1]
      for i in x.indices {
        let value = (x[i] - centers[k]) * current[i] - ratio * previous[i]
        previous[i] = current[i]
        current[i] = value
      }
      let scale = 1 / squaredLengths[k + 1].squareRoot()
      result.append(current.map { $0 * scale })
    }
    return result
  }
}
