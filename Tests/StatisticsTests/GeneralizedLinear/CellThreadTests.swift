import Statistics
import Testing

/// Enough rows with few values that joining them into cells is divided between threads.
struct CellThreadTests {
  private let rows = 140_000

  private func table() throws -> DataTable {
    var stream = RandomStream(seed: 20_261_124)
    var codes = [Int32](repeating: 0, count: rows)
    var (x, y, cluster) = (
      [Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows),
      [Double](repeating: 0, count: rows)
    )
    for row in 0..<rows {
      codes[row] = Int32(stream.categorical([5, 3, 2, 1]))
      x[row] = (4 * stream.uniform()).rounded(.down) / 4 - 0.5
      cluster[row] = Double(row % 9_770)
      let eta = -0.5 + 0.4 * x[row] + 0.3 * Double(codes[row])
      y[row] = stream.bernoulli(logistic(eta)) ? 1 : 0
    }
    var table = DataTable(rowCount: rows)
    try table.append("y", y)
    try table.append("g", try DataTable.Text(codes: codes, levels: ["a", "b", "c", "d"]))
    try table.append("x", x)
    try table.append("cluster", cluster)
    return table
  }

  private func answer(_ table: DataTable, usesCells: Bool, threads: Int) throws -> [Double] {
    let fit = try RegressionRequest(
      formula: try ModelFormula("y ~ g * x"), family: .binomial, further: ["cluster"],
      usesCells: usesCells, threads: threads
    ).fit(table)
    #expect(fit.isFromCells == usesCells)
    let errors: [RegressionFit.Errors] = [.model, .robust(.hc1), .clustered(["cluster", "g"])]
    return try errors.flatMap { try fit.table($0).coefficients.map(\.standardError) }
      + fit.fit.coefficients + [fit.fit.deviance]
  }

  @Test func cellsOfManyBlocksGiveTheSameBitsAndWhatRowsGive() throws {
    let table = try table()
    let one = try answer(table, usesCells: true, threads: 1)
    for threads in [2, 3, 8] {
      #expect(try answer(table, usesCells: true, threads: threads) == one, "\(threads) threads")
    }
    let rows = try answer(table, usesCells: false, threads: 2)
    #expect(try answer(table, usesCells: false, threads: 1) == rows)
    // Sums of 140,000 rows in another order.
    for (a, b) in zip(one, rows) { #expect(abs(a - b) <= 1e-10 * abs(b)) }
  }
}
