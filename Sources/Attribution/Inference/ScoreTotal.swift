import RepeatContacts

/// The customers' scores in the link's coordinates, summed.
///
/// By Fisher's identity a customer's score is linear in the sums of one pass, so the sum of all scores
/// needs nothing but those sums.
package struct ScoreTotal {
  let layout: ScoreLayout
  let model: LinkModel
  let executor: any LinkExecutor

  package init(layout: ScoreLayout, model: LinkModel, executor: any LinkExecutor) {
    self.layout = layout
    self.model = model
    self.executor = executor
  }

  /// - Parameter slopes: derivatives of the background at these parameters' prior and concentration.
  package func value(
    _ parameters: LinkParameters, cells: ModeCells, slopes: BackgroundSlopes
  ) -> [Double] {
    let moved = model.replacing(cells: cells)
    let tables = PassTables(model: moved, parameters: parameters)
    let sums = executor.pass(model.data, tables)
    var score = [Double](repeating: 0, count: layout.linkCount)
    let coefficients = coefficientScores(moved, parameters, tables: tables, sums: sums)
    score.replaceSubrange(0..<layout.coefficientCount, with: coefficients)
    for g in 0..<tables.groups {
      score[layout.persistenceOffset[g]] =
        sums.kept[g] - parameters.persistence[g] * sums.linked[g]
      let delay = delayScores(g, parameters, tables: tables, sums: sums)
      for b in delay.indices { score[layout.delayOffset[g] + b] = delay[b] }
    }
    addBackground(sums, slopes, to: &score)
    return score
  }

  private func coefficientScores(
    _ model: LinkModel, _ parameters: LinkParameters, tables: PassTables, sums: PassSums
  ) -> [Double] {
    let cells = model.rate.cells
    let groups = tables.groups
    let exposure = model.coverage.exposures(parameters.delay)
    let predictor = model.rate.design.linearPredictor(parameters.coefficients)
    let link = model.rate.form.link
    var residual = [Double](repeating: 0, count: cells.cellCount)
    for o in 0..<cells.observedCount {
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[entry])
        let row = o * groups + Int(model.rate.cellGroup[cell])
        guard tables.rate[row] > 0 else { continue }
        residual[cells.settledCell(o)] +=
          cells.mixtureWeight[entry] * link.derivative(predictor[cell])
          * (sums.caused[row] / tables.rate[row] - exposure[row])
      }
    }
    return model.rate.design.transposeTimes(residual)
  }

  /// Scores of one group's delay logits, all bins but the last.
  private func delayScores(
    _ group: Int, _ parameters: LinkParameters, tables: PassTables, sums: PassSums
  ) -> [Double] {
    let bins = model.data.bins.count
    let mass = parameters.delay[group]
    let exposure = model.coverage.binExposures(
      rate: tables.rate, group: group, groups: tables.groups)
    var expected = 0.0
    for b in 0..<bins { expected += mass[b] * exposure[b] }
    return (0..<(bins - 1)).map { b in
      sums.delay[group * bins + b] - sums.linked[group] * mass[b]
        - mass[b] * (exposure[b] - expected)
    }
  }

  private func addBackground(
    _ sums: PassSums, _ slopes: BackgroundSlopes, to score: inout [Double]
  ) {
    let histogram = sums.background.histogram
    for (k, slope) in slopes.prior.enumerated() {
      var sum = -sums.background.customers * slopes.seen[k]
      for place in histogram.indices where histogram[place] > 0 {
        sum += histogram[place] * slope[place]
      }
      score[layout.priorOffset + k] = sum
    }
    guard let mix = layout.mixOffset else { return }
    let stride = sums.background.stride
    for place in histogram.indices where histogram[place] > 0 {
      score[mix] -= histogram[place] * slopes.risingTotal[place % stride]
    }
    for place in sums.topicHistogram.indices {
      score[mix] += sums.topicHistogram[place] * slopes.rising[place]
    }
  }
}
