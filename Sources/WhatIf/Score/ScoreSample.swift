import InteractionLog

/// The interactions that a score was given to, with whether the intent was right where that is known.
package struct ScoreSample: Sendable {
  /// Rows of the log, ascending, and what is known of each.
  package var rows: [Int]
  package var scores: [Double]
  /// 1 right, 0 wrong, −1 not looked at.
  package var right: [Int8]
  /// Rows of one customer have one number, rising with the rows; unknown customers one each.
  package var clusters: [Int32]
  /// Predicted intents, −1 where none was predicted: what is known when a threshold decides.
  package var topics: [Int32]
  package var topicNames: [String]
  package var channels: [Int32]
  package var versions: [Int32]
  package var versionNames: [String]
  package var times: [Int64]
  /// NaN where missing.
  package var thresholds: [Double]

  package var count: Int { rows.count }

  /// Reads the columns.
  ///
  /// - Throws: `ScoreError` where there is no score, one only, or one that is none.
  package init(_ table: InteractionTable, _ options: ScoreOptions) throws(ScoreError) {
    let name = options.shownScore ?? options.score
    guard let column = table.number(options.score) else {
      throw .noColumn(name: name, known: Self.numbersWithinUnit(table))
    }
    rows = (0..<table.count).filter { !column.storage[$0].isNaN }
    scores = rows.map { column.storage[$0] }
    guard let first = scores.first else { throw .noValues(name: name) }
    for (row, score) in zip(rows, scores) where !(score >= 0 && score <= 1) {
      throw .outside(name: name, interaction: table.interactionID[row], value: score)
    }
    guard scores.contains(where: { $0 != first }) else {
      throw .constant(name: name, value: first, rows: scores.count)
    }
    let predicted = table.text("intent_predicted")
    let actual = table.text("intent_actual")
    right = rows.map { row in
      guard let said = predicted?[row], let was = actual?[row] else { return -1 }
      return said == was ? 1 : 0
    }
    guard right.contains(where: { $0 >= 0 }) else {
      throw .nothingReviewed(name: name, scored: scores.count)
    }
    clusters = Self.clusters(table, rows)
    topics = rows.map { predicted?.codes[$0] ?? -1 }
    topicNames = predicted?.values ?? []
    let channel = table.text("channel")
    channels = rows.map { channel?.codes[$0] ?? -1 }
    let version = table.text(options.version)
    versions = rows.map { version?.codes[$0] ?? -1 }
    versionNames = version?.values ?? []
    times = rows.map { table.startedAt[$0] }
    let threshold = table.number(options.threshold)
    thresholds = rows.map { threshold?.storage[$0] ?? .nan }
  }

  /// The positions at which it is known whether the intent was right.
  package var reviewed: [Int] { right.indices.filter { right[$0] >= 0 } }

  private static func clusters(_ table: InteractionTable, _ rows: [Int]) -> [Int32] {
    var next: Int32 = -1
    var last: Int32 = -2
    return rows.map { row in
      let code = table.customer.codes[row]
      if code < 0 || code != last { next += 1 }
      last = code
      return next
    }
  }

  private static func numbersWithinUnit(_ table: InteractionTable) -> [String] {
    table.columns.compactMap { name, column in
      guard case .number(let numbers) = column else { return nil }
      var seen = false
      for value in numbers.storage where !value.isNaN {
        guard value >= 0, value <= 1 else { return nil }
        seen = true
      }
      return seen ? name : nil
    }
  }
}

/// Scores of which it is known whether they were right: what calibration is measured on.
package struct ReviewedScores: Sendable {
  package let scores: [Double]
  /// 0 or 1.
  package let right: [Double]
  /// Rows of one customer have one number and are neighbours.
  package let clusters: [Int32]
  /// Rows by score, equal scores as they come.
  package let order: [Int]

  package var count: Int { scores.count }

  package init(scores: [Double], right: [Double], clusters: [Int32]) {
    precondition(
      scores.count == right.count && scores.count == clusters.count, "columns of one length")
    self.scores = scores
    self.right = right
    self.clusters = clusters
    order = IsotonicFit.order(scores)
  }

  /// - Parameter positions: ascending, reviewed ones.
  package init(_ sample: ScoreSample, at positions: [Int]) {
    self.init(
      scores: positions.map { sample.scores[$0] },
      right: positions.map { Double(sample.right[$0]) },
      clusters: positions.map { sample.clusters[$0] })
  }

  /// Some rows of others, whose order is known: nothing is sorted again.
  ///
  /// - Parameter rows: ascending.
  init(_ whole: ReviewedScores, rows: [Int]) {
    scores = rows.map { whole.scores[$0] }
    right = rows.map { whole.right[$0] }
    clusters = rows.map { whole.clusters[$0] }
    var place = [Int32](repeating: -1, count: whole.count)
    for (k, row) in rows.enumerated() { place[row] = Int32(k) }
    var order: [Int] = []
    order.reserveCapacity(rows.count)
    for row in whole.order where place[row] >= 0 { order.append(Int(place[row])) }
    self.order = order
  }

  /// Customers.
  package var clusterCount: Int {
    clusters.indices.count { $0 == 0 || clusters[$0] != clusters[$0 - 1] }
  }
}
