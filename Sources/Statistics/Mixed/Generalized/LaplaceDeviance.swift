import LinearAlgebra

/// −2 log-likelihood of a generalized linear mixed model by Laplace's approximation,
///
///     −2ℓ(y | η̂) + |û|² + log |M|,   M = ΛᵀZᵀWZΛ + I
///
/// at the modes û, as a function of θ and β, or of θ alone with β̂ at the joint mode of (u, β), the
/// fast approximation that `lme4` calls nAGQ = 0 (Bates, Mächler, Bolker & Walker 2015, "Computational
/// methods for mixed models", section 3). Its gradient is exact: the modes' and the weights' own
/// movement is in it by implicit differentiation and the likelihood's third derivatives (the scheme
/// of Kristensen, Nielsen, Berg, Skaug & Bell 2016, J. Stat. Softw. 70(5), eq. 7 - 9, by hand).
final class LaplaceDeviance {
  let structure: MixedStructure
  let modes: EffectModes
  /// Evaluations so far, of either criterion.
  private(set) var evaluations = 0
  private let covariancePanels: Scratch<Double>
  private let covarianceTail: Scratch<Double>
  /// Half the slope of log |M| in each row's predictor, doubled: leverage times third derivative.
  private let pull: Scratch<Double>

  init(_ modes: EffectModes) {
    self.modes = modes
    structure = modes.structure
    covariancePanels = Scratch(count: structure.layout.blocks.panelCount, repeating: 0)
    covarianceTail = Scratch(count: structure.layout.tailCount, repeating: 0)
    pull = Scratch(count: structure.rows.count, repeating: 0)
  }

  private var system: MixedSystem { modes.system }

  /// The deviance, constant included, at the modes that were found last.
  var valueAtModes: Double {
    modes.penalized - 2 * modes.response.constant
      + system.cholesky.logDeterminant(dropping: structure.layout.fixedCount)
  }

  /// Where the search starts, from the modes at θ.
  func start(at theta: [Double]) throws(MixedModelError) -> CovarianceStart {
    system.set(theta: theta)
    try modes.start()
    guard try modes.find(withFixed: true) else {
      throw .modesNotFound(iterations: modes.iterations, decrement: .infinity)
    }
    system.invert(withFixed: false)
    return CovarianceStart(system, effects: system.multiply(modes.coefficients), variance: 1)
  }

  /// The criterion of θ alone and its gradient.
  func evaluateFast(_ theta: [Double]) throws(MixedModelError) -> (
    value: Double, gradient: [Double]
  ) {
    evaluations += 1
    modes.set(theta: theta)
    guard try modes.find(withFixed: true) else { return tooFar(theta.count) }
    return (valueAtModes, gradient(withFixed: true))
  }

  /// The criterion of θ followed by β, and its gradient.
  func evaluate(_ point: [Double]) throws(MixedModelError) -> (
    value: Double, gradient: [Double]
  ) {
    evaluations += 1
    let parameters = structure.layout.parameterCount
    modes.set(theta: Array(point[..<parameters]))
    for j in 0..<structure.layout.fixedCount {
      modes.coefficients[structure.layout.effectCount + j] = point[parameters + j]
    }
    guard try modes.find(withFixed: false) else { return tooFar(point.count) }
    return (valueAtModes, gradient(withFixed: false))
  }

  /// What the search takes as "too far".
  private func tooFar(_ count: Int) -> (value: Double, gradient: [Double]) {
    (.infinity, [Double](repeating: 0, count: count))
  }

