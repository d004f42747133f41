import LinearAlgebra

/// Where the search for θ starts: one step of expectation and maximisation away from identities.
///
/// The step sets each term's covariance to the mean over its levels of b·bᵀ + Var(b | y) (Laird &
/// Ware 1982, Biometrics 38, section 4), which brings terms with much data a level near their
/// optimum at once.
struct CovarianceStart {
  var theta: [Double]
  /// The inverse of the deviance's approximate curvature in θ.
  var inverseHessian: Matrix

  /// - Parameters:
  ///   - system: with the inverse of M found at identities.
  ///   - effects: Λu there.
  ///   - variance: σ² in a linear model, else 1.
  init(_ system: MixedSystem, effects: [Double], variance: Double) {
    let layout = system.layout
    let panels = Scratch<Double>(count: layout.blocks.panelCount, repeating: 0)
    let tail = Scratch<Double>(count: layout.tailCount, repeating: 0)
    system.writeEffectCovariance(panels: panels, tail: tail)
    var (theta, inverseHessian) = ([Double](), [Double]())
    for t in 0..<layout.termCount {
      let (k, levels) = (layout.columns[t].width, layout.columns[t].levels)
      var covariance = Matrix(rows: k, columns: k)
      // What the data say of an effect beside the prior of variance one, 1/V − 1, level by level.
      var information = [Double](repeating: 0, count: levels * k)
      for level in 0..<levels {
        let start = layout.columns[t].start + level * k
        let block = system.ownBlock(t, level, panels, tail)
        for c in 0..<k {
          for r in 0..<k {
            covariance[r, c] +=
              (effects[start + r] * effects[start + c] / variance
                + block.base[c * block.stride + r]) / Double(levels)
          }
          information[level * k + c] = max(1 / block.base[c * block.stride + c] - 1, 0)
        }
      }
      let factor = Self.factor(covariance)
      for c in 0..<k {
        for r in c..<k {
          theta.append(factor[r, c])
          let size = covariance[r, r]
          var curvature = 0.0
          for level in 0..<levels {
            let signal = size * information[level * k + r]
            curvature += (signal / (1 + signal)) * (signal / (1 + signal))
          }
          inverseHessian.append(0.25 * size / max(curvature, 1))
        }
      }
    }
    self.theta = theta
    self.inverseHessian = Matrix(diagonal: inverseHessian)
  }

  /// A factor of the covariance; a diagonal one where it has no full rank.
  private static func factor(_ covariance: Matrix) -> Matrix {
    do {
      return try CholeskyFactor(covariance).lower
    } catch {
      return Matrix(diagonal: covariance.diagonal.map { max($0, 1e-6).squareRoot() })
    }
  }
}
