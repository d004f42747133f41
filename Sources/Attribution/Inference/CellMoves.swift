import RepeatContacts

/// The ways in which the layout's coordinates can move what is expected of an observed cell.
///
/// Most coordinates move few cells: the intercept and the columns of a cell's context move it alike,
/// in κ and in a mode's rate, and beside them only the columns of its own parts and of the rates of
/// the modes that may hold on it do.
final class CellMoves {
  /// Width of the differences, on log κ and on logits.
  static let width = 1e-5

  let evaluator: EffectEvaluator
  private let effects: CellEffects
  private let layout: any RateColumns
  private let cells: ModeCells
  private let rates: ModeRates
  private let step: Double

  /// - Parameter coefficients: of the design of the effects.
  init(
    effects: CellEffects, layout: any RateColumns, cells: ModeCells, rates: ModeRates,
    coefficients: [Double]
  ) {
    self.effects = effects
    self.layout = layout
    self.cells = cells
    self.rates = rates
    evaluator = EffectEvaluator(
      effects: effects, coefficients: coefficients, rates: rates,
      weights: cells.mixtureWeight)
    step = CellMoves.width * effects.design.coefficientScale
  }

  /// Evaluates the cell under every move that can change it, and adds the difference to each
  /// coordinate that makes this move.
  ///
  /// - Parameters:
  ///   - evaluate: called with the evaluator moved.
  ///   - add: called after it with a coordinate of the layout and the width of the move.
  func forEach(_ o: Int, evaluate: () -> Void, add: (_ column: Int, _ step: Double) -> Void) {
    let context = cells.context.columns[Int(cells.observedCombination[o])]
    evaluator.withContext(movedBy: step, evaluate)
    add(0, step)
    for column in context { add(1 + Int(column), step) }
    let (columns, mask) = partColumns(o)
    for column in columns {
      evaluator.withCoefficient(column, movedBy: step, evaluate)
      add(column, step)
    }
    // What was looked at and is free of a mode can still tell of an unknown one.
    let rated = mask | cells.evidence[o]
    for (mode, offset) in layout.rateModes where rated & (1 << UInt64(mode)) != 0 {
      moveRate(mode, offset: offset, context: context, mask: mask, evaluate: evaluate, add: add)
    }
  }

  /// Columns of κ that the cell's parts have, ascending, and all modes that may hold on it.
  private func partColumns(_ o: Int) -> ([Int], UInt64) {
    var columns: Set<Int> = []
    var mask: UInt64 = 0
    for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
      let cell = Int(cells.mixtureCell[entry])
      columns.formUnion(effects.plans[Int(effects.planOfCell[cell])].columns)
      mask |= cells.cellMask[cell]
    }
    return (columns.sorted(), mask)
  }

  private func moveRate(
    _ mode: Int, offset: Int, context: [Int32], mask: UInt64, evaluate: () -> Void,
    add: (_ column: Int, _ step: Double) -> Void
  ) {
    guard let rate = rates.rates[mode] else { return }
    let h = CellMoves.width
    evaluator.withRate(of: mode, movedBy: h, evaluate)
    add(offset, h)
    for column in context { add(offset + 1 + Int(column), h) }
    let parents = rate.coefficients.count - rate.parents.count
    for (k, parent) in rate.parents.enumerated() where mask & (1 << UInt64(parent)) != 0 {
      evaluator.withParent(parent, ofRate: mode, movedBy: h, evaluate)
      add(offset + parents + k, h)
    }
  }
}
