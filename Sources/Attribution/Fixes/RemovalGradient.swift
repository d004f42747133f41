import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

/// Derivatives, in the layout's coordinates, of what removals avoid on the log's own tree.
///
/// What a removal avoids is E[realised | log, θ]: it depends on θ through the links' probabilities p and
/// through the fractions f that the removal takes. With lost_j = Σ_i p_ij (1 − (1 − lost_i)(1 − f_i)) and
/// λ_j, what hangs on contact j,
///
///     ∂/∂p_ij = λ_j (1 − (1 − lost_i)(1 − f_i))        ∂/∂f_i = (1 − lost_i) Σ_j p_ij λ_j
///
/// so that one walk of the tree a removal gives all that a coordinate needs: dp by one exact E step a
/// coordinate, df by the cells' moves. Both are forward differences.
///
/// Why it is this derivative that errors follow from: the gain that is realised in the log, R, has
/// E[R | log, θ₀] = A(θ₀), and θ̂ is a function of the log, so E[(A(θ̂) − R)²] is E[(A(θ̂) − A(θ₀))²],
/// which is ∇A V ∇Aᵀ, plus E[Var(R | log, θ₀)], with no term between them. The log's own repeats are
/// in p, and so not a second time in the gradient.
package struct RemovalGradient {
  let totals: RemovalTotals
  let layout: ScoreLayout
  let cells: ModeCells
  let rates: ModeRates
  let executor: any LinkExecutor

  package init(
    totals: RemovalTotals, layout: ScoreLayout, cells: ModeCells, rates: ModeRates,
    executor: any LinkExecutor
  ) {
    self.totals = totals
    self.layout = layout
    self.cells = cells
    self.rates = rates
    self.executor = executor
  }

  /// Sensitivities of one value of one removal: to pairs' probabilities, to cells' fractions.
  private struct Sensitivity: Sendable {
    var pair: [Int32] = []
    var pairValue: [Double] = []
    var cell: [Int32] = []
    var cellValue: [Double] = []
  }

  /// One row a removal and weighting, in the order of `RemovalTotals.values` laid end to end.
  ///
  /// - Parameter whole: the log's own tree under the fit.
  package func matrix(_ removals: [PartRemoval], tree whole: LinkTree) -> Matrix {
    let full = whole.data.count
    let parameters = layout.fit.parameters
    let (tree, weightings) = whole.sample(
      atMost: Sandwich.maximumContacts, weightings: totals.weightings)
    let data = tree.data
    let centre = tree.probability
    let scale = Double(full) / Double(max(data.count, 1))
    let model =
      data.count < full
      ? LinkModel(
        data: data, rate: layout.fit.model.rate, background: layout.fit.model.background)
      : layout.fit.model
    let fractions = totals.fractions(
      removals, parameters, rates: rates, weights: cells.mixtureWeight)
    let sets = RemovalSets(removals.map(\.parts), effects: totals.effects)
    let touched = touchedCells(sets)
    let sensitivities = parallelMap(count: removals.count, threads: totals.threads) { k in
      RemovalGradient.sensitivities(
        tree, fraction: fractions[k], touched: touched[k], weightings: weightings)
    }.flatMap { $0 }
    var result = Matrix(rows: sensitivities.count, columns: layout.count)

    func addLinks(_ column: Int, _ tables: PassTables, step: Double) {
      let moved = executor.probabilities(data, tables)
      let slopes = parallelMap(count: sensitivities.count, threads: totals.threads) { row in
        let one = sensitivities[row]
        var sum = 0.0
        for k in one.pair.indices {
          let pair = Int(one.pair[k])
          sum += one.pairValue[k] * (moved[pair] - centre[pair])
        }
        return sum / step
      }
      for (row, slope) in slopes.enumerated() { result[row, column] += scale * slope }
    }
    let h = 1e-4
    for k in 0..<layout.linkCount {
      let step = k < layout.coefficientCount ? h * model.rate.coefficientScale : h
      addLinks(
        k, PassTables(model: model, parameters: layout.moved(k, by: step)), step: step)
    }
    if cells.hasUnknown {
      for k in layout.linkCount..<layout.count {
        let moved = cells.reweighted(layout.movedRates(rates, k, by: h, context: cells.context))
        addLinks(
          k, PassTables(model: model.replacing(cells: moved), parameters: parameters), step: h)
      }
    }
    addCells(sensitivities, removals, sets, weightings: weightings.count, scale: scale, to: &result)
    return result
  }

  /// Walks the tree down and up for one removal.
  private static func sensitivities(
    _ tree: LinkTree, fraction: [Double], touched: [Bool], weightings: [[Double]?]
  ) -> [Sensitivity] {
    let data = tree.data
    let removal = LinkTree.Removal(tree) { fraction[Int(data.cell[$0])] }
    return weightings.map { weight in
      let worth = tree.hanging(removal, weight: weight)
      var result = Sensitivity()
      var brings = [Double](repeating: 0, count: data.count)
      for j in 0..<data.count {
        var pair = data.pairStart[j]
        for i in Int(data.firstPrior[j])..<j {
          brings[i] += tree.probability[pair] * worth[j]
          let taken = 1 - (1 - removal.lost[i]) * (1 - removal.fraction[i])
          if taken != 0 {
            result.pair.append(Int32(pair))
            result.pairValue.append(worth[j] * taken)
          }
          pair += 1
        }
      }
      var byCell = [Double](repeating: 0, count: fraction.count)
      for i in 0..<data.count where touched[Int(data.cell[i])] {
        byCell[Int(data.cell[i])] += (1 - removal.lost[i]) * brings[i]
      }
      for o in byCell.indices where byCell[o] != 0 {
        result.cell.append(Int32(o))
        result.cellValue.append(byCell[o])
      }
      return result
    }
  }

  /// By removal, the observed cells that it can take something of.
  private func touchedCells(_ sets: RemovalSets) -> [[Bool]] {
    var touched = [[Bool]](
      repeating: [Bool](repeating: false, count: cells.observedCount), count: sets.sets.count)
    for o in 0..<cells.observedCount {
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let plan = Int(totals.effects.planOfCell[Int(cells.mixtureCell[entry])])
        for (set, _) in sets.touching[plan] { touched[set][o] = true }
      }
    }
    return touched
  }

  /// Adds what moves through the fractions: each cell once as it is, and once more for every way in
  /// which a coordinate can move it.
  private func addCells(
    _ sensitivities: [Sensitivity], _ removals: [PartRemoval], _ sets: RemovalSets,
    weightings: Int, scale: Double, to result: inout Matrix
  ) {
    var rows = [[(row: Int32, value: Double)]](repeating: [], count: cells.observedCount)
    for (row, one) in sensitivities.enumerated() {
      for k in one.cell.indices {
        rows[Int(one.cell[k])].append((Int32(row), scale * one.cellValue[k]))
      }
    }
    let count = cells.observedCount
    let size = max(256, (count + 63) / 64)
    let (height, width) = (sensitivities.count, layout.count)
    let byCell = rows
    let parts = parallelMap(count: (count + size - 1) / size, threads: totals.threads) { block in
      let moves = CellMoves(
        effects: totals.effects, layout: layout, cells: cells, rates: rates,
        coefficients: layout.fit.parameters.coefficients)
      let centre = Scratch<Double>(count: removals.count, repeating: 0)
      let moved = Scratch<Double>(count: removals.count, repeating: 0)
      var slopes = [Double](repeating: 0, count: height * width)
      for o in (block * size)..<min((block + 1) * size, count) where !byCell[o].isEmpty {
        let whole = moves.evaluator.removals(of: o, sets, into: centre.base)
        guard whole > 0 else { continue }
        var movedWhole = 0.0
        moves.forEach(o) {
          movedWhole = moves.evaluator.removals(of: o, sets, into: moved.base)
        } add: { column, step in
          guard movedWhole > 0 else { return }
          for (row, value) in byCell[o] {
            let k = Int(row) / weightings
            let change = moved.base[k] / movedWhole - centre.base[k] / whole
            slopes[column * height + Int(row)] += value * removals[k].share * change / step
          }
        }
      }
      return slopes
    }
    for part in parts { for k in part.indices { result.storage[k] += part[k] } }
  }
}
