/// Finds interactions of a run whose ids come in the run's own order.
struct RowFinder {
  let rows: RunRows
  private var next = 0

  init(_ rows: RunRows) { self.rows = rows }

  /// The row of the id in the first column, from the last one found on.
  ///
  /// - Throws: `ReportError.runRowDamaged` where it is not there.
  @inline(__always) mutating func row(_ file: RunFile) throws -> Int {
    let count = rows.startedAt.count
    while next < count, !rows.id.matches(next, file.bytes(0)) { next += 1 }
    guard next < count else {
      throw file.damaged(
        "interaction '\(file.text(0))' is not in interactions.csv, or not in its order")
    }
    return next
  }

  mutating func restart() { next = 0 }
}
