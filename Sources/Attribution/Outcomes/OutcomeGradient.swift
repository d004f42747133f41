import LinearAlgebra
import RepeatContacts
import Statistics

/// Derivatives of an outcome's totals in its layout's coordinates, by forward differences, cell by
/// cell (see `SplitGradient`).
struct OutcomeGradient: Sendable {
  let problem: OutcomeProblem
  let effects: CellEffects
  let layout: OutcomeLayout
  let coefficients: [Double]

  private static let blocks = 64

  /// One row a total, one column a coordinate.
  func matrix(threads: Int) -> Matrix {
    let count = problem.cells.observedCount
    let size = max(256, (count + Self.blocks - 1) / Self.blocks)
    let parts = parallelMap(count: (count + size - 1) / size, threads: threads) { block in
      derivatives(from: block * size, to: min((block + 1) * size, count))
    }
    let rows = effects.layout.count
    var storage = [Double](repeating: 0, count: rows * layout.count)
    for part in parts { for k in part.indices { storage[k] += part[k] } }
    return Matrix(rows: rows, columns: layout.count, storage: storage)
  }

  private func derivatives(from first: Int, to end: Int) -> [Double] {
    let width = effects.layout.count
    var columns = [Double](repeating: 0, count: width * layout.count)
    let centre = Scratch<Double>(count: width, repeating: 0)
    let moved = Scratch<Double>(count: width, repeating: 0)
    let moves = CellMoves(
      effects: effects, layout: layout, cells: problem.cells, rates: problem.rates,
      coefficients: coefficients)
    for o in first..<end where problem.trials[o] > 0 {
      moves.evaluator.effects(of: o, into: centre.base)
      moves.forEach(o) {
        moves.evaluator.effects(of: o, into: moved.base)
      } add: { column, step in
        let factor = problem.trials[o] / step
        for k in 0..<width {
          columns[column * width + k] += factor * (moved.base[k] - centre.base[k])
        }
      }
    }
    return columns
  }
}
