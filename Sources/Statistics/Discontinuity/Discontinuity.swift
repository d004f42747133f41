/// The jump of a mean outcome where a running variable passes a cutoff (sharp design).
///
/// Local polynomials on both sides, bandwidths that minimise the mean squared error, and an interval
/// that is right although they do: the bias is estimated by a polynomial of one degree more and
/// subtracted, and the error counts it (Calonico, Cattaneo & Titiunik 2014, Econometrica 82, 2295 -
/// 2326; Calonico, Cattaneo & Farrell 2020, Econometrics Journal 23). Conventions where papers leave
/// a choice (the regularisation, the pilot, repeated values) are those of the authors' `rdrobust`.
public struct Discontinuity: Sendable {
  public let cutoff: Double
  /// 1 or 2.
  public let degree: Int
  public let kernel: LocalKernel
  public let variance: DiscontinuityVariance
  /// How bandwidths are chosen where none is given.
  public let rule: BandwidthRule
  /// Half-width of the windows of the estimate and of its bias; nil to choose them.
  public let bandwidth: Double?

  /// Fewer observations than this do not support a choice of bandwidths.
  public static let fewestForSelection = 20
  /// From this share of repeated values on a side, bandwidths hold ten distinct values.
  static let repeatedShare = 0.2
  static let fewestDistinctOfRepeated = 10

  public init(
    cutoff: Double, degree: Int = 1, kernel: LocalKernel = .triangular,
    variance: DiscontinuityVariance = .nearestNeighbour(matches: 3), rule: BandwidthRule = .common,
    bandwidth: Double? = nil
  ) {
    self.cutoff = cutoff
    self.degree = degree
    self.kernel = kernel
    self.variance = variance
    self.rule = rule
    self.bandwidth = bandwidth
  }

  /// Estimates the jump; an observation at the cutoff is on the right of it.
  ///
  /// - Complexity: O(n log n) for sorting, then a few passes over the windows.
  public func estimate(
    outcomes: [Double], running: [Double], threads: Int = 1
  ) throws(DiscontinuityError) -> DiscontinuityEstimate {
    try checkOptions()
    let sample = try RunningSample(outcomes: outcomes, running: running, cutoff: cutoff)
    return try estimate(sample, threads: threads)
  }

  /// The jump, and whether the density jumps too; nil where a side has too few distinct values.
  public func estimateWithDensity(
    outcomes: [Double], running: [Double], threads: Int = 1
  ) throws(DiscontinuityError) -> (estimate: DiscontinuityEstimate, density: DensityTest?) {
    try checkOptions()
    let sample = try RunningSample(outcomes: outcomes, running: running, cutoff: cutoff)
    return (
      try estimate(sample, threads: threads),
      DensityTest(DistributionSides(sample, cutoff: cutoff))
    )
  }

  /// Estimates the jump of a sample that was sorted before.
  func estimate(
    _ sample: RunningSample, threads: Int
  ) throws(DiscontinuityError) -> DiscontinuityEstimate {
    for (side, name) in [(sample.left, DiscontinuityError.Side.left), (sample.right, .right)]
    where side.distinctCount < degree + 2 {
      throw .tooFewDistinctValues(
        side: name, count: side.distinctCount, needed: degree + 2, bandwidth: nil)
    }
    let sides = parallelMap(count: 2, threads: threads) { i in
      SideVariance(side: i == 0 ? sample.left : sample.right, estimator: variance)
    }
    let scaled = try bandwidths(sample, sides, threads)
    let both = parallelMap(count: 2, threads: threads) { i in
      Result { () throws(DiscontinuityError) in
        try fit(
          sides[i], i == 0 ? scaled.left : scaled.right,
          bias: i == 0 ? scaled.biasLeft : scaled.biasRight, scale: sample.runningScale)
      }
    }
    let (left, right) = (try both[0].get(), try both[1].get())
    let unit = sample.outcomeScale
    return DiscontinuityEstimate(
      conventional: jump(left.conventional, right.conventional, unit),
      robust: jump(left.robust, right.robust, unit),
      bandwidths: bandwidth.map {
        DiscontinuityBandwidths(left: $0, right: $0, biasLeft: $0, biasRight: $0)
      } ?? scaled.scaled(by: sample.runningScale),
      levels: (
        sample.outcomeMean + unit * left.conventional.level,
        sample.outcomeMean + unit * right.conventional.level
      ),
      observations: (sample.left.count, sample.right.count),
      inside: (left.inside, right.inside),
      distinct: (sample.left.distinctCount, sample.right.distinctCount), kernel: kernel,
      degree: degree, variance: variance, rule: bandwidth == nil ? rule : nil)
  }

