import Foundation
import Statistics

/// Logistic regression of a million rows on 42 columns with errors clustered by customer, from
/// columns in memory, against glum on a design of tabmat.
enum LogisticRows: Benchmark {
  static let name = "logistic-rows"
  static let leastRatio = 5.0

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    try LogisticComparison(name: name, isBinned: false, usesCells: false).run(options)
  }
}

/// The same with numbers that take a few values, so that equal rows are joined.
enum LogisticCells: Benchmark {
  static let name = "logistic-cells"
  static let leastRatio = 10.0

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    try LogisticComparison(name: name, isBinned: true, usesCells: true).run(options)
  }
}

private struct LogisticComparison {
  let name: String
  let isBinned: Bool
  let usesCells: Bool

  func run(_ options: BenchmarkOptions) throws -> Comparison {
    let rows = options.rows ?? 1_000_000
    let data = try ContactData(rows: rows, seed: 20_261_122, isBinned: isBinned)
    let handover = try Handover()
    let file = handover.path("contacts.csv")
    try data.write(to: file)
    let peer = try Peer(
      script: "logistic_glum.py", arguments: [file], .python(options.python))
    defer { peer.stop() }
    let request = RegressionRequest(
      formula: try ModelFormula(ContactData.formula), family: .binomial, further: ["customer"],
      usesCells: usesCells, threads: options.threads)
    var shape = ""
    let rounds = try Rounds(options.rounds, against: peer, in: .relative) {
      let fit = try request.fit(data.table)
      return (fit, try fit.table(.clustered(["customer"])))
    } values: { fit, table in
      shape =
        "\(table.coefficients.count) columns, \(fit.fit.path.iterations) iterations, "
        + "ours from the table"
      return table.coefficients.map(\.estimate) + table.coefficients.map(\.standardError)
    }
    return Comparison(
      name: "\(name) (\(rows) rows)", peer: "glum-tabmat", rounds, tolerance: 1e-5,
      notes: [shape])
  }
}
