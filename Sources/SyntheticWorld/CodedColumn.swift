import InteractionLog

/// Builds a text column from codes into any list of texts: keeps those that occur, in byte order.
struct CodedColumn {
  private var codes: [Int32] = []
  private let names: [String]

  init(_ names: [String], capacity: Int) {
    self.names = names
    codes.reserveCapacity(capacity)
  }

  /// Adds a row with the text at `index` of the list; −1 is missing.
  @inline(__always)
  mutating func append(_ index: Int) { codes.append(Int32(truncatingIfNeeded: index)) }

  consuming func column() -> TextColumn {
    var occurs = names.map { _ in false }
    for code in codes where code >= 0 { occurs[Int(code)] = true }
    let kept = names.indices.filter { occurs[$0] }
      .sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    var rank = [Int32](repeating: -1, count: names.count)
    for (position, index) in kept.enumerated() { rank[index] = Int32(position) }
    for row in codes.indices where codes[row] >= 0 { codes[row] = rank[Int(codes[row])] }
    return TextColumn(codes: codes, values: kept.map { names[$0] })
  }
}

/// `prefix` and a number padded with zeros to `digits`, so that byte order is number order.
func paddedID(_ prefix: UInt8, _ number: Int, digits: Int) -> String {
  String(unsafeUninitializedCapacity: digits + 1) { buffer in
    buffer[0] = prefix
    var rest = number
    var place = digits
    while place > 0 {
      buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
      place -= 1
    }
    return digits + 1
  }
}

/// Decimal digits of a positive count, at least `minimum`.
func digitCount(_ count: Int, minimum: Int) -> Int {
  max(minimum, String(count).utf8.count)
}