  private func checkOptions() throws(DiscontinuityError) {
    guard degree == 1 || degree == 2 else { throw .degreeOutOfRange(degree) }
    if let bandwidth, !(bandwidth > 0 && bandwidth.isFinite) {
      throw .bandwidthOutOfRange(bandwidth)
    }
  }

  /// Bandwidths in standard deviations of the running variable.
  private func bandwidths(
    _ sample: RunningSample, _ sides: [SideVariance], _ threads: Int
  ) throws(DiscontinuityError) -> DiscontinuityBandwidths {
    if let bandwidth {
      // Beyond any data a bandwidth weighs all alike, however large.
      let h = min(bandwidth / sample.runningScale, RunningSide.unreachable / 2)
      return DiscontinuityBandwidths(left: h, right: h, biasLeft: h, biasRight: h)
    }
    let count = sample.left.count + sample.right.count
    guard count >= Discontinuity.fewestForSelection else {
      throw .tooFewObservations(count: count, needed: Discontinuity.fewestForSelection)
    }
    let (l, r) = (sample.left.outcomeVaries, sample.right.outcomeVaries)
    if !l && !r { throw .constantOutcomeBySide(side: nil) }
    if rule == .bySide && !(l && r) { throw .constantOutcomeBySide(side: l ? .right : .left) }
    let repeated = [sample.left, sample.right].contains {
      1 - Double($0.distinctCount) / Double($0.count) >= Discontinuity.repeatedShare
    }
    return try BandwidthSelection(
      left: sides[0], right: sides[1], kernel: kernel, degree: degree, rule: rule,
      pilotSpread: sample.pilotSpread,
      pilotCount: sample.left.distinctCount + sample.right.distinctCount,
      fewestDistinct: repeated ? Discontinuity.fewestDistinctOfRepeated : nil, threads: threads
    ).bandwidths()
  }

  /// A level at the cutoff with the variance of its estimate.
  private struct Level: Sendable {
    let level: Double
    let variance: Double
  }

  private struct SideFit: Sendable {
    let conventional: Level
    let robust: Level
    let inside: Int
  }

  private func fit(
    _ variance: SideVariance, _ h: Double, bias b: Double, scale: Double
  ) throws(DiscontinuityError) -> SideFit {
    let side = variance.side
    let narrow = try polynomial(side, degree, h, scale)
    let wide = try polynomial(side, degree + 1, b, scale)
    let window = max(narrow.count, wide.count)
    let plain = LinearWeights(narrow, coefficient: 0)
    let corrected = LinearWeights(level: narrow, biasFrom: wide)
    let single = variance.variances(first: window, around: narrow)
    let singleWide =
      if case .nearestNeighbour = self.variance { single } else {
        variance.variances(first: window, around: wide)
      }
    return SideFit(
      conventional: Level(
        level: plain.estimate(side), variance: plain.variance(side, of: single)),
      robust: Level(
        level: corrected.estimate(side), variance: corrected.variance(side, of: singleWide)),
      inside: narrow.count)
  }

  private func polynomial(
    _ side: RunningSide, _ order: Int, _ bandwidth: Double, _ scale: Double
  ) throws(DiscontinuityError) -> LocalPolynomial {
    // Powers of distances that are all far below the bandwidth cannot be told apart in its unit.
    let unit = side.range < bandwidth / 2 ? max(side.range, 1e-250) : bandwidth
    if let fit = LocalPolynomial(
      side, order: order, bandwidth: bandwidth, kernel: kernel, unit: unit)
    {
      return fit
    }
    throw .tooFewDistinctValues(
      side: side.sign < 0 ? .left : .right,
      count: side.distinctInside(side.countInside(bandwidth, kernel)), needed: order + 1,
      bandwidth: self.bandwidth ?? bandwidth * scale)
  }

  private func jump(
    _ left: Level, _ right: Level, _ unit: Double
  ) -> DiscontinuityEstimate.Inference {
    DiscontinuityEstimate.Inference(
      estimate: unit * (right.level - left.level),
      standardError: unit * (right.variance + left.variance).squareRoot())
  }
}
