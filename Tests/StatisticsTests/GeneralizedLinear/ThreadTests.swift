import Statistics
import Testing

/// More rows than one block holds, so that blocks are divided between threads.
struct ThreadTests {
  @Test func sameBitsForAnyNumberOfThreads() throws {
    let table = try BlockedTable.table(
      rows: 40_000, seed: 20_261_123, clusters: 977
    ) { $0.normal() }
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
