import Foundation
import Statistics

/// Logistic regression of a million rows on 42 columns with errors clustered by customer, from
/// columns in memory, against glum on a design of tabmat.
enum LogisticRows: Benchmark {
  static let name = "logistic-rows"

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    try LogisticComparison(name: name, isBinned: false, usesCells: false).run(options)
  }
}

/// The same with numbers that take a few values, so that equal rows are joined.
enum LogisticCells: Benchmark {
  static let name = "logistic-cells"

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    try LogisticComparison(name: name, isBinned: true, usesCells: true).run(options)
  }
}

private struct LogisticComparison {
  let name: String
  let isBinned: Bool
  let usesCells: Bool

  func run(_ options: BenchmarkOptions) throws -> Comparison {
    let data = try ContactData(rows: options.rows, seed: 20_261_122, isBinned: isBinned)
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "wherefore-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "contacts.csv").path
    try data.write(to: file)
    let peer = try Peer(script: "logistic_glum.py", arguments: [file], python: options.python)
    defer { peer.stop() }
    let request = RegressionRequest(
      formula: try ModelFormula(ContactData.formula), family: .binomial, further: ["customer"],
      usesCells: usesCells, threads: options.threads)
    var (own, others): ([Double], [Double]) = ([], [])
    var difference = 0.0
    var notes: [String] = []
    for _ in 0..<options.rounds {
      let clock = ContinuousClock()
      let began = clock.now
      let fit = try request.fit(data.table)
      let table = try fit.table(.clustered(["customer"]))
      own.append(seconds(clock.now - began))
      let answer = try peer.run()
      others.append(answer.seconds)
      let values = table.coefficients.map(\.estimate) + table.coefficients.map(\.standardError)
      difference = max(
        difference, zip(values, answer.values).map { abs($0 - $1) / abs($1) }.max() ?? .infinity)
      notes =
        ["\(values.count / 2) columns, \(fit.fit.path.iterations) iterations, ours from the table"]
        + (answer.notes ?? [])
    }
    return Comparison(
      name: "\(name) (\(options.rows) rows)", peer: "glum-tabmat", own: own, others: others,
      difference: difference, tolerance: 1e-5, notes: notes)
  }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
