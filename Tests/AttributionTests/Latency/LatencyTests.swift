import Attribution
import Foundation
import InteractionLog
import LinearAlgebra
import Statistics
import SyntheticWorld
import Testing

@Suite struct LatencyTests {
  @Test func violatorsArePooled() {
    let curve = MonotoneCurve.pooled([0, 2, 1, 3, 2.5, 2], weight: [1, 1, 3, 1, 2, 1])
    let expected = [0, 1.25, 1.25, 2.5, 2.5, 2.5]
    for (a, b) in zip(curve, expected) { #expect(abs(a - b) < 1e-12) }
    #expect(MonotoneCurve.pooled([3, 2, 1], weight: [1, 1, 2]) == [1.75, 1.75, 1.75])
  }

  @Test func binsHoldEverybodyOnce() throws {
    var stream = RandomStream(seed: 2)
    var values = (0..<1_000).map { _ in exp(6 + stream.normal()) }
    values[7] = .nan
    let bins = try #require(LatencyBins(values, wanted: 10))
    #expect(bins.count == 10)
    #expect(bins.bin[7] == -1)
    for b in 0..<10 {
      let inside = bins.bin.indices.filter { bins.bin[$0] == Int32(b) }
      #expect(abs(inside.count - 100) <= 1)
    }
    #expect(LatencyBins([Double](repeating: 5, count: 500), wanted: 10) == nil)
  }

  /// A band holds the curve where it is flat too: what is pooled from noise rises, and must not be told
  /// from none by it.
  @Test(arguments: ["flat", "jump", "slope"])
  func bandsHoldTheCurve(_ shape: String) throws {
    let count = 24
    let truth = (0..<count).map { b -> Double in
      switch shape {
      case "jump": b >= 16 ? 0.5 : 0
      case "slope": 0.6 * Double(b) / Double(count - 1)
      default: 0
      }
    }
    var matrix = Matrix(rows: count - 1, columns: count - 1)
    for i in 0..<matrix.rows {
      for j in 0..<matrix.rows { matrix[i, j] = 0.0256 * (i == j ? 2 : 1) }
    }
    let covariance = try CovarianceFactor(matrix)
    let root = try CholeskyFactor(matrix).lower
    var stream = RandomStream(seed: 17)
    let worlds = 1_000
    var missed = [Int](repeating: 0, count: count)
    for _ in 0..<worlds {
      let noise = [0] + root * (1..<count).map { _ in stream.normal() }
      let values = truth.indices.map { truth[$0] + noise[$0] }
      let curve = MonotoneCurve(
        values: values, covariance: covariance, weight: truth.map { _ in 1 })
      for b in truth.indices {
        #expect(curve.low[b] <= curve.values[b] && curve.values[b] <= curve.high[b])
        if truth[b] < curve.low[b] - 1e-12 || truth[b] > curve.high[b] + 1e-12 { missed[b] += 1 }
      }
    }
    // 5 % with three Monte Carlo errors.
    #expect((missed.max() ?? 0) <= 71, "\(shape): \(missed)")
  }

  /// Contrasts drawn around a known curve: how often the place is inside its interval, and how often
  /// nothing is said of a flat curve.
  @Test(arguments: ["flat", "jump", "kink", "slope"])
  func onsetsAreFound(_ shape: String) throws {
    var stream = RandomStream(seed: 11)
    let latencies = (0..<6_000).map { _ in exp(6.5 + 0.8 * stream.normal()) }
    let bins = try #require(LatencyBins(latencies, wanted: 20))
    func truth(_ x: Double) -> Double {
      switch shape {
      case "jump": x > 1_200 ? 0.5 : 0
      case "kink": max(0, x - 1_000) / 1_500
      case "slope": x <= 600 ? 0 : min((x - 600) / 900, 1) * 0.6
      default: 0
      }
    }
    let begins = ["jump": 1_200.0, "kink": 1_000, "slope": 600]
    let se = 0.12
    var matrix = Matrix(rows: bins.count - 1, columns: bins.count - 1)
    for i in 0..<matrix.rows {
      for j in 0..<matrix.rows { matrix[i, j] = se * se * (i == j ? 2 : 1) }
    }
    let covariance = try CovarianceFactor(matrix)
    let root = try CholeskyFactor(matrix).lower
    let mean = bins.samples.map { s in s.reduce(0) { $0 + truth($1) } / Double(s.count) }
    let worlds = OutcomeWorld.isEvidence ? 1_000 : 120
    var (found, inside) = (0, 0)
    for world in 0..<worlds {
      let noise = [0] + root * mean.dropFirst().map { _ in stream.normal() }
      let values = mean.indices.map { mean[$0] - mean[0] + noise[$0] }
      let onset = LatencyOnset(
        BinnedContrast(
          bins: bins, values: values, covariance: covariance,
          weight: [Double](repeating: 1, count: bins.count)), seed: UInt64(world))
      if onset.p <= 0.025 { found += 1 }
      if let place = begins[shape], onset.interval[0] <= place, place <= onset.interval[1] {
        inside += 1
      }
    }
    if OutcomeWorld.isEvidence {
      print("onset \(shape): found \(found), inside \(inside) of \(worlds)")
    }
    if shape == "flat" {
      #expect(Double(found) <= 0.05 * Double(worlds))
    } else {
      #expect(Double(inside) >= 0.93 * Double(worlds))
      #expect(Double(found) >= 0.9 * Double(worlds))
    }
  }

  /// The whole way, from a generated log to what is said.
  @Test(arguments: [false, true])
  func worldsAnswerToLatency(_ isFlat: Bool) throws {
    let worlds = OutcomeWorld.isEvidence ? 100 : 1
    let outcome = OutcomeDeclaration(name: "bought", kind: .conversion, when: "bought == true")
    var (quiet, inside, quietOutcome, insideOutcome) = (0, 0, 0, 0)
    for seed in 0..<worlds {
      let law = OutcomeLaw(
        name: "bought", scale: .logOdds, base: -0.8, effects: [-0.3, -0.4, 0, 0, 0, 0, -0.6, 0, 0],
        latency: isFlat ? nil : LatencyLaw(begins: 900, ends: 2_500, height: -1.2))
      let world = OutcomeWorld(
        interactions: 12_000, seed: UInt64(300 + seed), laws: [law], outcomes: [outcome]
      ) {
        $0.repeats.effects[InjectedMode.slowExecution.index] = 0
        if !isFlat { $0.latency = LatencyLaw(begins: 900, ends: 2_500, height: 1.1) }
      }
      let fitted = try world.fitted()
      let tree = fitted.tree()
      let findings = try OutcomeAnalysis(fitted, tree: tree).findings()
      let doses = try LatencyAnalysis(fitted: fitted, tree: tree, outcomes: findings).doses()
      #expect(doses.map(\.response) == ["repeats", "bought"])
      if isFlat && seed == 0 {
        // Fewer customers for the curve are not fewer interactions of the log.
        let fewer = try LatencyAnalysis(
          fitted: fitted, tree: tree, outcomes: [], maximumContacts: 6_000
        ).doses()[0]
        #expect(fewer.interactions == doses[0].interactions)
        #expect(fewer.topics.map(\.interactions) == doses[0].topics.map(\.interactions))
        #expect(fewer.overall.points.map(\.ratio) != doses[0].overall.points.map(\.ratio))
      }
      for (k, dose) in doses.enumerated() {
        let curve = dose.overall
        let direction = k == 0 ? 1.0 : -1
        for pair in zip(curve.points, curve.points.dropFirst()) {
          #expect(direction * (pair.1.ratio - pair.0.ratio) >= -1e-12)
        }
        #expect(
          (curve.beginsAt == nil) == dose.sentence.hasPrefix("No latency"), "\(dose.sentence)")
        let covers = curve.beginsAtCi95.map { $0[0] <= 900 && 900 <= $0[1] } ?? false
        if k == 0 {
          quiet += curve.beginsAt == nil ? 1 : 0
          inside += covers ? 1 : 0
        } else {
          quietOutcome += curve.beginsAt == nil ? 1 : 0
          insideOutcome += covers ? 1 : 0
        }
      }
    }
    if OutcomeWorld.isEvidence {
      print(
        "latency flat \(isFlat): repeats quiet \(quiet) inside \(inside), bought quiet "
          + "\(quietOutcome) inside \(insideOutcome) of \(worlds)")
    }
    let least = OutcomeWorld.isEvidence ? 0.93 : 1
    if isFlat {
      #expect(Double(min(quiet, quietOutcome)) >= least * Double(worlds))
    } else {
      #expect(Double(min(inside, insideOutcome)) >= least * Double(worlds))
    }
  }
}
