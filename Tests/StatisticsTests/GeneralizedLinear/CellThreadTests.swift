import Statistics
import Testing

/// Enough rows with few values that joining them into cells is divided between threads.
struct CellThreadTests {
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
    let table = try BlockedTable.table(
      rows: 140_000, seed: 20_261_124, clusters: 9_770
    ) { (4 * $0.uniform()).rounded(.down) / 4 - 0.5 }
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
