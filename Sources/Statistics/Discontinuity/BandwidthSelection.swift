import RealModule

/// Bandwidths of a discontinuity that minimise the mean squared error of its estimate
/// (Imbens & Kalyanaraman 2012, Rev. Econ. Stud. 79; Calonico, Cattaneo & Titiunik 2014,
/// Econometrica 82, section 4; Calonico, Cattaneo, Farrell & Titiunik 2017, Stata Journal 17).
///
/// Three stages, each a variance at a pilot bandwidth and a bias from a fit of higher order within
/// the bandwidth of the stage before: for the derivative p + 2, for the bias of the estimate, and
/// for the estimate. The bias is regularised by three times its variance from the second stage on.
struct BandwidthSelection: Sendable {
  let left: SideVariance
  let right: SideVariance
  let kernel: LocalKernel
  let degree: Int
  let rule: BandwidthRule
  let threads: Int
  /// The first pilot: Silverman's rule for the running variable.
  let pilot: Double
  /// No bandwidth of a side is below this, so that ten distinct values are inside.
  let floors: (left: Double, right: Double)

  /// One side's part of a mean squared error: V h^(−1 − 2ν) + h^(2(o + 1 − ν)) (B² + R).
  private struct Parts: Sendable {
    var variance: Double
    var bias: Double
    var regularisation: Double
    var rate: Double
  }

  /// Which derivative a stage estimates with which order.
  private struct Stage: Sendable {
    let order: Int
    let derivative: Int
    /// Whether the bias's own variance is added to its square.
    let regularised: Bool
  }

  /// - Parameters:
  ///   - pilotSpread: min(sd, interquartile range / 1.349) of the running variable.
  ///   - pilotCount: observations, or distinct values where values repeat.
  ///   - fewestDistinct: how many distinct values each bandwidth holds; nil for no floor.
  init(
    left: SideVariance, right: SideVariance, kernel: LocalKernel, degree: Int,
    rule: BandwidthRule, pilotSpread: Double, pilotCount: Int, fewestDistinct: Int?, threads: Int
  ) {
    self.left = left
    self.right = right
    self.kernel = kernel
    self.degree = degree
    self.rule = rule
    self.threads = threads
    // The bandwidth itself has no weight: it lies a little above the distance it must hold.
    let above = 1 + Double.ulpOfOne.squareRoot()
    floors =
      fewestDistinct.map {
        (left.side.distinctDistance($0) * above, right.side.distinctDistance($0) * above)
      } ?? (0, 0)
    let silverman = kernel.pilotFactor * pilotSpread * Double.pow(Double(pilotCount), -0.2)
    pilot = max(
      min(silverman, max(left.side.range, right.side.range)), floors.left, floors.right)
  }

  /// The bandwidths of estimate and bias, or the error that names the side without variation.
  func bandwidths() throws(DiscontinuityError) -> DiscontinuityBandwidths {
    let curvature = Stage(order: degree + 2, derivative: degree + 2, regularised: false)
    let bias = Stage(order: degree + 1, derivative: degree + 1, regularised: true)
    let level = Stage(order: degree, derivative: 0, regularised: true)
    // Every observation counts in the first fit: the range itself would leave the last without.
    let above = 1 + Double.ulpOfOne.squareRoot()
    let whole = (left.side.range * above, right.side.range * above)
    var first = try combined(curvature, within: whole)
    first = (max(first.left, floors.left), max(first.right, floors.right))
    if rule == .common {
      let widest = max(floors.left, floors.right)
      first = (max(first.left, widest), max(first.right, widest))
    }
    let b = try combined(bias, within: first)
    let h = try combined(level, within: b)
    return DiscontinuityBandwidths(
      left: h.left, right: h.right, biasLeft: b.left, biasRight: b.right)
  }

  /// The optimal bandwidths of a stage, at most the reach of the data.
  private func combined(
    _ stage: Stage, within bandwidths: (left: Double, right: Double)
  ) throws(DiscontinuityError) -> (left: Double, right: Double) {
    let both = parallelMap(count: 2, threads: threads) { i in
      i == 0
        ? parts(left, stage, within: bandwidths.left)
        : parts(right, stage, within: bandwidths.right)
    }
    guard let l = both[0] else { throw .tooLittleVariation(side: .left) }
    guard let r = both[1] else { throw .tooLittleVariation(side: .right) }
    let (reachLeft, reachRight) = (left.side.range, right.side.range)
    switch rule {
    case .common:
      let difference = r.bias - l.bias
      let h = optimum(
        variance: l.variance + r.variance,
        squaredBias: difference * difference + l.regularisation + r.regularisation, rate: l.rate)
      let limited = min(h, max(reachLeft, reachRight))
      return (limited, limited)
    case .bySide:
      return (
        min(
          optimum(
            variance: l.variance, squaredBias: l.bias * l.bias + l.regularisation, rate: l.rate),
          reachLeft),
        min(
          optimum(
            variance: r.variance, squaredBias: r.bias * r.bias + r.regularisation, rate: r.rate),
          reachRight)
      )
    }
  }

  /// The h that balances them; a bias of exactly zero asks for everything there is.
  private func optimum(variance: Double, squaredBias: Double, rate: Double) -> Double {
    squaredBias > 0 ? Double.pow(variance / squaredBias, rate) : .infinity
  }

  /// Variance and bias of one side; nil where a fit has too few distinct values.
  private func parts(_ variance: SideVariance, _ stage: Stage, within bandwidth: Double) -> Parts? {
    let side = variance.side
    let (o, nu) = (stage.order, stage.derivative)
    guard
      let narrow = LocalPolynomial(side, order: o, bandwidth: pilot, kernel: kernel),
      let wide = LocalPolynomial(side, order: o + 1, bandwidth: bandwidth, kernel: kernel)
    else { return nil }
    let spread = LinearWeights(narrow, coefficient: nu).variance(
      side, of: variance.variances(first: narrow.count, around: narrow))
    let constant = narrow.biasConstant(nu)
    let scale = Double.pow(bandwidth, o + 1)
    let leading = wide.coefficients[o + 1] / scale
    var regularisation = 0.0
    if stage.regularised {
      let leadingVariance =
        LinearWeights(wide, coefficient: o + 1).variance(
          side, of: variance.variances(first: wide.count, around: wide)) / (scale * scale)
      regularisation = Double(2 * (o + 1 - nu)) * 3 * constant * constant * leadingVariance
    }
    // Odd derivatives of a function of the distance change sign with the side.
    let sign = nu % 2 == 1 ? side.sign : 1
    return Parts(
      variance: Double(2 * nu + 1) * pilot * spread,
      bias: sign * Double(2 * (o + 1 - nu)).squareRoot() * constant * leading,
      regularisation: regularisation, rate: 1 / Double(2 * o + 3))
  }
}
