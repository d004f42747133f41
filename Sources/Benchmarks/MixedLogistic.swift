import Foundation
import Statistics

/// A logistic mixed model with 500 × 60 crossed levels on 200,000 rows by Laplace's approximation,
/// against glmmTMB, the fastest peer that computes it.
enum MixedLogistic: Benchmark {
  static let name = "mixed-logistic"
  static let leastRatio = 10.0

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    try CrossedComparison(name: name, approximation: .laplace, job: "laplace", peer: "glmmTMB")
      .run(options)
  }
}

/// The same where the coefficients are found together with the modes, against glmer with nAGQ = 0.
enum MixedLogisticFast: Benchmark {
  static let name = "mixed-logistic-fast"
  static let leastRatio = 10.0

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    try CrossedComparison(
      name: name, approximation: .fast, job: "fast", peer: "glmer nAGQ=0"
    ).run(options)
  }
}

private struct CrossedComparison {
  let name: String
  let approximation: MixedApproximation
  /// What the script calls it.
  let job: String
  let peer: String

  func run(_ options: BenchmarkOptions) throws -> Comparison {
    let rows = options.rows ?? 200_000
    let data = try CrossedData(rows: rows, seed: 20_261_124)
    let handover = try Handover()
    let file = try handover.write(data.columns, to: "crossed.bin")
    let process = try Peer(
      script: "mixed.R", arguments: [job, file, "\(rows)"], .r(options.rscript))
    defer { process.stop() }
    let request = MixedModelRequest(
      formula: try ModelFormula(
        "y ~ mispredict + timeout + voice + z + (1 | staff) + (1 | system)"),
      kind: .generalized(.binomialLogit, approximation), threads: options.threads)
    var shape = ""
    let rounds = try Rounds(options.rounds, against: process, in: .standardErrors) {
      try request.fit(data.table)
    } values: { result in
      guard case .generalized(let fit) = result.fit else { return [] }
      let theta = fit.terms.flatMap(\.theta)
      shape =
        "\(fit.cellCount) cells, \(fit.record.evaluations) evaluations, ours from the table, "
        + "deviance \(fit.deviance)"
      return fit.coefficients + theta + [fit.deviance] + fit.standardErrors + theta + [1]
    }
    return Comparison(
      name: "\(name) (\(rows) rows)", peer: peer, rounds, tolerance: 5e-3, unit: .standardErrors,
      notes: [shape])
  }
}

/// Generated contacts handled by 500 people on 60 systems, both used unevenly.
private struct CrossedData {
  static let (people, systems) = (500, 60)

  let table: DataTable
  /// In the table's order, factors as numbers from 0.
  let columns: [[Double]]

  init(rows: Int, seed: UInt64) throws {
    var stream = RandomStream(seed: seed)
    let ofPerson = (0..<Self.people).map { _ in 0.35 * stream.normal() }
    let ofSystem = (0..<Self.systems).map { _ in 0.55 * stream.normal() }
    var columns = [[Double]](repeating: [Double](repeating: 0, count: rows), count: 7)
    for row in 0..<rows {
      let person = min(Int(Double(Self.people) * stream.beta(1.1, 1.8)), Self.people - 1)
      let system = min(Int(Double(Self.systems) * stream.beta(1.2, 1.8)), Self.systems - 1)
      let marks = [0.1, 0.07, 0.4].map { stream.bernoulli($0) ? 1.0 : 0.0 }
      let z = (stream.normal() * 1e4).rounded() / 1e4
      let eta =
        -1.6 + 0.75 * marks[0] + 0.6 * marks[1] - 0.25 * marks[2] + 0.15 * z + ofPerson[person]
        + ofSystem[system]
      let values =
        [stream.bernoulli(logistic(eta)) ? 1 : 0] + marks + [z, Double(person), Double(system)]
      for column in columns.indices { columns[column][row] = values[column] }
    }
    var table = DataTable(rowCount: rows)
    for (name, values) in zip(["y", "mispredict", "timeout", "voice", "z"], columns) {
      try table.append(name, values)
    }
    for (name, column, levels) in [("staff", 5, Self.people), ("system", 6, Self.systems)] {
      try table.append(name, try .numbered(columns[column].map { Int32($0) }, levels: levels))
    }
    self.table = table
    self.columns = columns
  }
}
