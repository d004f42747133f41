import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

/// Derivatives, in the layout's coordinates, of where the counted repeats came from: through the
/// links' probabilities by one exact E step a coordinate, through the parts' shares by the cells'
/// moves. Both are forward differences, as for what removals avoid (`RemovalGradient`).
struct RawStaffGradient {
  let repeats: RawStaffRepeats
  let fitted: FittedAttribution
  let layout: ScoreLayout

  /// A row a group and origin, for the tree of the repeats.
  func matrix() -> Matrix {
    let data = repeats.tree.data
    let centre = repeats.values(repeats.tree.probability)
    var result = Matrix(rows: centre.count, columns: layout.count)
    let model = LinkModel(
      data: data, rate: fitted.fit.model.rate, background: fitted.fit.model.background)
    func add(_ column: Int, _ tables: PassTables, step: Double) {
      let moved = repeats.values(fitted.executor.probabilities(data, tables))
      for k in moved.indices { result[k, column] += (moved[k] - centre[k]) / step }
    }
    let h = 1e-4
    for k in 0..<layout.linkCount {
      let step = k < layout.coefficientCount ? h * model.rate.coefficientScale : h
      add(k, PassTables(model: model, parameters: layout.moved(k, by: step)), step: step)
    }
    if fitted.cells.hasUnknown {
      for k in layout.linkCount..<layout.count {
        let moved = fitted.cells.reweighted(
          layout.movedRates(fitted.rates, k, by: h, context: fitted.context))
        let tables = PassTables(
          model: model.replacing(cells: moved), parameters: layout.fit.parameters)
        add(k, tables, step: h)
      }
    }
    addShares(to: &result)
    return result
  }

  private func addShares(to result: inout Matrix) {
    let cells = fitted.cells
    let brought = repeats.broughtByCell(cellCount: cells.observedCount)
    let moves = CellMoves(
      effects: fitted.effects, layout: layout, cells: cells, rates: fitted.rates,
      coefficients: fitted.fit.parameters.coefficients)
    let values = Scratch<Double>(
      count: fitted.effects.design.form.groupCount * fitted.effects.layout.count, repeating: 0)
    for o in 0..<cells.observedCount where brought.contains(where: { $0[o] != 0 }) {
      var shares: [Double] = []
      moves.forEach(o) {
        moves.evaluator.effects(of: o, into: values.base)
        shares = Self.shares(values.base, fitted.effects)
      } add: { column, step in
        for (g, sums) in brought.enumerated() where sums[o] != 0 {
          for origin in RawStaffRepeats.Origin.allCases {
            guard let part = origin.part else { continue }
            result[RawStaffRepeats.place(g, origin), column] +=
              sums[o] * (shares[part] - repeats.shares[o * 4 + part]) / step
          }
        }
      }
    }
  }

  /// Shares of the four parts in what is expected of a cell with its whole window covered.
  static func shares(_ values: UnsafePointer<Double>, _ effects: CellEffects) -> [Double] {
    let width = effects.layout.count
    var parts = [0.0, 0.0, 0.0, 0.0]
    for g in 0..<effects.design.form.groupCount {
      for k in 0..<4 { parts[k] += values[g * width + k] }
    }
    let whole = parts.reduce(0, +)
    // A cell that brings nothing has nothing to share; its links have probability 0.
    return whole > 0 ? parts.map { $0 / whole } : [0, 0, 0, 1]
  }

  /// The same of every observed cell, laid end to end.
  static func allShares(_ fitted: FittedAttribution) -> [Double] {
    let effects = fitted.functionals.cellEffects(
      fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    return effects.flatMap { cell in
      cell.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { shares($0, fitted.effects) } ?? [0, 0, 0, 1]
      }
    }
  }
}
