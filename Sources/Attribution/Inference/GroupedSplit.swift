import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

/// The four parts of the split over groups of this log's contacts (topics), with what moves them: totals
/// and derivatives, `group * 4 + part`.
///
/// As for the log's totals (`SplitGradient`), a cell is evaluated once as it is and once for every way
/// in which a coordinate can move it; a group takes of each cell what its contacts are exposed to.
package struct GroupedSplit {
  private let fitted: FittedAttribution
  /// Of each contact; −1: none.
  private let groups: [Int32]
  package let groupCount: Int
  /// Contacts in the order of their cells, and where each cell's begin.
  private let contacts: [Int32]
  private let cellStart: [Int]

  /// Places of a group.
  static let width = PartScores.count
  /// Blocks of observed cells; they depend on nothing but the cells, never on the threads.
  private static let blocks = 8

  /// - Parameters:
  ///   - groups: the group of each contact of the fit's data, −1 for none.
  package init(_ fitted: FittedAttribution, groups: [Int32], groupCount: Int) {
    self.fitted = fitted
    self.groups = groups
    self.groupCount = groupCount
    let cell = fitted.data.cell
    var start = [Int](repeating: 0, count: fitted.cells.observedCount + 1)
    for o in cell { start[Int(o) + 1] += 1 }
    for o in 1..<start.count { start[o] += start[o - 1] }
    var next = start
    var order = [Int32](repeating: 0, count: cell.count)
    for (i, o) in cell.enumerated() {
      order[next[Int(o)]] = Int32(i)
      next[Int(o)] += 1
    }
    contacts = order
    cellStart = start
  }

  /// The parts of every group under a fit of the same contacts.
  ///
  /// - Parameters:
  ///   - effects: of the fit's design.
  ///   - weights: what each contact counts as; nil: 1.
  package func values(_ fit: LinkFit, effects: CellEffects, weights: [Double]?) -> [Double] {
    let functionals = SplitFunctionals(effects: effects, data: fitted.data, weights: weights)
    let ofCell = functionals.cellEffects(
      fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    let width = effects.layout.count
    var result = [Double](repeating: 0, count: groupCount * Self.width)
    for i in 0..<fitted.data.count where groups[i] >= 0 {
      let exposure = functionals.exposure(
        delay: fit.parameters.delay, left: fitted.data.end - fitted.data.time[i])
      let values = ofCell[Int(fitted.data.cell[i])]
      for k in 0..<Self.width {
        var part = 0.0
        for g in exposure.indices { part += exposure[g] * values[g * width + k] }
        result[Int(groups[i]) * Self.width + k] += (weights?[i] ?? 1) * part
      }
    }
    return result
  }

  /// Derivatives of the groups' parts in the layout's coordinates, a row a group and part.
  package func gradient(_ layout: ScoreLayout, threads: Int) -> Matrix {
    let cells = fitted.cells.observedCount
    let size = max(64, (cells + Self.blocks - 1) / Self.blocks)
    let parts = parallelMap(count: (cells + size - 1) / size, threads: threads) { block in
      let walk = Walk(self, layout: layout)
      for o in (block * size)..<min((block + 1) * size, cells) { walk.add(o) }
      return walk.columns.array
    }
    let rows = groupCount * Self.width
    var storage = [Double](repeating: 0, count: rows * layout.count)
    for part in parts { for k in part.indices { storage[k] += part[k] } }
    return Matrix(rows: rows, columns: layout.count, storage: storage)
  }

  /// The cells of one block.
  private final class Walk {
    let columns: Scratch<Double>
    private let split: GroupedSplit
    private let layout: ScoreLayout
    private let moves: CellMoves
    private let delay: [[Double]]
    private let rows: Int
    private let effectWidth: Int
    private let centre: Scratch<Double>
    private let moved: Scratch<Double>
    /// Of the cell at hand: its groups, their exposure by delay group, and what each bin covers of
    /// their late contacts.
    private var touched: [Int] = []
    private var isTouched: [Bool]
    private var exposure: [Double]
    private var late: [Int: [Double]] = [:]

    init(_ split: GroupedSplit, layout: ScoreLayout) {
      self.split = split
      self.layout = layout
      delay = layout.fit.parameters.delay
      rows = split.groupCount * GroupedSplit.width
      let effects = split.fitted.effects
      effectWidth = effects.layout.count
      columns = Scratch(count: rows * layout.count, repeating: 0)
      centre = Scratch(count: delay.count * effectWidth, repeating: 0)
      moved = Scratch(count: delay.count * effectWidth, repeating: 0)
      isTouched = [Bool](repeating: false, count: split.groupCount)
      exposure = [Double](repeating: 0, count: split.groupCount * delay.count)
      moves = CellMoves(
        effects: effects, layout: layout, cells: split.fitted.cells, rates: split.fitted.rates,
        coefficients: layout.fit.parameters.coefficients)
    }

    /// Adds one cell's share of every derivative that it has a share in.
    func add(_ o: Int) {
      expose(o)
      guard !touched.isEmpty else { return }
      moves.evaluator.effects(of: o, into: centre.base)
      addDelays()
      moves.forEach(o) {
        moves.evaluator.effects(of: o, into: moved.base)
      } add: { column, step in
        addDifference(to: column, step: step)
      }
      for group in touched {
        isTouched[group] = false
        for g in delay.indices { exposure[group * delay.count + g] = 0 }
      }
      touched.removeAll(keepingCapacity: true)
      late.removeAll(keepingCapacity: true)
    }

    private func expose(_ o: Int) {
      let (fitted, data) = (split.fitted, split.fitted.data)
      for place in split.cellStart[o]..<split.cellStart[o + 1] {
        let i = Int(split.contacts[place])
        guard split.groups[i] >= 0 else { continue }
        let group = Int(split.groups[i])
        let left = data.end - data.time[i]
        let weight = fitted.functionals.weights?[i] ?? 1
        let covered = fitted.functionals.exposure(delay: delay, left: left)
        if !isTouched[group] { touched.append(group) }
        isTouched[group] = true
        for g in delay.indices { exposure[group * delay.count + g] += weight * covered[g] }
        guard left < data.bins.window else { continue }
        for b in 0..<data.bins.count {
          let share = data.bins.coverage(b, left)
          if share == 0 { break }
          late[group, default: [Double](repeating: 0, count: data.bins.count)][b] +=
            weight * share
        }
      }
    }

    /// Adds exposure × (moved − centre) / step to a column.
    private func addDifference(to column: Int, step: Double) {
      let target = columns.base + column * rows
      for group in touched {
        for g in delay.indices {
          let e = exposure[group * delay.count + g] / step
          if e == 0 { continue }
          let at = g * effectWidth
          for k in 0..<GroupedSplit.width {
            target[group * GroupedSplit.width + k] +=
              e * (moved.base[at + k] - centre.base[at + k])
          }
        }
      }
    }

    /// Of the exposure Σ_b m_b S_b of late contacts the slope in m's logit b is m_b (S_b − Σ_c m_c S_c).
    private func addDelays() {
      for group in touched {
        guard let covered = late[group] else { continue }
        for (g, mass) in delay.enumerated() {
          let whole = zip(mass, covered).reduce(0) { $0 + $1.0 * $1.1 }
          for b in 0..<(mass.count - 1) {
            let slope = mass[b] * (covered[b] - whole)
            let target = columns.base + (layout.delayOffset[g] + b) * rows
            for k in 0..<GroupedSplit.width {
              target[group * GroupedSplit.width + k] += slope * centre.base[g * effectWidth + k]
            }
          }
        }
      }
    }
  }
}
