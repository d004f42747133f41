extension LogReading {
  /// Gives each interaction, in table order, as bytes that hold all that the analysis knows of it:
  /// `interaction_id=…`, `customer_id=…`, `started_at=…` (milliseconds) and every column as
  /// `name=value`, each closed by the unit separator (0x1F), the row by the record separator (0x1E).
  /// Missing values are left out.
  ///
  /// The table's order does not depend on the file's, so neither does a hash over these rows. The
  /// array is reused: `body` must not keep it.
  public func forEachCanonicalRow(_ body: ([UInt8]) -> Void) {
    let customer = CanonicalField(name: "customer_id", column: .text(table.customer))
    let startedAt = CanonicalField(
      name: "started_at", column: .time(TimeColumn(milliseconds: table.startedAt)))
    let fields =
      [customer, startedAt]
      + table.columns.map { CanonicalField(name: $0.key, column: $0.value) }
    var row: [UInt8] = []
    for index in 0..<table.count {
      row.removeAll(keepingCapacity: true)
      row.append(contentsOf: "interaction_id=".utf8)
      row.append(contentsOf: table.interactionID[index].utf8)
      row.append(CanonicalField.end)
      for field in fields { field.append(index, to: &row) }
      row.append(0x1E)
      body(row)
    }
  }
}

/// Writes one column's values as `name=value`; texts are encoded once per distinct value.
private final class CanonicalField {
  static let end: UInt8 = 0x1F

  private enum Shape { case text, number, time, flag }

  private let shape: Shape
  private let prefix: [UInt8]
  private var codes: [Int32] = []
  private var encoded: [[UInt8]] = []
  private var numbers: [Double] = []
  private var milliseconds: [Int64] = []
  private var flags: [Int8] = []

  init(name: String, column: Column) {
    prefix = Array(name.utf8) + [UInt8(ascii: "=")]
    switch column {
    case .text(let column):
      shape = .text
      codes = column.codes
      encoded = column.values.map { [prefix] in prefix + Array($0.utf8) + [Self.end] }
    case .number(let column):
      shape = .number
      numbers = column.storage
    case .time(let column):
      shape = .time
      milliseconds = column.milliseconds
    case .flag(let column):
      shape = .flag
      flags = column.storage
      encoded = [0, 1].map { [prefix] in prefix + [UInt8(ascii: "0") + $0, Self.end] }
    }
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
