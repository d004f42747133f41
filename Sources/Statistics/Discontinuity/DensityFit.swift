import LinearAlgebra

/// A running variable by side with its empirical distribution function.
struct DistributionSides {
  /// Distances in standard deviations; `outcomes` are the distribution function.
  let left: RunningSide
  let right: RunningSide
  let count: Int
  /// The standard deviation of the running variable.
  let scale: Double
  /// (mean − cutoff) / standard deviation.
  let meanFromCutoff: Double

  init(running: [Double], cutoff: Double) throws(DiscontinuityError) {
    // The outcome is not used here; any that varies will do.
    let sample = try RunningSample(
      outcomes: running, running: running, cutoff: cutoff)
    self.init(sample, cutoff: cutoff)
  }

  /// From a sample that was sorted before.
  init(_ sample: RunningSample, cutoff: Double) {
    let (l, r) = (sample.left, sample.right)
    count = l.count + r.count
    scale = sample.runningScale
    meanFromCutoff = (sample.runningMean - cutoff) / scale
    let last = Double(count - 1)
    // The last of equal values is nearest to the cutoff on the left, furthest from it on the right.
    left = RunningSide(
      sign: -1, distances: Array(l.distances[..<l.count]),
      outcomes: (0..<l.count).map { Double(l.count - 1 - Int(l.tieStarts[$0])) / last })
    right = RunningSide(
      sign: 1, distances: Array(r.distances[..<r.count]),
      outcomes: (0..<r.count).map { Double(l.count + Int(r.tieEnds[$0]) - 1) / last })
  }

  /// The least bandwidths that reach so many observations and so many distinct values.
  func floors(_ fewest: Int) -> (left: Double, right: Double) {
    func reach(_ side: RunningSide) -> Double {
      max(side.distances[min(fewest, side.count) - 1], side.distinctDistance(fewest))
    }
    return (reach(left), reach(right))
  }
}

/// Local polynomials of the distribution function on both sides of a cutoff.
struct DensityFit {
  struct Side {
    /// The slope at the cutoff.
    let density: Double
    /// Of (x − c)³ in the side's own direction; zero below order 3.
    let thirdCoefficient: Double
    /// Observations within the bandwidth.
    let count: Int
  }
  let left: Side
  let right: Side
  /// Of the slopes, their difference and their sum, by the jackknife: an observation raises the
  /// distribution function of all others at or behind it.
  let variances: (left: Double, right: Double, difference: Double, sum: Double)

  /// Nil where a side has too few distinct values.
  init?(_ sides: DistributionSides, left hl: Double, right hr: Double, order: Int) {
    guard let l = DensityFit.slope(sides.left, order, hl),
      let r = DensityFit.slope(sides.right, order, hr)
    else { return nil }
    left = l.side
    right = r.side
    let last = Double(sides.count - 1)
    // From the largest value down: all of a right side's weights are behind a value on the left.
    let (onRight, allRight) = DensityFit.behind(sides.right, r.weights, outwards: true)
    let (onLeft, _) = DensityFit.behind(sides.left, l.weights, outwards: false)
    var sums = (left: 0.0, right: 0.0, difference: 0.0, sum: 0.0)
    func add(_ left: Double, _ right: Double) {
      let (a, b) = (left / last, right / last)
      sums.left += a * a
      sums.right += b * b
      sums.difference += (b - a) * (b - a)
      sums.sum += (b + a) * (b + a)
    }
    for value in onLeft { add(value, allRight) }
    for value in onRight { add(0, value) }
    variances = sums
  }

  /// The slope of the distribution function in x, and its weights in the function's values.
  private static func slope(
    _ side: RunningSide, _ order: Int, _ bandwidth: Double
  ) -> (side: Side, weights: [Double])? {
    guard
      let fit = LocalPolynomial(side, order: order, bandwidth: bandwidth, kernel: .triangular)
    else { return nil }
    let row = fit.row(1)
    // Distances run against x on the left.
    let factor = side.sign / bandwidth
    var inside = fit.count
    while inside < side.count, side.distances[inside] <= bandwidth { inside += 1 }
    var weights = [Double](repeating: 0, count: inside)
    for i in weights.indices {
      let u = side.distances[i] / bandwidth
      var (value, power) = (0.0, 1.0)
      for coefficient in row {
        value += coefficient * power
        power *= u
      }
      weights[i] = factor * fit.kernel.weight(u) * value
    }
    let third = order >= 3 ? fit.coefficients[3] / (bandwidth * bandwidth * bandwidth) : 0
    return (
      Side(density: factor * fit.coefficients[1], thirdCoefficient: third, count: inside), weights
    )
  }

  /// For each observation the weights of all others with its own or larger values; and the sum of
  /// all weights.
  private static func behind(
    _ side: RunningSide, _ weights: [Double], outwards: Bool
  ) -> (sums: [Double], total: Double) {
    var sums = weights
    var total = 0.0
    for i in outwards ? Array(weights.indices.reversed()) : Array(weights.indices) {
      total += weights[i]
      sums[i] = total
    }
    // Equal values have equal weights and the sum of the first of them in ascending order.
    let others = weights.indices.map { i in
      let first = outwards ? Int(side.tieStarts[i]) : min(Int(side.tieEnds[i]), sums.count) - 1
      return sums[first] - weights[i]
    }
    return (others, total)
  }
}
