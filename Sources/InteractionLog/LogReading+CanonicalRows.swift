extension LogReading {
  /// Gives each interaction, in table order, as `CanonicalRows` writes it.
  public func forEachCanonicalRow(_ body: ([UInt8]) -> Void) {
    let rows = CanonicalRows(table)
    for index in 0..<rows.count { body(rows.bytes(index..<index + 1)) }
  }
}

/// Each interaction as bytes that hold all that the analysis knows of it: `interaction_id=…`,
/// `customer_id=…`, `started_at=…` (milliseconds) and every column as `name=value`, each closed by the
/// unit separator (0x1F), the row by the record separator (0x1E). Missing values are left out.
///
/// The table's order does not depend on the file's, so neither does a hash over these rows.
package struct CanonicalRows: Sendable {
  private let interactionID: [String]
  private let fields: [CanonicalField]

  package init(_ table: InteractionTable) {
    interactionID = table.interactionID
    let customer = CanonicalField(name: "customer_id", column: .text(table.customer))
    let startedAt = CanonicalField(
      name: "started_at", column: .time(TimeColumn(milliseconds: table.startedAt)))
    fields =
      [customer, startedAt]
      + table.columns.map { CanonicalField(name: $0.key, column: $0.value) }
  }

  package var count: Int { interactionID.count }

  /// The bytes of these rows, one behind the other.
  package func bytes(_ rows: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in rows {
      bytes.append(contentsOf: "interaction_id=".utf8)
      bytes.append(contentsOf: interactionID[index].utf8)
      bytes.append(CanonicalField.end)
      for field in fields { field.append(index, to: &bytes) }
      bytes.append(0x1E)
    }
    return bytes
  }
}

/// Writes one column's values as `name=value`; texts are encoded once per distinct value.
private final class CanonicalField: Sendable {
  static let end: UInt8 = 0x1F

  private enum Shape { case text, number, time, flag }

  private let shape: Shape
  private let prefix: [UInt8]
  private let codes: [Int32]
  private let encoded: [[UInt8]]
  private let numbers: [Double]
  private let milliseconds: [Int64]
  private let flags: [Int8]

  init(name: String, column: Column) {
    let prefix = Array(name.utf8) + [UInt8(ascii: "=")]
    self.prefix = prefix
    var codes: [Int32] = []
    var encoded: [[UInt8]] = []
    var numbers: [Double] = []
    var milliseconds: [Int64] = []
    var flags: [Int8] = []
    switch column {
    case .text(let column):
      shape = .text
      codes = column.codes
      encoded = column.values.map { prefix + Array($0.utf8) + [Self.end] }
    case .number(let column):
      shape = .number
      numbers = column.storage
    case .time(let column):
      shape = .time
      milliseconds = column.milliseconds
    case .flag(let column):
      shape = .flag
      flags = column.storage
      encoded = [0, 1].map { prefix + [UInt8(ascii: "0") + $0, Self.end] }
    }
    self.codes = codes
    self.encoded = encoded
    self.numbers = numbers
    self.milliseconds = milliseconds
    self.flags = flags
  }

  func append(_ index: Int, to row: inout [UInt8]) {
    switch shape {
    case .text:
      let code = codes[index]
      if code >= 0 { row.append(contentsOf: encoded[Int(code)]) }
    case .flag:
      let flag = flags[index]
      if flag >= 0 { row.append(contentsOf: encoded[Int(flag)]) }
    case .number:
      let value = numbers[index]
      if value.isNaN { return }
      row.append(contentsOf: prefix)
      if value == value.rounded(), abs(value) < 1e15 {
        Self.append(Int64(value), to: &row)
      } else {
        // The fewest digits that read back exactly.
        row.append(contentsOf: value.description.utf8)
      }
      row.append(Self.end)
    case .time:
      let value = milliseconds[index]
      if value == TimeColumn.missing { return }
      row.append(contentsOf: prefix)
      Self.append(value, to: &row)
      row.append(Self.end)
    }
  }

  private static func append(_ value: Int64, to row: inout [UInt8]) {
    if value < 0 { row.append(UInt8(ascii: "-")) }
    let start = row.count
    var rest = value.magnitude
    repeat {
      row.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    row[start...].reverse()
  }
}
