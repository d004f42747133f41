import Execution
import RepeatContacts

/// What each contact is expected to bring, by part of the split: further columns beside the customers'
/// scores, from which intervals for the population follow.
///
/// Another period in which the same customer base makes contact gives another log, and its total
/// T = Σ_c t_c another value. With customers independent of each other and those without contact adding
/// nothing, the variance of T around what is expected is Σ_c (t_c + ∇T B⁻¹ s_c)², s_c being a customer's
/// score and B the bread: chance in who came with what, and errors of the parameters, with what they
/// have in common (influence functions; Hampel 1974).
package struct PartScores {
  /// The four parts, in the order of `EffectLayout`.
  package static let count = 4

  /// By row of the table, its parts; rows without a customer have none, and later ones no place.
  private let values: [Double]

  init(functionals: SplitFunctionals, fit: LinkFit, cells: ModeCells, rates: ModeRates) {
    let data = fit.model.data
    let rows = data.row.reduce(0) { max($0, Int($1) + 1) }
    let effects = functionals.cellEffects(
      fit.parameters, rates: rates, weights: cells.mixtureWeight)
    var values = [Double](repeating: 0, count: rows * PartScores.count)
    for i in 0..<data.count {
      let exposure = functionals.exposure(
        delay: fit.parameters.delay, left: data.end - data.time[i])
      let parts = functionals.parts(
        ofContact: i, exposure: exposure, effects: effects[Int(data.cell[i])])
      let at = Int(data.row[i]) * PartScores.count
      for k in 0..<PartScores.count { values[at + k] = parts[k] }
    }
    self.values = values
  }

  /// The rows of another block of columns with the parts after them, from column `first` on. Of either
  /// there may be more (rows without a customer; a log in which nothing can fail has no other block).
  func appended(to rows: SparseRows, from first: Int) -> SparseRows {
    var result = SparseRows()
    let others = rows.start.count - 1
    let own = values.count / PartScores.count
    for row in 0..<max(others, own) {
      if row < others {
        let range = Int(rows.start[row])..<Int(rows.start[row + 1])
        result.column += rows.column[range]
        result.value += rows.value[range]
      }
      if row < own {
        for k in 0..<PartScores.count where values[row * PartScores.count + k] != 0 {
          result.column.append(Int32(first + k))
          result.value.append(values[row * PartScores.count + k])
        }
      }
      result.start.append(Int32(result.column.count))
    }
    return result
  }
}
