import LinearAlgebra

/// Least squares by Householder reflections with residuals in twice the precision: for designs whose
/// columns lie so close together that cross products would lose the answer.
///
/// Each round solves the system [I X; Xᵀ 0] [r; β] = [y; 0] for what it leaves of its right side
/// (Björck 1967, BIT 7, 257 - 278; Golub & Van Loan 2013, Matrix Computations, section 5.3.8).
struct RefinedLeastSquares {
  let coefficients: [Double]
  let residuals: [Double]
  let triangle: UpperTriangle
  let rounds: Int
  /// The last change of a coefficient relative to the largest.
  let change: Double

  private static let maximumRounds = 20

  /// - Parameters:
  ///   - design: with at least as many rows as columns, of full rank.
  ///   - response: one a row.
  init(_ design: Matrix, _ response: [Double]) throws(LinearAlgebraError) {
    // Columns of one length, by powers of two so that nothing is rounded.
    let scales = (0..<design.columns).map { column in
      let largest = design.column(column).reduce(0) { max($0, abs($1)) }
      return largest > 0 ? Double(sign: .plus, exponent: -largest.exponent, significand: 1) : 1
    }
    var scaled = design
    for c in 0..<design.columns {
      for r in 0..<design.rows { scaled[r, c] *= scales[c] }
    }
    let factors = HouseholderQR(scaled)
    let triangle = try UpperTriangle(factors.triangle)
    let width = design.columns
    var residuals = [Double](repeating: 0, count: design.rows)
    var coefficients = [TwoDoubles](repeating: TwoDoubles(0), count: width)
    var previous = Double.infinity
    var round = 0
    repeat {
      let (top, bottom) = Self.leftOver(scaled, response, residuals, coefficients)
      var rotated = factors.rotate(top)
      let inner = triangle.solve(bottom, transposed: true)
      let step = triangle.solve(zip(rotated[..<width], inner).map { $0 - $1 })
      rotated.replaceSubrange(..<width, with: inner)
      let moved = factors.rotateBack(rotated)
      for i in residuals.indices { residuals[i] += moved[i] }
      for j in coefficients.indices { coefficients[j] = coefficients[j].adding(step[j]) }
      let largest = coefficients.reduce(0) { max($0, abs($1.high)) }
      let change = step.reduce(0) { max($0, abs($1)) } / max(largest, .leastNormalMagnitude)
      round += 1
      // Refinement gains digits each round until there are no more to gain.
      let isDone = change <= .ulpOfOne / 4 || change > previous / 2
      previous = min(change, previous)
      if isDone, round > 1 { break }
    } while round < Self.maximumRounds
    self.coefficients = zip(coefficients, scales).map { $0.high * $1 }
    self.residuals = residuals
    var unscaled = triangle.matrix
    for c in 0..<width {
      for r in 0...c { unscaled[r, c] /= scales[c] }
    }
    self.triangle = try UpperTriangle(unscaled)
    rounds = round
    change = previous
  }

  /// y − r − Xβ and −Xᵀr, rounded only once.
  private static func leftOver(
    _ design: Matrix, _ response: [Double], _ residuals: [Double], _ coefficients: [TwoDoubles]
  ) -> (top: [Double], bottom: [Double]) {
    let rows = design.rows
    var top = response.indices.map { TwoDoubles(response[$0]).adding(-residuals[$0]) }
    var bottom = [Double](repeating: 0, count: design.columns)
    for c in 0..<design.columns {
      let coefficient = coefficients[c]
      var sum = TwoDoubles(0)
      for r in 0..<rows {
        let value = design.storage[c * rows + r]
        top[r] = top[r].adding(product: -value, coefficient.high)
          .adding(-value * coefficient.low)
        sum = sum.adding(product: -value, residuals[r])
      }
      bottom[c] = sum.high
    }
    return (top.map(\.high), bottom)
  }
}

/// An unevaluated sum of two doubles, of about 32 digits (Dekker 1971, Numer. Math. 18, 224 - 242).
struct TwoDoubles {
  var high: Double
  var low: Double

  init(_ value: Double) { (high, low) = (value, 0) }

  private init(_ high: Double, _ low: Double) {
    self.high = high + low
    self.low = low - (self.high - high)
  }

  /// The sum with a double.
  @inline(__always) func adding(_ value: Double) -> TwoDoubles {
    let sum = high + value
    let part = sum - high
    return TwoDoubles(sum, (high - (sum - part)) + (value - part) + low)
  }

  /// The sum with a product of doubles, which a fused operation gives exactly.
  @inline(__always) func adding(product a: Double, _ b: Double) -> TwoDoubles {
    let product = a * b
    let error = (-product).addingProduct(a, b)
    var result = adding(product)
    result = TwoDoubles(result.high, result.low + error)
    return result
  }
}

extension GeneralizedLinearModel {
  /// Linear regression on a design of nearly dependent columns.
  func refinedFit(
    _ design: Design, _ observations: Observations, _ conditioning: Conditioning
  ) throws(GeneralizedLinearError) -> GeneralizedLinearFit {
    let roots = observations.weights.map { $0.squareRoot() }
    var weighted = design.dense()
    for c in 0..<weighted.columns {
      for r in 0..<weighted.rows { weighted[r, c] *= roots[r] }
    }
    let response = roots.indices.map {
      roots[$0] * (observations.response[$0] - observations.offset[$0])
    }
    do {
      let solution = try RefinedLeastSquares(weighted, response)
      let inverse = solution.triangle.inverse()
      let likelihood = LikelihoodPass(
        design: design, observations: observations.byPlace(design), family: family, link: link,
        threads: threads)
      let path = FitPath(
        iterations: solution.rounds, halvings: 0, decrement: solution.change, tolerance: 0,
        ending: .converged, solution: .refinedQR)
      return try assembled(
        WorkingFit(
          likelihood: likelihood, coefficients: solution.coefficients,
          unscaledCovariance: Matrix.product(inverse, inverse, transposingSecond: true),
          back: nil), conditioning, path,
        deviance: dot(solution.residuals, solution.residuals))
    } catch let error as LinearAlgebraError {
      throw .information(error)
    } catch let error as GeneralizedLinearError {
      throw error
    } catch {
      fatalError("only these two kinds of error are thrown above: \(error)")
    }
  }
}
