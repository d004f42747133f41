import Foundation
import LinearAlgebra
import Statistics

/// 500 bootstrap replicates of an attributable fraction on 200,000 rows × 47 columns, against Newton's
/// method written by hand in numpy.
///
/// The peer computes five replicates and its time is scaled to 500. Samples are drawn anew on either
/// side; that both compute the same is checked on five samples that are handed over.
enum FractionReplicates: Benchmark {
  static let name = "fraction-bootstrap"
  static let leastRatio = 50.0
  private static let replicates = 500
  private static let peerReplicates = 5

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    let rows = options.rows ?? 200_000
    let sample = ExposedSample(rows: rows, seed: 20_261_128)
    let handover = try Handover()
    let file = try handover.write(sample.columns + [sample.response], to: "design.bin")
    var stream = RandomStream(seed: 20_261_129)
    let draws = (0..<peerReplicates).map { _ in (0..<rows).map { _ in stream.int(below: rows) } }
    let drawn = try handover.write(draws.map { $0.map(Double.init) }, to: "draws.bin")
    let peer = try Peer(
      script: "fraction_newton.py",
      arguments: [
        file, drawn, "\(rows)", "\(sample.columns.count)", "\(sample.exposure)",
        "\(peerReplicates)", "\(replicates)",
      ], .python(options.python))
    defer { peer.stop() }
    let design = Matrix(
      rows: rows, columns: sample.columns.count, storage: sample.columns.flatMap { $0 })
    let exposures = [Exposure(name: "mispredict", columns: [sample.exposure])]
    var shape = ""
    let rounds = try Rounds(options.rounds, against: peer, in: .relative) {
      let model = try AttributableFractionModel(
        design: design, response: sample.response, exposures: exposures, threads: options.threads)
      return (model, try model.bootstrap(replicates: replicates, seed: 7))
    } values: { model, bootstrap in
      let steps = bootstrap.replicates.reduce(0) { $0 + $1.iterations }
      shape =
        "\(sample.columns.count) columns, standard error "
        + Comparison.text(bootstrap.standardError(\.all) ?? 0)
        + ", \(Double(steps) / Double(replicates)) steps a replicate, ours from the design"
      return try [model.estimate().all.estimate]
        + draws.map { try model.fractions(counts: counts($0, rows)).all }
    }
    return Comparison(
      name: "\(name) (\(rows) rows)", peer: "numpy-newton", rounds, tolerance: 1e-6,
      notes: [shape])
  }

  private static func counts(_ draw: [Int], _ rows: Int) -> [UInt16] {
    var counts = [UInt16](repeating: 0, count: rows)
    for row in draw { counts[row] += 1 }
    return counts
  }
}

/// Generated contacts as a design matrix: an intercept, indicators of five factors, two marks of which
/// the second is the exposure, and three numbers.
private struct ExposedSample {
  static let levels = [5, 24, 10, 4, 3]

  let columns: [[Double]]
  let response: [Double]
  let exposure: Int

  init(rows: Int, seed: UInt64) {
    var stream = RandomStream(seed: seed)
    let firsts = Self.levels.indices.map { i in
      1 + Self.levels[..<i].reduce(0) { $0 + $1 - 1 }
    }
    let marks = 1 + Self.levels.reduce(0) { $0 + $1 - 1 }
    let (width, exposure) = (marks + 5, marks + 1)
    var effects = (0..<width).map { _ in 0.3 * stream.normal() }
    effects[0] = -1.2
    effects.replaceSubrange(marks..<width, with: [0.2, 0.8, -0.6, 0.15, 0.1])
    let weights = Self.levels.map { count in (0..<count).map { 1 / Double($0 + 1) } }
    var columns = [[Double]](repeating: [Double](repeating: 0, count: rows), count: width)
    var response = [Double](repeating: 0, count: rows)
    for row in 0..<rows {
      columns[0][row] = 1
      for factor in Self.levels.indices {
        let level = stream.categorical(weights[factor])
        if level > 0 { columns[firsts[factor] + level - 1][row] = 1 }
      }
      columns[marks][row] = stream.bernoulli(0.3) ? 1 : 0
      columns[exposure][row] = stream.bernoulli(0.1) ? 1 : 0
      columns[marks + 2][row] = stream.uniform()
      columns[marks + 3][row] = 0.6 * stream.normal()
      columns[marks + 4][row] = 0.8 * stream.normal()
      var eta = 0.0
      for column in 0..<width { eta += effects[column] * columns[column][row] }
      response[row] = stream.bernoulli(logistic(eta)) ? 1 : 0
    }
    self.columns = columns
    self.response = response
    self.exposure = exposure
  }
}