  /// ∂/∂θ, then ∂/∂β unless the fixed effects are at their mode too.
  ///
  /// With s the rows' scores, t their pull on log |M|, v = (whole)⁻¹(ΛᵀZᵀt, Xᵀt) and
  /// e = t − W(ZΛv_u + Xv_β):
  ///
  ///     ∂/∂Λ_rc = Σ_levels [(−2 Zᵀs + Zᵀe)_r u_c + (Zᵀs)_r v_c] + ∂ log|M| at fixed W
  ///     ∂/∂β    = −2 Xᵀs + Xᵀe
  private func gradient(withFixed: Bool) -> [Double] {
    let layout = structure.layout
    let score = system.products.right.array
    system.invert(withFixed: false)
    var gradient = system.logDeterminantGradient(withFixed: false)
    system.writeEffectCovariance(panels: covariancePanels, tail: covarianceTail)
    sumPull()
    let pulled = system.products.right.array
    var v = system.multiply(pulled, transposed: true)
    let dropped = withFixed ? 0 : layout.fixedCount
    for j in v.count - dropped..<v.count { v[j] = 0 }
    v.withUnsafeMutableBufferPointer {
      system.cholesky.solveLower($0.baseAddress!, dropping: dropped)
      system.cholesky.solveUpper($0.baseAddress!, dropping: dropped)
    }
    let answered = system.productsTimes(system.multiply(v))
    let rest = zip(pulled, answered).map { $0 - $1 }
    var next = 0
    for t in 0..<layout.termCount {
      let columns = layout.columns[t]
      for c in 0..<columns.width {
        for r in c..<columns.width {
          var sum = 0.0
          for level in 0..<columns.levels {
            let start = columns.start + level * columns.width
            sum += (rest[start + r] - 2 * score[start + r]) * modes.coefficients[start + c]
            sum += score[start + r] * v[start + c]
          }
          gradient[next] += sum
          next += 1
        }
      }
    }
    if !withFixed {
      for j in layout.effectCount..<layout.order { gradient.append(rest[j] - 2 * score[j]) }
    }
    return gradient
  }

  fileprivate struct Pass: @unchecked Sendable {
    let structure: MixedStructure
    let panels: Scratch<Double>
    let tail: Scratch<Double>
    let third: Scratch<Double>
    let pull: Scratch<Double>
  }

  /// Writes each row's leverage times its third derivative, and sums the columns' products with it.
  private func sumPull() {
    let pass = Pass(
      structure: structure, panels: covariancePanels, tail: covarianceTail, third: modes.third,
      pull: pull)
    _ = parallelMap(count: structure.rows.blocks.count, threads: structure.threads) {
      pass.run($0)
    }
    system.products.sumRight(scores: pull)
  }
}

extension LaplaceDeviance.Pass {
  /// Leverages zᵀ(ΛM⁻¹Λᵀ)z of one block's rows, by the covariance of each run's levels.
  fileprivate func run(_ block: Int) {
    let rows = structure.rows
    let (k, f) = (rows.covariateCount, rows.featureCount)
    let local = Scratch<Double>(count: k * k, repeating: 0)
    for run in rows.blocks[block] {
      gather(run, local.base, k)
      for i in Int(rows.runStarts.base[run])..<Int(rows.runStarts.base[run + 1]) {
        let feature = rows.features.base + i * f
        var leverage = 0.0
        for a in 0..<k {
          let row = local.base + a * k
          var sum = 0.0
          for b in a + 1..<max(k, a + 1) { sum += row[b] * feature[b] }
          leverage += feature[a] * (row[a] * feature[a] + 2 * sum)
        }
        pull.base[i] = leverage * third.base[i]
      }
    }
  }

  /// The upper triangle, by rows, of the covariance of one run's effects, summed over those that
  /// share a covariate.
  private func gather(_ run: Int, _ local: UnsafeMutablePointer<Double>, _ k: Int) {
    let (layout, places) = (structure.layout, structure.places)
    let terms = layout.termCount
    let blocks = places.blocks.base + run * places.pairCount
    local.update(repeating: 0, count: k * k)
    layout.columns.withUnsafeBufferPointer { columns in
      structure.rows.covariateFeatures.withUnsafeBufferPointer { features in
        var place = 0
        for t in 0..<terms {
          let base = t < layout.chainCount ? panels.base : tail.base
          for u in t..<terms {
            let from = base + Int(blocks[place])
            place += 1
            let stride =
              t < layout.chainCount
              ? Int(places.strides.base[run * layout.chainCount + t]) : columns[u].width
            for c in 0..<columns[t].width {
              let a = features[columns[t].feature + c]
              for r in 0..<columns[u].width {
                let b = features[columns[u].feature + r]
                // Two terms stand on both sides of the diagonal, where only one side is gathered.
                let share = u > t && a == b ? 2.0 : u == t && a != b ? 0.5 : 1.0
                local[min(a, b) * k + max(a, b)] += share * from[c * stride + r]
              }
            }
          }
          // The block with the fixed effects.
          place += 1
        }
      }
    }
  }
}
