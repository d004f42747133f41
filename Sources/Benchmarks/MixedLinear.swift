import Foundation
import Statistics

/// A linear mixed model with crossed effects of thousands of levels (students, lecturers, department
/// by service) on 73,000 ratings by REML, against lme4.
enum MixedLinear: Benchmark {
  static let name = "mixed-linear"
  static let leastRatio = 5.0

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    let ratings = try RatingData(rows: options.rows ?? 73_421, seed: 20_261_123)
    let handover = try Handover()
    let file = try handover.write(ratings.columns, to: "ratings.bin")
    let peer = try Peer(
      script: "mixed.R", arguments: ["linear", file, "\(ratings.table.rowCount)"],
      .r(options.rscript))
    defer { peer.stop() }
    let request = MixedModelRequest(
      formula: try ModelFormula("y ~ service + (1 | s) + (1 | d) + (1 | dept:service)"),
      kind: .linear(.restricted), threads: options.threads)
    var shape = ""
    let rounds = try Rounds(options.rounds, against: peer, in: .standardErrors) {
      try request.fit(ratings.table)
    } values: { result in
      guard case .linear(let fit) = result.fit else { return [] }
      let theta = fit.terms.flatMap(\.theta)
      shape =
        "levels \(fit.terms.map(\.levels.count)), \(fit.record.evaluations) evaluations, "
        + "ours from the table, REML criterion \(fit.deviance)"
      return fit.coefficients + theta + [fit.deviance] + fit.standardErrors + theta + [1]
    }
    return Comparison(
      name: "\(name) (\(ratings.table.rowCount) rows)", peer: "lme4", rounds, tolerance: 5e-3,
      unit: .standardErrors, notes: [shape])
  }
}

/// Generated ratings of lecturers by students, in the shape of a university's: students rate about
/// 25 lectures of their own department or, as a service, of four others; few lecturers are rated
/// often.
private struct RatingData {
  static let (students, lecturers, departments) = (2972, 1128, 14)

  let table: DataTable
  /// y, service, s, d, dept: factors as numbers from 0.
  let columns: [[Double]]

  init(rows: Int, seed: UInt64) throws {
    var stream = RandomStream(seed: seed)
    let (students, lecturers, departments) = (Self.students, Self.lecturers, Self.departments)
    let ofStudent = (0..<students).map { _ in 0.33 * stream.normal() }
    let ofLecturer = (0..<lecturers).map { _ in 0.51 * stream.normal() }
    let ofDepartment = (0..<2 * departments).map { _ in 0.12 * stream.normal() }
    var codes = [[Int32]](repeating: [Int32](repeating: 0, count: rows), count: 4)
    var ratings = [Double](repeating: 0, count: rows)
    for row in 0..<rows {
      let student = stream.int(below: students)
      let isService = stream.bernoulli(0.43)
      let home = student % departments
      let department =
        isService ? (home + 1 + stream.int(below: 4)) % departments : home
      let staff = (lecturers - department + departments - 1) / departments
      let place = min(Int(Double(staff) * pow(stream.uniform(), 2.5)), staff - 1)
      let lecturer = department + departments * place
      let service = isService ? 1 : 0
      let mean =
        3.26 - 0.07 * Double(service) + ofStudent[student] + ofLecturer[lecturer]
        + ofDepartment[2 * department + service]
      ratings[row] = min(max((mean + 1.18 * stream.normal()).rounded(), 1), 5)
      for (factor, code) in [service, student, lecturer, department].enumerated() {
        codes[factor][row] = Int32(code)
      }
    }
    var table = DataTable(rowCount: rows)
    try table.append("y", ratings)
    for (factor, (name, levels)) in [
      ("service", 2), ("s", students), ("d", lecturers), ("dept", departments),
    ].enumerated() {
      try table.append(name, try .numbered(codes[factor], levels: levels))
    }
    self.table = table
    columns = [ratings] + codes.map { $0.map(Double.init) }
  }
}
