import Statistics
import Testing

/// More rows than one block holds, so that blocks are divided between threads.
struct ThreadTests {
  private func table() throws -> DataTable {
    let rows = 40_000
    var stream = RandomStream(seed: 20_261_123)
    var codes = [Int32](repeating: 0, count: rows)
    var (x, y, cluster) = (
      [Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows),
      [Double](repeating: 0, count: rows)
    )
    for row in 0..<rows {
      codes[row] = Int32(stream.categorical([5, 3, 2, 1]))
      x[row] = stream.normal()
      cluster[row] = Double(row % 977)
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

  @Test func sameBitsForAnyNumberOfThreads() throws {
    let table = try table()
    func answer(_ threads: Int) throws -> [Double] {
      let request = RegressionRequest(
        formula: try ModelFormula("y ~ g * x"), family: .binomial, further: ["cluster"],
        usesCells: false, threads: threads)
      let fit = try request.fit(table)
      let errors: [RegressionFit.Errors] = [.model, .robust(.hc3), .clustered(["cluster"])]
      return try errors.flatMap { try fit.table($0).coefficients.map(\.standardError) }
        + fit.fit.coefficients
    }
    let one = try answer(1)
    for threads in [2, 3, 8] { #expect(try answer(threads) == one, "\(threads) threads") }
  }
}
