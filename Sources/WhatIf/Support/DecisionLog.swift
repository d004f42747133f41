import Attribution
import InteractionLog

/// The contacts of known customers as the routing saw them, columnar, customers as neighbours.
///
/// A contact with a score and a handler is a decision; others are contacts all the same and count as
/// repeats, but no policy moves them.
package struct DecisionLog: Sendable {
  /// Row of the interaction table, by contact.
  package let row: [Int32]
  /// Range of contacts by customer: `customerStart[c]..<customerStart[c + 1]`.
  package let customerStart: [Int]
  /// Milliseconds since 1970.
  package let time: [Int64]
  /// NaN where the contact was no decision.
  package let score: [Double]
  /// The threshold in force, NaN where unknown.
  package let threshold: [Double]
  /// 1 AI, 0 staff, −1 no decision.
  package let action: [Int8]
  /// 1 where the log says that the decision was explored (made at random).
  package let explored: [Int8]
  /// What the classifier took it for, as routing saw it; the topic where that is unknown.
  package let topic: [Int32]
  package let topicNames: [String]
  package let channel: [Int32]
  package let channelNames: [String]
  package let segment: [Int32]
  package let segmentNames: [String]
  /// The values that curves are drawn by; one group of all where nothing is asked for.
  package let group: [Int32]
  package let groupNames: [String]
  /// First and last contact, milliseconds.
  package let span: ClosedRange<Int64>
  /// The scores of decisions.
  package let scoreRange: ClosedRange<Double>
  package let scoreColumn: String
  package let hasThreshold: Bool
  package let hasExplored: Bool

  package var count: Int { row.count }
  package var customers: Int { customerStart.count - 1 }

  package static let mostGroups = 200

  /// - Parameters:
  ///   - scoreColumn: the number column that holds the score.
  ///   - by: `topic`, or the name of a text column; nil for no groups.
  package init(
    table: InteractionTable, scoreColumn: String = "intent_confidence", shownScore: String? = nil,
    by: String? = nil
  ) throws(WhatIfError) {
    let shown = shownScore ?? scoreColumn
    guard let scores = table.number(scoreColumn) else {
      throw .missingColumn(name: shown, meaning: "the score that decides about automation")
    }
    guard let handled = table.text("handled_by") else {
      throw .missingColumn(name: "handled_by", meaning: "ai or staff")
    }
    let actionOf = handled.values.map { Int8($0 == "ai" ? 1 : $0 == "staff" ? 0 : -1) }
    let thresholds = table.number("confidence_threshold")
    let exploredFlag = table.flag("explored")
    try DecisionLog.check(scores, shown, table)
    var (row, starts, last) = ([Int32](), [Int](), Int32(-1))
    row.reserveCapacity(table.count)
    for r in 0..<table.count where table.customer.codes[r] >= 0 {
      if table.customer.codes[r] != last {
        starts.append(row.count)
        last = table.customer.codes[r]
      }
      row.append(Int32(r))
    }
    starts.append(row.count)
    guard !row.isEmpty else { throw .noCustomers(rows: table.count) }
    guard let first = table.startedAt.min(), let end = table.startedAt.max() else {
      throw .scoreWithoutValues(column: shown)
    }
    span = first...end
    customerStart = starts
    func taken<T>(_ value: (Int) -> T) -> [T] { row.map { value(Int($0)) } }
    let actions = taken { r in
      let code = handled.codes[r]
      return code < 0 || scores[r] == nil ? Int8(-1) : actionOf[Int(code)]
    }
    action = actions
    time = taken { table.startedAt[$0] }
    score = zip(row, actions).map { $1 < 0 ? .nan : scores.storage[Int($0)] }
    threshold = taken { thresholds?.storage[$0] ?? .nan }
    explored = taken { exploredFlag?[$0] == .yes ? 1 : 0 }
    hasExplored = exploredFlag.map { column in column.storage.contains(1) } ?? false
    hasThreshold = threshold.contains { !$0.isNaN }
    func texts(_ column: TextColumn?) -> ([Int32], [String]) {
      guard let column else { return ([Int32](repeating: 0, count: row.count), [""]) }
      let unknown = Int32(column.values.count)
      let codes = row.map { column.codes[Int($0)] < 0 ? unknown : column.codes[Int($0)] }
      return (codes, column.values + ["(unknown)"])
    }
    (topic, topicNames) = texts(DecisionLog.seenTopic(table))
    (channel, channelNames) = texts(table.text("channel"))
    (segment, segmentNames) = texts(table.text("segment"))
    switch by {
    case nil: (group, groupNames) = texts(nil)
    case "topic"?: (group, groupNames) = (topic, topicNames)
    case let name?:
      guard let column = table.text(name) else { throw .groupNotText(column: name) }
      (group, groupNames) = texts(column)
    }
    if let by, groupNames.count - 1 > DecisionLog.mostGroups {
      throw .tooManyGroups(column: by, count: groupNames.count - 1, most: DecisionLog.mostGroups)
    }
    self.scoreColumn = shown
    let decided = score.lazy.filter { !$0.isNaN }
    scoreRange = (decided.min() ?? 0)...(decided.max() ?? 0)
    self.row = row
    try checkSides(actions)
  }

  /// What routing knew a contact by: the predicted intent; the topic where none was predicted.
  private static func seenTopic(_ table: InteractionTable) -> TextColumn {
    guard let predicted = table.text("intent_predicted") else { return table.topic }
    let names = Set(predicted.values).union(table.topic.values)
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let place = Dictionary(uniqueKeysWithValues: zip(names, names.indices.map { Int32($0) }))
    func codes(_ column: TextColumn) -> [Int32] { column.values.map { place[$0] ?? -1 } }
    let (first, second) = (codes(predicted), codes(table.topic))
    return TextColumn(
      codes: (0..<table.count).map { row in
        let (p, t) = (predicted.codes[row], table.topic.codes[row])
        return p >= 0 ? first[Int(p)] : t >= 0 ? second[Int(t)] : -1
      }, values: names)
  }

  private static func check(
    _ scores: NumberColumn, _ name: String, _ table: InteractionTable
  ) throws(WhatIfError) {
    var (low, high, outside, worst) = (Double.infinity, -Double.infinity, 0, -1)
    for (row, value) in scores.storage.enumerated() where !value.isNaN {
      low = min(low, value)
      high = max(high, value)
      guard value < 0 || value > 1 else { continue }
      outside += 1
      if worst < 0 { worst = row }
    }
    guard low <= high else { throw .scoreWithoutValues(column: name) }
    if outside > 0 {
      throw .scoreOutside(
        column: name, value: scores.storage[worst], interactionID: table.interactionID[worst],
        count: outside)
    }
    guard low < high else { throw .scoreConstant(column: name, value: low) }
  }

  private func checkSides(_ actions: [Int8]) throws(WhatIfError) {
    let (ai, staff) = (actions.count { $0 == 1 }, actions.count { $0 == 0 })
    if ai == 0 { throw .noAutomation(rows: ai + staff) }
    if staff == 0 { throw .noStaff(rows: ai + staff) }
    guard hasThreshold else { return }
    var (below, above, least, most) = (0, 0, Double.infinity, -Double.infinity)
    for i in score.indices where !score[i].isNaN && !threshold[i].isNaN {
      if score[i] < threshold[i] { below += 1 } else { above += 1 }
      least = min(least, threshold[i])
      most = max(most, threshold[i])
    }
    let (low, high) = (scoreRange.lowerBound, scoreRange.upperBound)
    if below == 0 && above > 0 {
      throw .nothingOnOneSide(threshold: most, side: "below", minimum: low, maximum: high)
    }
    if above == 0 && below > 0 {
      throw .nothingOnOneSide(threshold: least, side: "above", minimum: low, maximum: high)
    }
  }
}
