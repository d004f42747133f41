import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

/// Derivatives of the log's totals in the layout's coordinates, by forward differences.
///
/// A total is a sum over observed cells, and most coordinates move few of them: each cell is
/// evaluated once as it is, and once more for every way in which a coordinate can move it. The
/// intercept and the columns of a cell's context move it alike, in κ and in a mode's rate.
package struct SplitGradient: Sendable {
  private let functionals: SplitFunctionals
  private let layout: ScoreLayout
  private let cells: ModeCells
  private let rates: ModeRates

  package init(
    functionals: SplitFunctionals, layout: ScoreLayout, cells: ModeCells, rates: ModeRates
  ) {
    self.functionals = functionals
    self.layout = layout
    self.cells = cells
    self.rates = rates
  }

  /// Width of the differences, on log κ and on logits.
  private static var width: Double { CellMoves.width }
  /// Most blocks of observed cells; they depend on the cells alone, never on the threads.
  private static let blocks = 64

  /// One row a total, one column a coordinate.
  package func matrix(threads: Int) -> Matrix {
    let count = cells.observedCount
    let size = max(256, (count + SplitGradient.blocks - 1) / SplitGradient.blocks)
    let exposure = functionals.coverage.exposures(layout.fit.parameters.delay)
    let delay = delaySlopes()
    var latePlace = [Int32](repeating: -1, count: count)
    for (k, cell) in functionals.coverage.lateCells.enumerated() { latePlace[Int(cell)] = Int32(k) }
    let places = latePlace
    let parts = parallelMap(count: (count + size - 1) / size, threads: threads) { block in
      let range = (block * size)..<min((block + 1) * size, count)
      let walk = Walk(self, exposure: exposure, delay: delay, latePlace: places)
      for o in range { walk.add(o) }
      return walk.columns.array
    }
    let rows = functionals.effects.layout.count
    var storage = [Double](repeating: 0, count: rows * layout.count)
    for part in parts { for k in part.indices { storage[k] += part[k] } }
    return Matrix(rows: rows, columns: layout.count, storage: storage)
  }

  /// Change of exposure of the late cells for each delay coordinate, in the order of the layout:
  /// `(group * (bins − 1) + bin) * lateCells + k`.
  private func delaySlopes() -> [Double] {
    let coverage = functionals.coverage
    let bins = coverage.binCount
    let late = coverage.lateCells.count
    var result: [Double] = []
    for (g, mass) in layout.fit.parameters.delay.enumerated() {
      for b in 0..<(bins - 1) {
        let moved = layout.moved(layout.delayOffset[g] + b, by: SplitGradient.width).delay[g]
        for k in 0..<late {
          var sum = 0.0
          for c in 0..<bins { sum += (moved[c] - mass[c]) * coverage.lateShares[k * bins + c] }
          result.append(sum / SplitGradient.width)
        }
      }
    }
    return result
  }

  /// The cells of one block.
  private final class Walk {
    let columns: Scratch<Double>
    private let gradient: SplitGradient
    private let exposure: [Double]
    private let delay: [Double]
    private let moves: CellMoves
    private let centre: Scratch<Double>
    private let moved: Scratch<Double>
    private let groups: Int
    private let width: Int
    private let latePlace: [Int32]

    init(_ gradient: SplitGradient, exposure: [Double], delay: [Double], latePlace: [Int32]) {
      self.gradient = gradient
      self.exposure = exposure
      self.delay = delay
      let effects = gradient.functionals.effects
      groups = effects.design.form.groupCount
      width = effects.layout.count
      columns = Scratch(count: width * gradient.layout.count, repeating: 0)
      centre = Scratch(count: groups * width, repeating: 0)
      moved = Scratch(count: groups * width, repeating: 0)
      moves = CellMoves(
        effects: effects, layout: gradient.layout, cells: gradient.cells, rates: gradient.rates,
        coefficients: gradient.layout.fit.parameters.coefficients)
      self.latePlace = latePlace
    }

    /// Adds one cell's share of every derivative that it has a share in.
    func add(_ o: Int) {
      guard (0..<groups).contains(where: { exposure[o * groups + $0] > 0 }) else { return }
      moves.evaluator.effects(of: o, into: centre.base)
      addDelays(o)
      moves.forEach(o) {
        moves.evaluator.effects(of: o, into: moved.base)
      } add: { column, step in
        addDifference(o, to: column, step: step)
      }
    }

    /// Adds exposure × (moved − centre) / step to a column.
    private func addDifference(_ o: Int, to column: Int, step: Double) {
      let target = columns.base + column * width
      for g in 0..<groups {
        let e = exposure[o * groups + g] / step
        if e == 0 { continue }
        for k in 0..<width {
          target[k] += e * (moved.base[g * width + k] - centre.base[g * width + k])
        }
      }
    }

    private func addDelays(_ o: Int) {
      let place = Int(latePlace[o])
      guard place >= 0 else { return }
      let late = gradient.functionals.coverage.lateCells.count
      let bins = gradient.functionals.coverage.binCount - 1
      for g in 0..<groups {
        for b in 0..<bins {
          let slope = delay[(g * bins + b) * late + place]
          let target = columns.base + (gradient.layout.delayOffset[g] + b) * width
          for k in 0..<width { target[k] += slope * centre.base[g * width + k] }
        }
      }
    }
  }
}
