import Foundation
import Statistics

/// Exact Shapley values of ten players in the probability of a logistic model with interactions, on
/// 100,000 rows, against numpy over the distinct rows.
enum PlayerValues: Benchmark {
  static let name = "shapley"
  static let leastRatio = 5.0
  private static let players = 10
  private static let pairs = [(0, 1), (2, 3), (4, 5)]

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    let rows = options.rows ?? 100_000
    var stream = RandomStream(seed: 20_261_127)
    let shares = (0..<players).map { _ in 0.05 + 0.35 * stream.uniform() }
    let columns = shares.map { share in (0..<rows).map { _ in stream.bernoulli(share) ? 1 : 0 } }
    let coefficients =
      [-2] + (0..<players).map { _ in 0.5 + 0.3 * stream.normal() } + [0.5, -0.4, 0.6]
    let handover = try Handover()
    let file = try handover.write(
      columns.map { $0.map(Double.init) } + [coefficients], to: "players.bin")
    let peer = try Peer(
      script: "shapley.py", arguments: [file, "\(rows)"], .python(options.python))
    defer { peer.stop() }
    let levels = columns.map { $0.map { Int32($0) } }
    var shape = ""
    let rounds = try Rounds(options.rounds, against: peer, in: .relative) {
      let values = try RowShapley(
        columns: levels, baseline: [Int32](repeating: 0, count: players)
      ) { worth($0, coefficients) }
      return (values, values.expanded())
    } values: { values, expanded in
      shape = "\(values.distinctCount) distinct rows, \(values.evaluations) evaluations"
      return sums(expanded)
    }
    return Comparison(
      name: "\(name) (\(rows) rows)", peer: "numpy over distinct rows", rounds, tolerance: 1e-9,
      notes: [shape])
  }

  private static func worth(
    _ levels: UnsafeBufferPointer<Int32>, _ coefficients: [Double]
  ) -> Double {
    var eta = coefficients[0]
    for player in 0..<players { eta += coefficients[1 + player] * Double(levels[player]) }
    for (number, (first, second)) in pairs.enumerated() {
      eta += coefficients[1 + players + number] * Double(levels[first] * levels[second])
    }
    return logistic(eta)
  }

  /// Of each player the sum over rows, the sum of squares, and one weighted by the row's number, which
  /// sees rows in another order.
  private static func sums(_ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: 3 * players)
    for (place, value) in values.enumerated() {
      let (row, player) = (place / players, place % players)
      sums[player] += value
      sums[players + player] += value * value
      sums[2 * players + player] += value * Double(row)
    }
    return sums
  }
}
