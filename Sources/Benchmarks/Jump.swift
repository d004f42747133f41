import Foundation
import Statistics

/// A regression discontinuity on 200,000 rows with nearest-neighbour variance, bandwidths chosen,
/// against rdrobust.
enum Jump: Benchmark {
  static let name = "discontinuity"
  static let leastRatio = 5.0

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    let rows = options.rows ?? 200_000
    let (running, outcomes) = sample(rows: rows, seed: 20_261_126)
    let handover = try Handover()
    let file = try handover.write([running, outcomes], to: "jump.bin")
    let peer = try Peer(
      script: "discontinuity.py", arguments: [file, "\(rows)"], .python(options.python))
    defer { peer.stop() }
    let design = Discontinuity(cutoff: 0, variance: .nearestNeighbour(matches: 3))
    var shape = ""
    let rounds = try Rounds(options.rounds, against: peer, in: .relative) {
      try design.estimate(outcomes: outcomes, running: running, threads: options.threads)
    } values: { found in
      shape = "jump \(found.conventional.estimate), bandwidth \(found.bandwidths.left)"
      return [
        found.conventional.estimate, found.robust.estimate, found.conventional.standardError,
        found.robust.standardError, found.bandwidths.left, found.bandwidths.biasLeft,
      ]
    }
    return Comparison(
      name: "\(name) (\(rows) rows)", peer: "rdrobust", rounds, tolerance: 1e-6, notes: [shape])
  }

  /// A polynomial of degree five on either side of 0 with a jump of 0.04, noise, and most of the
  /// running variable left of 0: the shape of elections won and lost that the method's papers
  /// simulate (Lee 2008; Imbens & Kalyanaraman 2012, Rev. Econ. Stud. 79, section 5).
  private static func sample(rows: Int, seed: UInt64) -> (running: [Double], outcomes: [Double]) {
    let left = [0.48, 1.27, 7.18, 20.21, 21.54, 7.33]
    let right = [0.52, 0.84, -3.00, 7.99, -9.01, 3.56]
    var stream = RandomStream(seed: seed)
    var (running, outcomes) = ([Double](), [Double]())
    for _ in 0..<rows {
      let x = 2 * stream.beta(2, 4) - 1
      let mean = (x < 0 ? left : right).reversed().reduce(0) { $0 * x + $1 }
      running.append(x)
      outcomes.append(mean + 0.1295 * stream.normal())
    }
    return (running, outcomes)
  }
}
