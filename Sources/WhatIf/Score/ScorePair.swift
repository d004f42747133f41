import LinearAlgebra
import Statistics

/// The scores of two parts of a log, side by side.
struct ScorePair {
  private let sample: ScoreSample
  private let names: [String]
  /// Positions in the sample, ascending, and whether each is in the later part.
  private let positions: [Int]
  private let isLater: [Bool]

  init(_ sample: ScoreSample, _ groups: ScoreGroups, from: Int, to: Int) {
    self.sample = sample
    names = [groups.names[from], groups.names[to]]
    positions = groups.groupOf.indices.filter {
      groups.groupOf[$0] == Int32(from) || groups.groupOf[$0] == Int32(to)
    }
    isLater = positions.map { groups.groupOf[$0] == Int32(to) }
  }

  private func test(_ name: String) -> ScoreDrift.Test {
    ScoreDrift.Test(name: name, from: names[0], to: names[1])
  }

  // MARK: Where scores lie

  /// A stratum, a predicted topic on a channel, takes part with so many scores in each part.
  private static let fewestInStratum = 10.0
  private static let gridPoints = 19

  /// The largest difference, over a grid of scores, between the shares of scores up to there, strata
  /// weighted alike in both parts, in standard errors by customers.
  func distributionTest() throws -> ScoreDrift.Test {
    var result = test("distribution")
    let channels = (sample.channels.max() ?? -1) + 2
    let stratum = positions.map {
      Int((sample.topics[$0] + 1) * channels + sample.channels[$0] + 1)
    }
    var counts = [[Double]](
      repeating: [0, 0], count: (stratum.max() ?? 0) + 1)
    for (k, s) in stratum.enumerated() { counts[s][isLater[k] ? 1 : 0] += 1 }
    let weights = counts.map { n in
      min(n[0], n[1]) < Self.fewestInStratum ? 0 : n[0] * n[1] / (n[0] + n[1])
    }
    let sum = weights.reduce(0, +)
    guard sum > 0 else {
      result.note = "no topic and channel has \(Int(Self.fewestInStratum)) scores in both parts"
      return result
    }
    let used = positions.indices.filter { weights[stratum[$0]] > 0 }
    let sorted = used.map { sample.scores[positions[$0]] }.sorted()
    let grid = Set(
      (1...Self.gridPoints).compactMap {
        SampleQuantile.nearestRank(Double($0) / Double(Self.gridPoints + 1), ofSorted: sorted)
      }
    ).filter { $0 < sorted[sorted.count - 1] }.sorted()
    guard !grid.isEmpty else {
      result.note = "the scores hardly differ"
      return result
    }
    // Share of the scores up to each point, by stratum and part.
    var shares = counts.map { _ in [[Double]](repeating: grid.map { _ in 0 }, count: 2) }
    for k in used {
      let (s, part) = (stratum[k], isLater[k] ? 1 : 0)
      for (g, point) in grid.enumerated() where sample.scores[positions[k]] <= point {
        shares[s][part][g] += 1 / counts[s][part]
      }
    }
    var both = [[Double]](repeating: grid.map { _ in 0 }, count: 2)
    for s in counts.indices where weights[s] > 0 {
      for part in 0...1 {
        for g in grid.indices { both[part][g] += weights[s] / sum * shares[s][part][g] }
      }
    }
    let covariance = clusterCovariance(
      used, width: grid.count
    ) { k, add in
      let (s, part) = (stratum[k], isLater[k] ? 1 : 0)
      let factor = (part == 1 ? 1 : -1) * weights[s] / sum / counts[s][part]
      let score = sample.scores[positions[k]]
      for (g, point) in grid.enumerated() {
        add(g, factor * ((score <= point ? 1 : 0) - shares[s][part][g]))
      }
    }
    let differences = grid.indices.map { both[1][$0] - both[0][$0] }
    let statistics = grid.indices.map { g in
      covariance[g, g] > 0 ? abs(differences[g]) / covariance[g, g].squareRoot() : 0
    }
    let place = statistics.indices.reduce(0) { statistics[$1] > statistics[$0] ? $1 : $0 }
    result.statistic = statistics[place]
    result.p = try MaximumOfNormals(covariance: covariance).pValue(statistics[place])
    (result.at, result.before, result.after) = (grid[place], both[0][place], both[1][place])
    return result
  }

  /// Σ over customers of the outer product of their summed influence.
  private func clusterCovariance(
    _ used: [Int], width: Int, influence: (Int, (Int, Double) -> Void) -> Void
  ) -> Matrix {
    var result = Matrix(rows: width, columns: width)
    var sums = [Double](repeating: 0, count: width)
    var next = 0
    var customers = 0.0
    while next < used.count {
      let cluster = sample.clusters[positions[used[next]]]
      for g in sums.indices { sums[g] = 0 }
      while next < used.count, sample.clusters[positions[used[next]]] == cluster {
        influence(used[next]) { sums[$0] += $1 }
        next += 1
      }
      customers += 1
      for b in 0..<width {
        for a in b..<width { result[a, b] += sums[a] * sums[b] }
      }
    }
    result.mirrorLowerTriangle()
    return customers > 1 ? customers / (customers - 1) * result : result
  }

