import LinearAlgebra
import RealModule

/// Whether the density of a running variable jumps at the cutoff: a sign that units chose their side.
///
/// A local cubic fit to the empirical distribution function on each side, with a triangular kernel
/// and a jackknife variance, in bandwidths that are optimal for the local quadratic fit (Cattaneo,
/// Jansson & Ma 2020, J. Am. Stat. Assoc. 115, 1449 - 1455; bandwidths: Cattaneo, Jansson & Ma 2018,
/// Stata Journal 18, 234 - 261). Repeated values share the distribution function of the last.
public struct DensityTest: Sendable, Equatable {
  /// Density at the cutoff from the left and from the right.
  public let left: Density
  public let right: Density
  /// The jump over its error, asymptotically standard normal.
  public let statistic: Double
  /// Two-sided.
  public let pValue: Double

  public struct Density: Sendable, Equatable {
    public let estimate: Double
    public let standardError: Double
    public let bandwidth: Double
    /// Observations within the bandwidth.
    public let inside: Int
  }

  /// Tests the running variable; nil where a side has too few distinct values for the fits.
  ///
  /// - Throws: `DiscontinuityError` for values and the cutoff.
  public init?(running: [Double], cutoff: Double) throws(DiscontinuityError) {
    self.init(try DistributionSides(running: running, cutoff: cutoff))
  }

  init?(_ sorted: DistributionSides) {
    guard let widths = DensityBandwidths(sorted),
      let fit = DensityFit(sorted, left: widths.left, right: widths.right, order: 3),
      fit.variances.difference > 0
    else { return nil }
    let unit = sorted.scale
    left = Density(
      estimate: fit.left.density / unit, standardError: fit.variances.left.squareRoot() / unit,
      bandwidth: widths.left * unit, inside: fit.left.count)
    right = Density(
      estimate: fit.right.density / unit, standardError: fit.variances.right.squareRoot() / unit,
      bandwidth: widths.right * unit, inside: fit.right.count)
    statistic =
      (fit.right.density - fit.left.density) / fit.variances.difference.squareRoot()
    pValue = NormalDistribution.twoSided(statistic)
  }
}

/// The bandwidths of a density test, by side: the median of the optimum for the side's density, for
/// the difference and for the sum of both.
private struct DensityBandwidths {
  let left: Double
  let right: Double

  /// The order whose bandwidths are optimal; the test's own is one higher.
  private static let order = 2
  /// Each bandwidth holds this many observations and distinct values.
  private static let fewest = 20 + order + 1
  /// Pilot constants of a normal reference and the uniform kernel, e'S⁻¹GS⁻¹e / (e'S⁻¹c)² times
  /// (order + 1)!² with the moments of 1/2 on 0...1: of the density by order 2 and of the third
  /// derivative of the distribution function by order 4.
  private static let densityConstant = 3840.0 / 7
  private static let derivativeConstant = 37_739_520.0 / 11
  /// (S⁻¹c)₁ of the triangular kernel at order 2: what the bias is of the third derivative.
  private static let biasConstant = -3.0 / 7

  init?(_ sides: DistributionSides) {
    let n = Double(sides.count)
    let z = sides.meanFromCutoff
    let reference = NormalDistribution.density(z)
    let (h2, h4) = (z * z - 1, (z * z - 6) * z * z + 3)
    let floors = sides.floors(DensityBandwidths.fewest)
    let widest = max(sides.left.range, sides.right.range)
    func pilot(_ constant: Double, _ share: Double, _ hermite: Double, _ extra: Int, _ root: Double)
      -> Double
    {
      let optimum = Double.pow(share / (hermite * hermite * reference) * constant / n, 1 / root)
      let least = sides.floors(DensityBandwidths.fewest + extra)
      return max(min(optimum, widest), least.left, least.right)
    }
    let derivativePilot = pilot(DensityBandwidths.derivativeConstant, 5.0 / 4, h4, 1, 9)
    let densityPilot = pilot(DensityBandwidths.densityConstant, 1.0 / 4, h2, 0, 5)
    guard
      let third = DensityFit(sides, left: derivativePilot, right: derivativePilot, order: 4),
      let plain = DensityFit(sides, left: densityPilot, right: densityPilot, order: 2)
    else { return nil }
    let biases = (
      left: third.left.thirdCoefficient * DensityBandwidths.biasConstant,
      right: third.right.thirdCoefficient * DensityBandwidths.biasConstant
    )
    func optimum(_ variance: Double, _ bias: Double) -> Double {
      bias == 0 ? .infinity : Double.pow(densityPilot * variance / (4 * bias * bias), 0.2)
    }
    let both = max(floors.left, floors.right)
    let difference = max(
      min(optimum(plain.variances.difference, biases.right - biases.left), widest), both)
    let sum = max(min(optimum(plain.variances.sum, biases.right + biases.left), widest), both)
    let ownLeft = max(
      min(optimum(plain.variances.left, biases.left), sides.left.range), floors.left)
    let ownRight = max(
      min(optimum(plain.variances.right, biases.right), sides.right.range), floors.right)
    left = [ownLeft, difference, sum].sorted()[1]
    right = [ownRight, difference, sum].sorted()[1]
  }
}
