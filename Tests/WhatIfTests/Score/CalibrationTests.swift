import Statistics
import Testing
import WhatIf

/// Scores whose chance of being right is known. Rows of a customer share one draw, so that they are
/// all right or all wrong together where their chances are alike.
private struct KnownScores {
  var data: ReviewedScores
  var chances: [Double]

  init(seed: UInt64, customers: Int, rowsEach: Int = 3, chance: (Double) -> Double) {
    var stream = RandomStream(seed: seed)
    var scores: [Double] = []
    var right: [Double] = []
    var clusters: [Int32] = []
    chances = []
    for customer in 0..<customers {
      let shared = stream.uniform()
      for _ in 0..<rowsEach {
        let score = 0.3 + 0.7 * stream.uniform()
        scores.append(score)
        chances.append(chance(score))
        right.append(shared < chance(score) ? 1 : 0)
        clusters.append(Int32(customer))
      }
    }
    data = ReviewedScores(scores: scores, right: right, clusters: clusters)
  }

  /// The bins' mean chances.
  func truth(_ bins: EqualMassBins) -> [Double] {
    var sums = bins.counts.map { _ in 0.0 }
    for (row, chance) in chances.enumerated() { sums[Int(bins.binOfRow[row])] += chance }
    return zip(sums, bins.counts).map { $0 / $1 }
  }
}

@Suite struct CalibrationTests {
  private static let worlds = 200

  @Test("Bands hold the whole curve, and intervals the points, in 95 % of samples of customers")
  func bandsCover() throws {
    var whole = 0.0
    var points = 0.0
    var ofThem = 0.0
    for seed in 0..<Self.worlds {
      let known = KnownScores(seed: UInt64(seed), customers: 500) { 0.2 + 0.7 * $0 }
      let bins = EqualMassBins(known.data, wanted: 10)
      let curve = try ReliabilityCurve(bins)
      let inside = zip(curve.points, known.truth(bins)).map { point, truth in
        (
          point.band95[0] <= truth && truth <= point.band95[1],
          point.ci95[0] <= truth && truth <= point.ci95[1]
        )
      }
      if inside.allSatisfy(\.0) { whole += 1 }
      points += Double(inside.count { $0.1 })
      ofThem += Double(inside.count)
    }
    // Three binomial errors of 200 worlds about 95 %; the points of a world depend on each other.
    #expect(whole / Double(Self.worlds) > 0.903)
    #expect((0.925...0.975).contains(points / ofThem))
  }

  @Test(
    "Chance adds nothing to the debiased error of a calibrated score, and much to the usual one")
  func debiased() {
    var squared: [Double] = []
    var plugIn = 0.0
    var covered = 0.0
    for seed in 0..<Self.worlds {
      let known = KnownScores(seed: UInt64(1_000 + seed), customers: 300) { $0 }
      let error = CalibrationError(known.data, EqualMassBins(known.data, wanted: 10))
      squared.append(error.squared)
      plugIn += error.plugIn / Double(Self.worlds)
      if error.squaredCi95[0] <= 0 { covered += 1 }
    }
    let mean = squared.reduce(0, +) / Double(Self.worlds)
    let spread =
      (squared.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Self.worlds)).squareRoot()
    #expect(abs(mean) < 4 * spread / Double(Self.worlds).squareRoot())
    #expect(plugIn > 0.03)
    #expect(covered / Double(Self.worlds) > 0.92)
  }

  @Test("The interval of the squared error holds the truth where the score is off")
  func squaredCovers() {
    var covered = 0.0
    for seed in 0..<Self.worlds {
      let known = KnownScores(seed: UInt64(5_000 + seed), customers: 400) { 0.3 + 0.5 * $0 }
      let bins = EqualMassBins(known.data, wanted: 10)
      let error = CalibrationError(known.data, bins)
      let n = Double(known.data.count)
      var truth = 0.0
      for (bin, chance) in known.truth(bins).enumerated() {
        let gap = chance - bins.meanScores[bin]
        truth += bins.counts[bin] / n * gap * gap
      }
      if error.squaredCi95[0] <= truth && truth <= error.squaredCi95[1] { covered += 1 }
    }
    #expect((0.91...0.985).contains(covered / Double(Self.worlds)))
  }

  @Test("The parts of Brier's score add up to it, raw and corrected, with ties and customers")
  func brierAddsUp() {
    let known = KnownScores(seed: 9, customers: 250, rowsEach: 4) { 0.9 * $0 }
    let tied = ReviewedScores(
      scores: known.data.scores.map { ($0 * 20).rounded() / 20 }, right: known.data.right,
      clusters: known.data.clusters)
    for data in [known.data, tied] {
      for wanted in [1, 7, 15] {
        let brier = BrierScore(
          data, EqualMassBins(data, wanted: wanted), all: EqualMassBins(data, wanted: 1))
        for parts in [brier.parts, brier.corrected] {
          let sum =
            parts.reliability - parts.resolution + parts.uncertainty + brier.withinBinVariance
            - brier.withinBinCovariance
          #expect(abs(sum - brier.brier) < 1e-12)
        }
      }
    }
  }

  @Test("Equal scores share a bin, and no bin holds one customer alone")
  func bins() {
    let scores = [0.1, 0.2, 0.2, 0.2, 0.2, 0.9, 0.91, 0.92]
    let data = ReviewedScores(
      scores: scores, right: scores.map { _ in 1 }, clusters: [0, 1, 1, 2, 3, 4, 4, 4])
    let bins = EqualMassBins(data, wanted: 4)
    #expect(Set((1...4).map { bins.binOfRow[$0] }).count == 1)
    #expect(bins.customers.allSatisfy { $0 >= 2 })
    #expect(bins.counts.reduce(0, +) == 8)
  }

  @Test("Rows that repeat a customer's say nothing new: errors stay as they are")
  func repeatedRows() throws {
    let once = KnownScores(seed: 3, customers: 400, rowsEach: 1) { $0 }.data
    let twice = ReviewedScores(
      scores: once.scores.flatMap { [$0, $0] }, right: once.right.flatMap { [$0, $0] },
      clusters: once.clusters.flatMap { [$0, $0] })
    let first = try ReliabilityCurve(EqualMassBins(once, wanted: 8))
    let second = try ReliabilityCurve(EqualMassBins(twice, wanted: 8))
    for (a, b) in zip(first.points, second.points) {
      #expect(zip(a.ci95, b.ci95).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(zip(a.band95, b.band95).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }
}
