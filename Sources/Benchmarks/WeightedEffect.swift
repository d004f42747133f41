import Foundation
import LinearAlgebra
import Statistics

/// The doubly robust effect of a treatment on 200,000 rows with 20 covariates and 5 folds, against
/// DoubleML and EconML, whichever is faster, with the same folds.
enum WeightedEffect: Benchmark {
  static let name = "aipw"
  static let leastRatio = 10.0

  static func run(_ options: BenchmarkOptions) throws -> Comparison {
    let rows = options.rows ?? 200_000
    let sample = ConfoundedSample(rows: rows, seed: 20_261_125)
    let plan = try FoldPlan(count: 5, treated: sample.data.treatment.map { $0 == 1 }, seed: 1)
    let handover = try Handover()
    let file = try handover.write(
      sample.covariates + [
        sample.data.treatment, sample.data.outcome, plan.folds.map(Double.init),
      ],
      to: "effect.bin")
    let weighting = CrossFittedWeighting(propensityBound: 1e-6)
    let python = options.causalPython ?? options.python
    // One after the other, so that an idle peer's memory and threads do not disturb.
    let all = try ["doubleml", "econml"].map { package in
      let peer = try Peer(
        script: "aipw.py", arguments: [package, file, "\(rows)"], .python(python))
      defer { peer.stop() }
      let rounds = try Rounds(options.rounds, against: peer, in: .standardErrors) {
        try weighting.estimate(sample.data, plan: plan, threads: options.threads)
      } values: { effect in
        [effect.estimate, effect.standardError]
      }
      return Comparison(
        name: "\(name) (\(rows) rows)", peer: package, rounds, tolerance: 0.02,
        unit: .standardErrors)
    }
    let fastest = all[0].peerSeconds <= all[1].peerSeconds ? 0 : 1
    return all[fastest].adding(all[1 - fastest])
  }
}

extension Comparison {
  fileprivate var peerSeconds: Double { Self.median(others) }

  /// With a slower peer in the notes; both must agree.
  fileprivate func adding(_ slower: Comparison) -> Comparison {
    var rounds = Rounds(own: own, others: others)
    rounds.difference = max(difference, slower.difference)
    return Comparison(
      name: name, peer: peer, rounds, tolerance: tolerance, unit: unit,
      notes: notes + slower.text.split(separator: "\n").map(String.init))
  }
}

/// Generated rows whose treatment and outcome depend on ten normal and ten 0/1 covariates.
private struct ConfoundedSample {
  let covariates: [[Double]]
  let data: CrossFittedWeighting.Data

  init(rows: Int, seed: UInt64) {
    var stream = RandomStream(seed: seed)
    let count = 20
    let ofTreatment = (0..<count).map { _ in 0.25 * stream.normal() }
    let ofOutcome = (0..<count).map { _ in 0.4 * stream.normal() }
    var covariates = [[Double]](repeating: [Double](repeating: 0, count: rows), count: count)
    var (treatment, outcome) = (
      [Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows)
    )
    for row in 0..<rows {
      var (eta, mean) = (-0.3, 1.0)
      for column in 0..<count {
        let drawn = stream.normal()
        let value = column < count / 2 ? drawn : drawn > 0.3 ? 1 : 0
        covariates[column][row] = value
        eta += ofTreatment[column] * value
        mean += ofOutcome[column] * value
      }
      let treated = stream.bernoulli(logistic(eta)) ? 1.0 : 0
      treatment[row] = treated
      outcome[row] = mean + treated * (0.5 + 0.2 * covariates[0][row]) + stream.normal()
    }
    self.covariates = covariates
    data = CrossFittedWeighting.Data(
      covariates: Matrix(rows: rows, columns: count, storage: covariates.flatMap { $0 }),
      names: (0..<count).map { "x\($0)" }, treatment: treatment, outcome: outcome)
  }
}
