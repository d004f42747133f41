import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

/// Customers' scores at the fit, the residual of every contact, and customers' influences on the
/// figures: what any further covariate of κ would find, without a refit.
///
/// A covariate z with coefficient β on log κ, whatever κ's own link, has the score Σ_i z_i r_i with
/// r_i = Σ_j p_ij − κ_i exposure_i. What of it the other parameters explain is projected out by
/// the customers' outer products; with V the variance that is left, β̂ = U/V to first order and U/√V is
/// standard normal where β = 0 (Rao's score test with clustered variance; Boos 1992, Am. Stat. 46).
/// A figure t then moves by −β̂ Σ_c IF_t(c) s_z(c).
package struct ScoreField: Sendable {
  package let data: LinkData
  /// Contacts of the log for each contact looked at.
  let scale: Double
  /// r_i.
  private let residual: [Double]
  /// κ_i exposure_i: what a unit of β brings.
  private let slope: [Double]
  private let scores: [Double]
  private let width: Int
  private let inverse: Matrix?
  private let total: [Double]
  /// Customers' influences on the targets, `customer * targets + t`; variance is scale × Σ IF².
  package let influence: [Double]
  let targetCount: Int

  init(_ fitted: FittedAttribution, sandwich: Sandwich, targets: [RefuterTarget], tree: LinkTree) {
    let full = fitted.data
    // The customers that the sandwich was taken from.
    let sample = tree.sample(atMost: Sandwich.maximumContacts, weightings: []).tree
    data = sample.data
    scale = Double(full.count) / Double(max(data.count, 1))
    let model = LinkModel(
      data: data, rate: fitted.fit.model.rate, background: fitted.fit.model.background)
    let parameters = fitted.fit.parameters
    let layout = sandwich.layout
    let tables = PassTables(model: model, parameters: parameters)
    let slopes = BackgroundSlopes(
      model: model, parameters: parameters, stride: tables.prior.stride)
    let plan = layout.plan(
      cells: fitted.cells, slopes: slopes, rateScores: fitted.rateScores(layout).rows)
    let all = fitted.executor.customerScores(data, tables, plan)
    let count = layout.count
    let links = layout.linkCount
    let customers = data.customerCount
    width = links
    var scores = [Double](repeating: 0, count: customers * links)
    for c in 0..<customers {
      for k in 0..<links { scores[c * links + k] = all[c * count + k] }
    }
    self.scores = scores
    var total = [Double](repeating: 0, count: links)
    for c in 0..<customers { for k in 0..<links { total[k] += scores[c * links + k] } }
    self.total = total
    inverse = ScoreField.inverse(scores, width: links)
    targetCount = targets.count
    influence = sandwich.influence(on: targets.map(\.indices), scores: all)
    (residual, slope) = ScoreField.residuals(fitted, tree: sample, tables: tables)
  }

  /// Residual and slope of every contact.
  private static func residuals(_ fitted: FittedAttribution, tree: LinkTree, tables: PassTables)
    -> ([Double], [Double])
  {
    let data = tree.data
    let brought = tree.broughtByContact()
    var residual = [Double](repeating: 0, count: data.count)
    var slope = residual
    for i in 0..<data.count {
      let first = Int(data.cell[i]) * tables.groups
      let covered = fitted.functionals.exposure(
        delay: fitted.fit.parameters.delay, left: data.end - data.time[i])
      for g in 0..<tables.groups { slope[i] += tables.rate[first + g] * covered[g] }
      residual[i] = brought[i] - slope[i]
    }
    return (residual, slope)
  }

  /// (Σ s sᵀ)⁻¹, on scaled columns with a ridge of 1e-9: directions that no customer tells drop out.
  static func inverse(_ scores: [Double], width: Int) -> Matrix? {
    var products = Matrix(rows: width, columns: width)
    for first in stride(from: 0, to: scores.count, by: width) {
      for a in 0..<width where scores[first + a] != 0 {
        let s = scores[first + a]
        for b in 0...a { products[a, b] += s * scores[first + b] }
      }
    }
    products.mirrorLowerTriangle()
    let scales = products.diagonal.map { $0 > 0 ? 1 / $0.squareRoot() : 1 }
    for a in 0..<width { for b in 0..<width { products[a, b] *= scales[a] * scales[b] } }
    products.addToDiagonal(products.diagonal.map { $0 > 0 ? 1e-9 : 1 })
    guard var inverse = try? CholeskyFactor(products).inverse() else { return nil }
    for a in 0..<width { for b in 0..<width { inverse[a, b] *= scales[a] * scales[b] } }
    return inverse
  }

  /// What a covariate finds.
  package struct Finding: Sendable {
    /// Repeats that the covariate's interactions seem to bring, with the standard error.
    package var caused: Double
    package var causedError: Double
    package var z: Double
    /// How far each target would move were the covariate adjusted for.
    package var moves: [Double]
  }

  /// - Parameter covariate: its value by contact of `data`.
  /// - Returns: nil where the other parameters explain it all.
  package func finding(_ covariate: [Double]) -> Finding? {
    guard let inverse else { return nil }
    var (score, square, reach) = (0.0, 0.0, 0.0)
    var cross = [Double](repeating: 0, count: width)
    var shared = [Double](repeating: 0, count: targetCount)
    for c in 0..<data.customerCount {
      var own = 0.0
      for i in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) {
        own += covariate[i] * residual[i]
        reach += covariate[i] * slope[i]
      }
      guard own != 0 else { continue }
      score += own
      square += own * own
      for k in 0..<width { cross[k] += own * scores[c * width + k] }
      for t in 0..<targetCount { shared[t] += own * influence[c * targetCount + t] }
    }
    let projection = inverse * cross
    let variance = square - dot(cross, projection)
    guard variance > 1e-9 * square, variance > 0 else { return nil }
    let efficient = score - dot(total, projection)
    let coefficient = efficient / variance
    return Finding(
      caused: coefficient * reach * scale,
      causedError: abs(reach) * scale / variance.squareRoot(),
      z: efficient / variance.squareRoot(), moves: shared.map { -coefficient * scale * $0 })
  }

  /// By how many units' worth a sum over units varies: (Σ R²)² / Σ R⁴ with R the units' sums of
  /// residuals. What is random by unit has a mean square with that many degrees of freedom.
  func effectiveUnits(_ unit: [Int32], count: Int) -> Double {
    var sums = [Double](repeating: 0, count: count)
    for i in 0..<data.count where unit[i] >= 0 { sums[Int(unit[i])] += residual[i] }
    var (square, fourth) = (0.0, 0.0)
    for sum in sums {
      square += sum * sum
      fourth += sum * sum * sum * sum
    }
    return fourth > 0 ? square * square / fourth : 1
  }
}