  // MARK: What scores mean

  /// Right and wrong intents that a part needs, and a topic in each part to have a level of its own.
  private static let fewestInPart = 20
  private static let fewestInTopic = 10

  /// Wald's test, by customers, that neither level nor slope of being right on the log odds of the
  /// score changes, given topic and a cubic in the log odds of the score.
  func meaningTest() throws -> ScoreDrift.Test {
    var result = test("meaning")
    let known = positions.indices.filter { sample.right[positions[$0]] >= 0 }
    for part in [false, true] {
      let rows = known.filter { isLater[$0] == part }
      let right = rows.count { sample.right[positions[$0]] == 1 }
      if min(right, rows.count - right) < Self.fewestInPart {
        result.note =
          "\(names[part ? 1 : 0]) has \(right) right and \(rows.count - right) wrong intents that "
          + "were looked at; at least \(Self.fewestInPart) of each are needed"
        return result
      }
    }
    let odds = known.map { LogOdds.of(sample.scores[positions[$0]]) }
    let centre = odds.reduce(0, +) / Double(odds.count)
    let spread =
      (odds.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(odds.count)).squareRoot()
    let z = odds.map { ($0 - centre) / max(spread, 1e-12) }
    var table = DataTable(rowCount: known.count)
    try table.append("right", known.map { Double(sample.right[positions[$0]]) })
    try table.append("z", z)
    try table.append("z2", z.map { $0 * $0 })
    try table.append("z3", z.map { $0 * $0 * $0 })
    try table.append("later", known.map { isLater[$0] ? 1 : 0 })
    try table.append("turn", zip(known, z).map { isLater[$0] ? $1 : 0 })
    let topics = topicLevels(known)
    try table.append("topic", topics)
    try table.append("customer", CustomerLevels.text(known.map { sample.clusters[positions[$0]] }))
    let hasTopics = topics.contains { $0 != topics.first }
    do {
      let fit = try RegressionRequest(
        formula: ModelFormula("right ~ z + z2 + z3 + later + turn\(hasTopics ? " + topic" : "")"),
        family: .binomial, further: ["customer"]
      ).fit(table)
      let covariance = try fit.covariance(.clustered(["customer"])).matrix
      guard let level = fit.terms.firstIndex(of: "later"),
        let slope = fit.terms.firstIndex(of: "turn")
      else {
        result.note = "the parts cannot be told from the score"
        return result
      }
      let change = [fit.fit.coefficients[level], fit.fit.coefficients[slope]]
      let picked = covariance.submatrix(rows: [level, slope], columns: [level, slope])
      let wald = dot(change, try CholeskyFactor(picked).solve(change))
      result.statistic = wald
      result.p = ChiSquareDistribution.upperTail(wald, degreesOfFreedom: 2)
      (result.at, result.before, result.after) = shown(fit, centre: centre)
    } catch let fault as RegressionFault {
      result.note = fault.description
    } catch let fault as LinearAlgebraError {
      result.note = fault.description
    }
    return result
  }

  /// The mean log odds as a score, and the chances there in both parts for the reference topic.
  private func shown(_ fit: RegressionFit, centre: Double) -> (Double, Double, Double) {
    func coefficient(_ name: String) -> Double {
      fit.terms.firstIndex(of: name).map { fit.fit.coefficients[$0] } ?? 0
    }
    let intercept = coefficient("(Intercept)")
    return (
      LogOdds.share(centre), LogOdds.share(intercept),
      LogOdds.share(intercept + coefficient("later"))
    )
  }

  /// Predicted topics; those with few right or few wrong intents in a part are one level.
  private func topicLevels(_ known: [Int]) -> [String?] {
    var counts = [[Int]](repeating: [0, 0, 0, 0], count: sample.topicNames.count)
    for k in known where sample.topics[positions[k]] >= 0 {
      let cell = (isLater[k] ? 2 : 0) + (sample.right[positions[k]] == 1 ? 1 : 0)
      counts[Int(sample.topics[positions[k]])][cell] += 1
    }
    return known.map { k in
      let topic = Int(sample.topics[positions[k]])
      guard topic >= 0, (counts[topic].min() ?? 0) >= Self.fewestInTopic else { return "(other)" }
      return sample.topicNames[topic]
    }
  }
}

/// Numbers of customers as a column of a table.
enum CustomerLevels {
  /// - Parameter clusters: rising, so that padded numbers keep their order.
  static func text(_ clusters: [Int32]) throws -> DataTable.Text {
    var codes: [Int32] = []
    var levels: [String] = []
    var last: Int32?
    for cluster in clusters {
      if cluster != last {
        let digits = String(cluster)
        levels.append(String(repeating: "0", count: 10 - digits.count) + digits)
        last = cluster
      }
      codes.append(Int32(levels.count - 1))
    }
    return try DataTable.Text(codes: codes, levels: levels)
  }
}
