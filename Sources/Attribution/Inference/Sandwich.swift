import Execution
import LinearAlgebra
import RepeatContacts

/// The covariance of the log's totals by the sandwich from exact customer scores.
///
/// Meat: outer products of the customers' scores (Fisher's identity: the posterior expectation of the
/// complete data's score). Bread: minus the derivative of the summed score, which is Louis's observed
/// information, link uncertainty included, taken by differencing the exact score, with the penalties'
/// curvature. Totals follow by the delta method.
package struct Sandwich: Sendable {
  /// Covariance of the parameters, in the layout's order.
  package let covariance: Matrix
  /// Covariance of the totals (`EffectLayout`); empty where none were asked for.
  package let totals: Matrix
  /// Covariance of the four parts as estimates of what the customer base brings in such a period, of
  /// which this log is one instance (see `PartScores`).
  package let population: Matrix
  package let layout: ScoreLayout
  /// Inverse of the bread: a customer's influence on the parameters is this times the score.
  package let inverse: Matrix
  /// Derivatives of the totals, a row a total.
  package let gradient: Matrix

  /// Customers whose contacts the bread and the meat are taken from at most; more are represented
  /// by every n-th.
  package static let maximumContacts = 150_000

  /// Customers' influences on sums of totals: gradient × bread⁻¹ × score; variance is Σ IF².
  ///
  /// - Parameters:
  ///   - sums: places of the totals in each sum.
  ///   - scores: of customers, `customer * layout.count + coordinate`.
  /// - Returns: `customer * sums.count + sum`.
  func influence(on sums: [[Int]], scores: [Double]) -> [Double] {
    let count = layout.count
    let weights = gradient * inverse
    let rows = sums.map { sum in
      (0..<count).map { k in sum.reduce(0) { $0 + weights[$1, k] } }
    }
    let customers = scores.count / count
    var result = [Double](repeating: 0, count: customers * sums.count)
    for c in 0..<customers {
      for (t, row) in rows.enumerated() {
        var influence = 0.0
        for k in 0..<count { influence += row[k] * scores[c * count + k] }
        result[c * sums.count + t] = influence
      }
    }
    return result
  }

  package init(
    layout: ScoreLayout, functionals: SplitFunctionals?, cells: ModeCells, rates: ModeRates,
    rateScores: RateScores, executor: any LinkExecutor, threads: Int,
    progress: @Sendable (Double) -> Void = { _ in }
  ) throws {
    self.layout = layout
    let fit = layout.fit
    let full = fit.model.data
    let data = full.sampled(atMost: Sandwich.maximumContacts, salt: 77)
    let scale = Double(full.count) / Double(max(data.count, 1))
    let model = LinkModel(data: data, rate: fit.model.rate, background: fit.model.background)
    let n = layout.count
    let links = layout.linkCount

    let total = ScoreTotal(layout: layout, model: model, executor: executor)
    let stride = PassTables(model: model, parameters: fit.parameters).prior.stride
    let slopes = BackgroundSlopes(model: model, parameters: fit.parameters, stride: stride)
    func score(
      _ parameters: LinkParameters, _ cells: ModeCells, _ slopes: BackgroundSlopes
    ) -> [Double] {
      var score = total.value(parameters, cells: cells, slopes: slopes)
      for k in 0..<layout.coefficientCount {
        score[k] -= model.rate.ridge[k] * parameters.coefficients[k] / scale
      }
      return score
    }
    let centre = score(fit.parameters, cells, slopes)
    var bread = Matrix(rows: n, columns: n)
    let h = 1e-4
    for k in 0..<links {
      let step = k < layout.coefficientCount ? h * fit.model.rate.coefficientScale : h
      let moved = layout.moved(k, by: step)
      // Shares, intensity and interval weights stay, so the background's slopes move with the prior
      // and the concentration only.
      let up = score(
        moved, cells,
        k < layout.priorOffset
          ? slopes : BackgroundSlopes(model: model, parameters: moved, stride: stride))
      for i in 0..<links { bread[i, k] = -(up[i] - centre[i]) / step * scale }
      progress(Double(k) / Double(n))
    }
    // The prior's own penalties (see RatePrior and the concentration's update).
    for k in 0..<layout.priorCount where k < 4 && k % 2 == 1 {
      bread[layout.priorOffset + k, layout.priorOffset + k] += RatePrior.logPenalty
    }
    if full.topicCount == 1 {
      // Every repeat is about the one topic there is: whether it kept it says nothing and moves nothing.
      for k in layout.persistenceOffset { bread[k, k] += 1 }
    }
    if let mixOffset = layout.mixOffset { bread[mixOffset, mixOffset] += RatePrior.logPenalty }
    let uncertain = cells.hasUnknown
    for k in links..<n {
      if uncertain {
        let moved = cells.reweighted(
          layout.movedRates(rates, k, by: h, context: cells.context))
        let up = score(fit.parameters, moved, slopes)
        for i in 0..<links { bread[i, k] = -(up[i] - centre[i]) / h * scale }
      }
      for i in links..<n { bread[i, k] = rateScores.information[i - links, k - links] }
      progress(Double(k) / Double(n))
    }
    let parts = functionals.map {
      PartScores(functionals: $0, fit: fit, cells: cells, rates: rates)
    }
    let further = parts == nil ? 0 : PartScores.count
    let plan = layout.plan(
      cells: cells, slopes: slopes,
      rateScores: parts?.appended(to: rateScores.rows, from: n) ?? rateScores.rows,
      further: further)
    let products = executor.scoreProducts(
      data, PassTables(model: model, parameters: fit.parameters), plan)
    let all = n + further
    var joint = Matrix(rows: all, columns: all, storage: products.map { $0 * scale })
    for i in links..<n {
      for j in links..<n { joint[i, j] += rateScores.unlinkedProducts[i - links, j - links] }
    }
    let meat = joint.submatrix(rows: Array(0..<n), columns: Array(0..<n))
    let customers = Double(max(data.customerCount, 2))
    do {
      inverse = try LUFactor(bread).inverse()
    } catch {
      throw AttributionError.notIdentified(reason: "\(error)")
    }
    let correction = customers / (customers - 1)
    covariance = correction * (inverse * meat * inverse.transposed)

    guard let functionals else {
      totals = Matrix(rows: 0, columns: 0)
      population = totals
      gradient = totals
      return
    }
    gradient = SplitGradient(
      functionals: functionals, layout: layout, cells: cells, rates: rates
    ).matrix(threads: threads)
    totals = gradient * covariance * gradient.transposed
    let slopesOfParts =
      gradient.submatrix(
        rows: Array(0..<PartScores.count), columns: Array(0..<n)) * inverse
    var influence = Matrix(rows: PartScores.count, columns: all)
    for k in 0..<PartScores.count {
      for c in 0..<n { influence[k, c] = slopesOfParts[k, c] }
      influence[k, n + k] = 1
    }
    population = correction * (influence * joint * influence.transposed)
  }
}
