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
    /// The set of parts whose fraction it is.
    var cellSet: [Int32] = []
  }

  /// One row a removal and weighting, in the order of `RemovalTotals.values` laid end to end.
  ///
  /// - Parameter whole: the log's own tree under the fit.
  package func matrix(_ removals: [PartRemoval], tree whole: LinkTree) -> Matrix {
    let (tree, weightings) = whole.sample(
      atMost: Sandwich.maximumContacts, weightings: totals.weightings)
    let fractions = totals.fractions(
      removals, layout.fit.parameters, rates: rates, weights: cells.mixtureWeight)
    let touched = touchedCells(RemovalSets(removals.map(\.parts), effects: totals.effects))
    let sensitivities = parallelMap(count: removals.count, threads: totals.threads) { k in
      let fraction = fractions[k]
      let removal = LinkTree.Removal(tree) { fraction[Int(tree.data.cell[$0])] }
      return RemovalGradient.sensitivities(
        tree, removal: removal, weightings: weightings, cellCount: fraction.count,
        terms: [.init(set: k, touched: touched[k], weight: nil)])
    }.flatMap { $0 }
    return matrix(sensitivities, removals, tree: tree, full: whole.data.count)
  }

  /// The same for changes that differ from contact to contact, one row a change and weighting.
  package func matrix(of changes: [TreeChange], tree whole: LinkTree) -> Matrix {
    let weightings = totals.weightings
    let byContact = changes.flatMap { $0.terms.map { Optional($0.weight) } + [$0.kept] }
    let (tree, taken) = whole.sample(
      atMost: Sandwich.maximumContacts, weightings: weightings + byContact)
    var next = weightings.count
    let sampled = changes.map { change in
      var change = change
      for k in change.terms.indices { change.terms[k].weight = taken[next + k] ?? [] }
      change.kept = taken[next + change.terms.count]
      next += change.terms.count + 1
      return change
    }
    let sets = TreeChange.sets(of: changes)
    let removals = sets.map { PartRemoval(parts: $0) }
    let fractions = totals.fractions(
      removals, layout.fit.parameters, rates: rates, weights: cells.mixtureWeight)
    let touched = touchedCells(RemovalSets(sets, effects: totals.effects))
    let kept = Array(taken.prefix(weightings.count))
    let sensitivities = parallelMap(count: sampled.count, threads: totals.threads) { k in
      let change = sampled[k]
      let share = change.fractions(sets: sets, fractions, cell: tree.data.cell)
      let removal = LinkTree.Removal(tree) { share[$0] }
      let terms = change.terms.compactMap { term in
        sets.firstIndex(of: term.parts).map { set in
          Term(
            set: set, touched: touched[set],
            weight: change.kept.map { zip(term.weight, $0).map { $0 * $1 } } ?? term.weight)
        }
      }
      return RemovalGradient.sensitivities(
        tree, removal: removal, weightings: kept, cellCount: cells.observedCount, terms: terms)
    }.flatMap { $0 }
    return matrix(sensitivities, removals, tree: tree, full: whole.data.count)
  }

  /// - Parameters:
  ///   - removals: what the sensitivities' sets are.
  ///   - full: contacts that the tree's stand for.
  private func matrix(
    _ sensitivities: [Sensitivity], _ removals: [PartRemoval], tree: LinkTree, full: Int
  ) -> Matrix {
    let parameters = layout.fit.parameters
    let data = tree.data
    let centre = tree.probability
    let scale = Double(full) / Double(max(data.count, 1))
    let model =
      data.count < full
      ? LinkModel(
        data: data, rate: layout.fit.model.rate, background: layout.fit.model.background)
      : layout.fit.model
    let sets = RemovalSets(removals.map(\.parts), effects: totals.effects)
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
    addCells(sensitivities, removals, sets, scale: scale, to: &result)
    return result
  }

  /// A set of parts whose fraction a removal takes, by contact the share of it; nil: all.
  private struct Term {
    let set: Int
    let touched: [Bool]
    let weight: [Double]?
  }

  /// Walks the tree down and up for one removal.
  private static func sensitivities(
    _ tree: LinkTree, removal: LinkTree.Removal, weightings: [[Double]?], cellCount: Int,
    terms: [Term]
  ) -> [Sensitivity] {
    let data = tree.data
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
      for term in terms {
        var byCell = [Double](repeating: 0, count: cellCount)
        for i in 0..<data.count where term.touched[Int(data.cell[i])] {
          let amount = (1 - removal.lost[i]) * brings[i]
          byCell[Int(data.cell[i])] += term.weight.map { $0[i] * amount } ?? amount
        }
        for o in byCell.indices where byCell[o] != 0 {
          result.cell.append(Int32(o))
          result.cellValue.append(byCell[o])
          result.cellSet.append(Int32(term.set))
        }
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
    scale: Double, to result: inout Matrix
  ) {
    var rows = [[(row: Int32, set: Int32, value: Double)]](
      repeating: [], count: cells.observedCount)
    for (row, one) in sensitivities.enumerated() {
      for k in one.cell.indices {
        rows[Int(one.cell[k])].append((Int32(row), one.cellSet[k], scale * one.cellValue[k]))
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
          for (row, set, value) in byCell[o] {
            let k = Int(set)
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
