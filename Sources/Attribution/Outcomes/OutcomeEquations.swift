import LinearAlgebra
import RepeatContacts

/// The estimating equations of a yes-or-no outcome over observed cells.
///
/// An observed cell's probability is the mixture m_o = Σ_e w_e μ(η_e) over its cells; where all modes
/// were looked at it is one cell and the equations are those of maximum likelihood. What nobody looked
/// at enters as in the repeat rate (`ModeCells.settledCell`): the residual goes to the columns of the
/// cell in which no unknown mode holds, so that errors in the modes' rates do not pass for effects.
package struct OutcomeEquations: Sendable {
  let design: RepeatRateDesign
  let cells: ModeCells
  let link: BinaryLink
  /// Penalty of each column: next to none on what is asked about, weak on what is adjusted for.
  package var ridge: [Double]

  var columnCount: Int { ridge.count }

  package init(design: RepeatRateDesign, cells: ModeCells, link: BinaryLink) {
    self.design = design
    self.cells = cells
    self.link = link
    let contexts = cells.context.columnNames.count
    ridge = design.ridge.enumerated().map { k, value in
      k == 0 ? 1e-8 : k <= contexts ? 0.5 : value
    }
  }

  /// Probabilities and slopes under some coefficients.
  package struct State: Sendable {
    /// η and dμ/dη of each cell.
    var predictor: [Double]
    var slope: [Double]
    /// m of each observed cell.
    var mean: [Double]
  }

  func state(_ coefficients: [Double], cells: ModeCells? = nil) -> State {
    let cells = cells ?? self.cells
    let predictor = design.design.linearPredictor(coefficients)
    let means = predictor.map(link.mean)
    var mean = [Double](repeating: 0, count: cells.observedCount)
    for o in mean.indices {
      for e in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        mean[o] += cells.mixtureWeight[e] * means[Int(cells.mixtureCell[e])]
      }
    }
    return State(predictor: predictor, slope: predictor.map(link.slope), mean: mean)
  }

  /// Σ_o value_o x_o over the settled cells' columns.
  func gathered(_ values: [Double]) -> [Double] {
    design.design.transposeTimes(bySettledCell(values))
  }

  private func bySettledCell(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: cells.cellCount)
    for o in values.indices { result[cells.settledCell(o)] += values[o] }
    return result
  }

  /// Σ_o weight_o x_o (dm_o/dβ)ᵀ, x_o the settled cell's columns.
  func weighted(_ weights: [Double], _ state: State) -> Matrix {
    let n = columnCount
    var result = Matrix(rows: n, columns: n)
    for o in weights.indices where weights[o] != 0 {
      let own = design.design.columns(ofRow: cells.settledCell(o))
      for e in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[e])
        let value = weights[o] * cells.mixtureWeight[e] * state.slope[cell]
        for c in design.design.columns(ofRow: cell) {
          for r in own { result.storage[Int(c) * n + Int(r)] += value }
        }
      }
    }
    return result
  }

  /// Σ_o weight_o x_o x_oᵀ over the settled cells.
  func settledCrossProduct(_ weights: [Double]) -> Matrix {
    design.design.weightedCrossProduct(bySettledCell(weights))
  }

  /// xᵀ A x of each observed cell's settled columns.
  func quadraticForms(_ matrix: Matrix) -> [Double] {
    (0..<cells.observedCount).map { o in
      let own = design.design.columns(ofRow: cells.settledCell(o))
      var sum = 0.0
      for c in own { for r in own { sum += matrix[Int(r), Int(c)] } }
      return sum
    }
  }
}
