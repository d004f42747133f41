import LinearAlgebra

/// How the search for a mixed model's parameters went.
public struct MixedFitRecord: Sendable, Equatable {
  /// θ at the start of the first search, columns scaled to unit size.
  public let start: [Double]
  /// Accepted steps of the last search.
  public let iterations: Int
  /// Evaluations of the criterion in all searches.
  public let evaluations: Int
  /// Iterations for the random effects' modes, over all evaluations; 0 for a linear model.
  public let modeIterations: Int
  public let ending: QuasiNewton.Ending
  /// max_i |g_i| · max(|x_i|, 1) / max(|f|, 1) at the end, and what it had to reach.
  public let scaledGradient: Double
  public let gradientTolerance: Double

  /// How much lower the criterion would be after one more step, by its curvature.
  public let promisedFall: Double

  /// Below this a further fall of the deviance moves no parameter by 1e-4 of its standard error.
  public static let negligibleFall = 1e-8

  /// Whether the gradient became small enough, or no fall was left that rounding lets be seen.
  public var converged: Bool {
    ending == .converged
      || (promisedFall <= Self.negligibleFall
        && (ending == .noProgress || ending == .lineSearchFailed))
  }

  init(
    _ minimum: QuasiNewton.Minimum, start: [Double], evaluations: Int, modeIterations: Int
  ) {
    self.start = start
    iterations = minimum.iterations
    self.evaluations = evaluations
    self.modeIterations = modeIterations
    ending = minimum.ending
    scaledGradient = minimum.scaledGradient
    gradientTolerance = minimum.gradientTolerance
    promisedFall = minimum.inverseHessian.quadraticForm(minimum.gradient) / 2
  }
}

/// What was estimated of one random term.
public struct RandomTermFit: Sendable, Equatable {
  public let group: String
  /// One name an effect.
  public let covariateNames: [String]
  /// Levels that have rows, in the order of their codes.
  public let levels: [String]
  /// The relative factor Λ: k × k, lower triangular, its diagonal at zero or above. The effects'
  /// covariance is ΛΛᵀ, times the residual variance in a linear model.
  public let relativeFactor: Matrix
  /// The effects' k × k covariance.
  public let covariance: Matrix
  /// Levels × k conditional modes.
  public let modes: Matrix
  /// The k × k conditional covariance of each level's effects, given the parameters, one after the
  /// other.
  public let conditionalCovariances: [Double]
  /// Whether the covariance has no full rank: an entry of the factor's diagonal is at its bound.
  public let isSingular: Bool

  /// The lower triangle of the relative factor by columns.
  public var theta: [Double] {
    var theta: [Double] = []
    for c in 0..<relativeFactor.columns {
      for r in c..<relativeFactor.rows { theta.append(relativeFactor[r, c]) }
    }
    return theta
  }

  public var standardDeviations: [Double] { covariance.diagonal.map { $0.squareRoot() } }

  /// The effects' correlations; 0 beside an effect that does not vary.
  public var correlations: Matrix {
    let deviations = standardDeviations
    var result = Matrix.identity(deviations.count)
    for c in deviations.indices {
      for r in deviations.indices where r != c && deviations[r] > 0 && deviations[c] > 0 {
        result[r, c] = covariance[r, c] / (deviations[r] * deviations[c])
      }
    }
    return result
  }

  /// The conditional covariance of one level's effects.
  public func conditionalCovariance(ofLevel level: Int) -> Matrix {
    let size = covariateNames.count * covariateNames.count
    return Matrix(
      rows: covariateNames.count, columns: covariateNames.count,
      storage: Array(conditionalCovariances[level * size..<(level + 1) * size]))
  }
}

extension MixedSystem {
  /// What the present Λ, cross products and inverse of M say of each input term.
  ///
  /// - Parameters:
  ///   - effects: Λu, a value a coefficient.
  ///   - variance: what covariances are multiplied with: σ² in a linear model, else 1.
  func termFits(
    _ data: MixedModelData, _ structure: MixedStructure, effects: [Double], variance: Double
  ) -> [RandomTermFit] {
    let panels = Scratch<Double>(count: layout.blocks.panelCount, repeating: 0)
    let tail = Scratch<Double>(count: layout.tailCount, repeating: 0)
    writeEffectCovariance(panels: panels, tail: tail)
    var fits = [RandomTermFit?](repeating: nil, count: layout.termCount)
    for t in 0..<layout.termCount {
      let term = structure.plan.terms[t]
      let input = data.terms[term.input]
      let scales = structure.scales.random[term.input]
      let k = term.width
      let order = term.inputCodes.indices.sorted { term.inputCodes[$0] < term.inputCodes[$1] }
      var modes = Matrix(rows: term.levels, columns: k)
      var covariances: [Double] = []
      covariances.reserveCapacity(term.levels * k * k)
      for (place, level) in order.enumerated() {
        let start = layout.columns[t].start + level * k
        let block = ownBlock(t, level, panels, tail)
        for c in 0..<k {
          modes[place, c] = effects[start + c] / scales[c]
          for r in 0..<k {
            covariances.append(
              variance * block.base[c * block.stride + r] / (scales[r] * scales[c]))
          }
        }
      }
      var factor = Matrix(rows: k, columns: k)
      var isSingular = false
      for c in 0..<k {
        let diagonal = factors[layout.columns[t].factorStart + c * k + c]
        isSingular = isSingular || abs(diagonal) < MixedStructure.singularTolerance
        for r in c..<k {
          factor[r, c] = factors[layout.columns[t].factorStart + c * k + r] / scales[r]
        }
      }
      fits[term.input] = RandomTermFit(
        group: term.group, covariateNames: input.covariateNames,
        levels: order.map { input.levels[Int(term.inputCodes[$0])] }, relativeFactor: factor,
        covariance: variance * Matrix.product(factor, factor, transposingSecond: true),
        modes: modes, conditionalCovariances: covariances, isSingular: isSingular)
    }
    return fits.compactMap { $0 }
  }

  /// The place of one level's own block among values laid out as the cross products.
  func ownBlock(
    _ t: Int, _ level: Int, _ panels: Scratch<Double>, _ tail: Scratch<Double>
  ) -> (base: UnsafePointer<Double>, stride: Int) {
    if t < layout.chainCount {
      let node = layout.nodeStarts[t] + level
      return (
        UnsafePointer(panels.base + layout.blocks.panelStarts[node]), layout.blocks.heights[node]
      )
    }
    let k = layout.columns[t].width
    return (UnsafePointer(tail.base + layout.ownStarts[t] + level * k * k), k)
  }

  /// The inverse of the fixed effects' part of the whole, in the input's units.
  func fixedCovariance(_ scales: ColumnScales) -> Matrix {
    var inverse = scaledFixedCovariance()
    for c in 0..<inverse.columns {
      for r in 0..<inverse.rows { inverse[r, c] /= scales.fixed[r] * scales.fixed[c] }
    }
    return inverse
  }

  /// The same of the columns scaled to unit size.
  func scaledFixedCovariance() -> Matrix {
    let p = layout.fixedCount
    let first = layout.blocks.remainder - p
    var lower = Matrix(rows: p, columns: p)
    for c in 0..<p {
      for r in c..<p {
        lower[r, c] = cholesky.dense[(first + c) * layout.blocks.remainder + first + r]
      }
    }
    return p > 0 ? CholeskyFactor(lower: lower).inverse() : lower
  }
}
