/// The rows that were not used, as they are met.
struct RejectionLog {
  let file: String
  private(set) var rows: [RejectedRow] = []

  init(file: String) { self.file = file }

  mutating func add(line: Int, column: String, value: String, reason: String) {
    rows.append(
      RejectedRow(file: file, line: line, column: column, value: value, reason: reason))
  }

  /// By line.
  func sorted() -> [RejectedRow] {
    rows.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
      .map(\.element)
  }

  /// Throws where more than this share of `total` rows was rejected, or all of them.
  func check(total: Int, maximumShare: Double) throws(LogError) {
    let tooMany = Double(rows.count) > maximumShare * Double(total)
    guard !rows.isEmpty, tooMany || rows.count >= total else { return }
    var index: [String: Int] = [:]
    var reasons: [CommonReason] = []
    for row in sorted() {
      let key = row.column + "\u{1F}" + row.reason
      if let known = index[key] {
        reasons[known].count += 1
      } else {
        index[key] = reasons.count
        reasons.append(CommonReason(count: 1, first: row))
      }
    }
    // Equal counts keep the order of their first lines.
    let commonest = reasons.enumerated()
      .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.prefix(3)
    throw .tooManyRejected(
      path: file, rejected: rows.count, rows: total, maximumShare: maximumShare,
      commonest: commonest.map(\.element))
  }
}
