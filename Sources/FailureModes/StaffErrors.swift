import InteractionLog

/// The staff modes that quality assurance found: one per distinct `staff_error`.
struct StaffErrors {
  /// More would leave each with too few rows to say anything about.
  static let maximumModes = 40
  static let pooledName = "other_staff_error"

  struct Mode {
    var name: String
    /// Codes of `staff_error` texts that name this error.
    var holds: [Bool]
  }

  private(set) var modes: [Mode] = []
  private(set) var notes: [String] = []
  /// By row: whether the row's findings are known.
  private let known: [Bool]
  private let findings: TextColumn

  /// nil where the log has no findings. `taken` are names of other modes: a finding of a declared
  /// staff mode's name is left to it, one of a system mode's name is told apart by a prefix.
  init?(
    study: Study, table: InteractionTable, declared: [FailureModeDeclaration]
  ) {
    guard let findings = table.text("staff_error") else { return nil }
    self.findings = findings
    let reviewed = table.flag("qa_reviewed")
    known = findings.codes.indices.map { row in
      guard let reviewed else { return findings.codes[row] >= 0 || study.blankStaffErrorMeansNone }
      return reviewed.storage[row] == 1
        || (reviewed.storage[row] < 0 && study.blankStaffErrorMeansNone)
    }
    if reviewed == nil {
      notes.append(
        study.blankStaffErrorMeansNone
          ? "The log does not say which interactions were reviewed (qa_reviewed); as the study "
            + "declares, a blank staff_error is read as no error."
          : "The log does not say which interactions were reviewed (qa_reviewed): a blank "
            + "staff_error is read as unknown, not as no error.")
    }
    let names = errorNames()
    let leftToDeclared = Set(declared.filter { $0.side == .staff }.map(\.name))
    let taken = Set(declared.map(\.name))
    var separate = names.filter { !leftToDeclared.contains($0.name) }
    if separate.count > Self.maximumModes {
      let byFrequency = separate.enumerated().sorted {
        ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset)
      }
      let frequent = Set(byFrequency.prefix(Self.maximumModes).map(\.element.name))
      let rare = separate.filter { !frequent.contains($0.name) }
      separate = separate.filter { frequent.contains($0.name) }
      notes.append(
        "\(rare.count) rarer staff errors (\(rare.prefix(5).map(\.name).joined(separator: ", "))"
          + "\(rare.count > 5 ? ", …" : "")) are taken together as \(Self.pooledName).")
      let pooled = findings.values.indices.map { code in rare.contains { $0.holds[code] } }
      modes = separate.map { Mode(name: $0.name, holds: $0.holds) }
      modes.append(Mode(name: Self.pooledName, holds: pooled))
    } else {
      modes = separate.map { Mode(name: $0.name, holds: $0.holds) }
    }
    for index in modes.indices where taken.contains(modes[index].name) {
      modes[index].name = "staff_" + modes[index].name
    }
  }

  /// Every distinct error in byte order, with the texts that name it and the rows that have it.
  private func errorNames() -> [(name: String, holds: [Bool], rows: Int)] {
    var codes: [String: [Int]] = [:]
    for (code, text) in findings.values.enumerated() {
      for part in text.utf8.split(separator: UInt8(ascii: ";")) {
        let trimmed = String(Substring(part)).trimmingSpaces()
        if !trimmed.isEmpty { codes[trimmed, default: []].append(code) }
      }
    }
    var rows = [Int](repeating: 0, count: findings.values.count)
    for code in findings.codes where code >= 0 { rows[Int(code)] += 1 }
    return codes.keys.sorted(by: TextColumn.precedes).map { name in
      var holds = [Bool](repeating: false, count: findings.values.count)
      for code in codes[name] ?? [] { holds[code] = true }
      return (name, holds, (Set(codes[name] ?? [])).reduce(0) { $0 + rows[$1] })
    }
  }

  /// Whether the error was made on each row, where staff handled it: 1, 0, −1 not looked at.
  func state(of mode: Mode) -> [Int8] {
    findings.codes.indices.map { row in
      guard known[row] else { return -1 }
      let code = findings.codes[row]
      return code >= 0 && mode.holds[Int(code)] ? 1 : 0
    }
  }
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    let bytes = Array(utf8)
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
      let last = bytes.lastIndex(where: { $0 > 0x20 })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}
