import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Scores and information of the modes' rates (logistic models), in the layout's coordinates.
package struct RateScores: Sendable {
  /// One row per row of the table: x (y − p) over the rates' coefficients.
  package var rows: SparseRows
  /// X'WX plus penalties of every rate, block after block, order `layout.count − layout.linkCount`.
  package var information: Matrix
  /// Σ s sᵀ over rows whose customer is unknown, each a cluster of its own.
  package var unlinkedProducts: Matrix

  package init(
    layout: any RateColumns, modes: ModeTable, context: ContextTable, rates: ModeRates,
    staff: TextColumn?, linkedRows: Int
  ) {
    let size = layout.count - layout.linkCount
    var information = Matrix(rows: size, columns: size)
    var unlinked = Matrix(rows: size, columns: size)
    var rows = SparseRows()
    let count = modes.state.first?.storage.count ?? 0
    for row in 0..<count {
      let first = rows.column.count
      for (mode, offset) in layout.rateModes {
        guard let rate = rates.rates[mode] else { continue }
        let state = modes.state[mode].storage[row]
        guard state >= 0, modes.applies[mode].storage[row] == 1 else { continue }
        var mask: UInt64 = 0
        var known = true
        for parent in rate.parents {
          let value = modes.state[parent].storage[row]
          if value < 0 { known = false }
          if value == 1 { mask |= 1 << UInt64(parent) }
        }
        guard known else { continue }
        let p = rate.probability(
          combination: Int(context.combination[row]),
          staff: rate.staffEffects.isEmpty ? -1 : Int(staff?.codes[row] ?? -1), mask: mask)
        let residual = Double(state) - p
        let contextCount = rate.coefficients.count - rate.parents.count - 1
        var columns = [offset]
        columns += context.columns[Int(context.combination[row])].map { offset + 1 + Int($0) }
        for (k, parent) in rate.parents.enumerated() where mask & (1 << UInt64(parent)) != 0 {
          columns.append(offset + 1 + contextCount + k)
        }
        for c in columns {
          rows.column.append(Int32(c))
          rows.value.append(residual)
          for d in columns {
            information[c - layout.linkCount, d - layout.linkCount] += p * (1 - p)
          }
        }
      }
      if row >= linkedRows {
        for a in first..<rows.column.count {
          for b in first..<rows.column.count {
            unlinked[
              Int(rows.column[a]) - layout.linkCount, Int(rows.column[b]) - layout.linkCount] +=
              rows.value[a] * rows.value[b]
          }
        }
      }
      rows.start.append(Int32(rows.column.count))
    }
    for (mode, offset) in layout.rateModes {
      guard let rate = rates.rates[mode] else { continue }
      let penalties = ModeRates.penalties(
        contextColumns: rate.coefficients.count - rate.parents.count - 1,
        parents: rate.parents.count)
      for (k, penalty) in penalties.enumerated() {
        let at = offset + k - layout.linkCount
        information[at, at] += penalty
      }
    }
    self.rows = rows
    self.information = information
    unlinkedProducts = unlinked
  }
}
