/// What the values of one column look like in a sample of a file's rows.
package struct ColumnProfile: Sendable {
  package let name: String
  /// Rows looked at.
  package private(set) var rows = 0
  /// Bytes that are no UTF-8.
  package private(set) var unreadable = 0
  private var dictionary = ByteDictionary()
  private var counts: [Int] = []
  /// Values with how often they occur, most frequent first; of equals the first seen.
  package private(set) var values: [(text: String, count: Int)] = []
  /// Rows that have a value.
  package private(set) var known = 0
  /// How its times are written; nil where its values are none.
  package private(set) var times: TimeWriting?

  /// Texts that exports write where there is no value.
  static let missingTexts = [
    "?", "NULL", "null", "N/A", "n/a", "#N/A", "NaN", "nan", "None", "-", "--", "\\N",
  ]

  init(name: String) { self.name = name }

  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    rows += 1
    let bytes = bytes.trimmed
    guard !bytes.isEmpty else { return }
    let code = dictionary.insert(bytes) { String(validating: $0, as: UTF8.self) != nil }
    guard code >= 0 else {
      unreadable += 1
      return
    }
    if Int(code) == counts.count { counts.append(0) }
    counts[Int(code)] += 1
  }

  /// Settles the values once all rows are there; `missing` are texts that stand for none.
  mutating func finish(missing: Set<String>) {
    values = counts.indices.map { (dictionary[$0], counts[$0]) }
      .filter { !missing.contains($0.0) }
      .enumerated()
      .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
      .map { (text: $0.element.0, count: $0.element.1) }
    known = values.reduce(0) { $0 + $1.count }
    times = TimeWriting.of(self)
  }

  /// Texts for "no value" that the column holds.
  var missingTextsFound: [String] {
    Self.missingTexts.filter { text in
      var text = text
      return text.withUTF8 { dictionary.code(of: $0) } >= 0
    }
  }

  /// Share of the rows with a value whose value is accepted, 0...1; 0 where there are none.
  package func share(_ accepts: (UnsafeBufferPointer<UInt8>) -> Bool) -> Double {
    guard known > 0 else { return 0 }
    var accepted = 0
    for (text, count) in values {
      var text = text
      if text.withUTF8(accepts) { accepted += count }
    }
    return Double(accepted) / Double(known)
  }

  /// Whether nearly every value is one of a kind, the few others being slips.
  func isMostly(_ accepts: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
    known > 0 && share(accepts) >= 0.98
  }

  /// Whether no value occurs twice, but for slips.
  package var isUnique: Bool {
    known >= 2 && Double(values.count) >= 0.995 * Double(known) && known * 10 >= rows * 9
  }

  package var isNumber: Bool { isRead(as: .anyNumber) }

  /// Whether nearly every value is one that a column of this kind, no time, may hold.
  func isRead(as kind: FieldKind) -> Bool {
    var column = FieldColumn(
      column: 0, kind: kind, missing: MissingTokens([]), times: TimeParser(source: Study.Source()))
    return isMostly { column.append($0) == nil }
  }

  /// The few most frequent values, for people.
  package func examples(_ count: Int = 4) -> String {
    let shown = values.prefix(count).map { value in
      let text = value.text.count > 24 ? String(value.text.prefix(23)) + "…" : value.text
      return String(text.map { $0.isNewline ? " " : $0 })
    }
    return shown.joined(separator: ", ") + (values.count > count ? ", …" : "")
  }
}

/// How the times of a column are written.
package enum TimeWriting: Sendable, Equatable {
  /// ISO 8601; `zone`: whether it names one.
  case iso(zone: Bool)
  /// A pattern of the study's; `other`: one that the values would fit as well.
  case pattern(String, zone: Bool, other: String?)

  /// Patterns tried in turn, day before month.
  private static let patterns: [String] = {
    var result: [String] = []
    for day in [
      "d/M/yyyy", "M/d/yyyy", "d.M.yyyy", "yyyy/M/d", "d-M-yyyy", "d-MMM-yyyy", "d MMM yyyy",
    ] {
      for time in [" H:mm", " H:mm:ss", " H:mm:ss.SSS", " h:mm a", " h:mm:ss a", ""] {
        result.append(day + time)
      }
    }
    return result + ["yyyy-MM-dd HH:mm:ss X", "yyyyMMddHHmmss"]
  }()

  /// nil where the values are no times.
  static func of(_ column: ColumnProfile) -> TimeWriting? {
    // A few hundred different values tell.
    let some = column.values.prefix(500)
    guard some.count >= 2 else { return nil }
    func fit(_ parse: (UnsafeBufferPointer<UInt8>) -> ISOTime.Parts?) -> [ISOTime.Parts]? {
      var found: [ISOTime.Parts] = []
      for (text, _) in some {
        var text = text
        if let parts = text.withUTF8({ parse($0.trimmed) }) { found.append(parts) }
      }
      return Double(found.count) >= 0.98 * Double(some.count) ? found : nil
    }
    if let parts = fit(ISOTime.parse) {
      return .iso(zone: parts.allSatisfy { $0.offset != nil })
    }
    let fitting = patterns.filter { format in
      TimePattern(format).map { pattern in fit(pattern.parse) != nil } ?? false
    }
    if let first = fitting.first {
      return .pattern(
        first, zone: TimePattern(first)?.namesZone ?? false, other: fitting.dropFirst().first)
    }
    return epoch(column)
  }

  /// Seconds or milliseconds since 1970, of a time between 2000 and 2100.
  private static func epoch(_ column: ColumnProfile) -> TimeWriting? {
    for (format, scale) in [("epoch", 1.0), ("epoch_ms", 1e3)] {
      let isTime = column.isMostly { bytes in
        NumberText.parse(bytes).map { (9.4e8 * scale...4.1e9 * scale).contains($0) } ?? false
      }
      if isTime { return .pattern(format, zone: true, other: nil) }
    }
    return nil
  }

  package var namesZone: Bool {
    switch self {
    case .iso(let zone), .pattern(_, let zone, _): zone
    }
  }

  /// As `source.time.format` writes it; nil for ISO 8601.
  package var format: String? {
    if case .pattern(let format, _, _) = self { format } else { nil }
  }
}
