extension TextColumn {
  /// The rows in the order of `rows`; values that no row has any more are dropped.
  package func gathered(_ rows: [Int]) -> TextColumn {
    TextColumn(codes: rows.map { codes[$0] }, values: values).pruned()
  }

  /// The same column without values that no row has.
  package func pruned() -> TextColumn {
    var used = [Bool](repeating: false, count: values.count)
    for code in codes where code >= 0 { used[Int(code)] = true }
    if used.allSatisfy({ $0 }) { return self }
    var renumbered = [Int32](repeating: -1, count: values.count)
    var kept: [String] = []
    for (code, value) in values.enumerated() where used[code] {
      renumbered[code] = Int32(kept.count)
      kept.append(value)
    }
    return TextColumn(
      codes: codes.map { $0 < 0 ? -1 : renumbered[Int($0)] }, values: kept)
  }

  /// A column from one text a row, nil where missing.
  package init(rows: [String?]) {
    let values = Set(rows.compactMap { $0 }).sorted(by: Self.precedes)
    let code = Dictionary(
      uniqueKeysWithValues: values.enumerated().map { ($0.element, Int32($0.offset)) })
    self.init(codes: rows.map { $0.flatMap { code[$0] } ?? -1 }, values: values)
  }

  /// UTF-8 byte order.
  package static func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// The codes of two columns in one common dictionary, so that they compare as the texts do.
  static func aligned(_ a: TextColumn, _ b: TextColumn) -> ([Int32], [Int32]) {
    if a.values == b.values { return (a.codes, b.codes) }
    let (left, right, _) = merged(a.values, b.values)
    return (
      a.codes.map { $0 < 0 ? -1 : left[Int($0)] }, b.codes.map { $0 < 0 ? -1 : right[Int($0)] }
    )
  }

  /// `a` where it is known, else `b`.
  static func coalesced(_ a: TextColumn, _ b: TextColumn) -> TextColumn {
    let (left, right, values) = merged(a.values, b.values)
    var codes = [Int32](repeating: -1, count: a.codes.count)
    for row in codes.indices {
      if a.codes[row] >= 0 {
        codes[row] = left[Int(a.codes[row])]
      } else if b.codes[row] >= 0 {
        codes[row] = right[Int(b.codes[row])]
      }
    }
    return TextColumn(codes: codes, values: values).pruned()
  }

  /// Two sorted lists merged: where each entry went, and the union.
  private static func merged(
    _ a: [String], _ b: [String]
  ) -> (left: [Int32], right: [Int32], values: [String]) {
    var left: [Int32] = []
    var right: [Int32] = []
    var values: [String] = []
    left.reserveCapacity(a.count)
    right.reserveCapacity(b.count)
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      let code = Int32(values.count)
      if j == b.count || (i < a.count && precedes(a[i], b[j])) {
        values.append(a[i])
        left.append(code)
        i += 1
      } else if i == a.count || precedes(b[j], a[i]) {
        values.append(b[j])
        right.append(code)
        j += 1
      } else {
        values.append(a[i])
        left.append(code)
        right.append(code)
        i += 1
        j += 1
      }
    }
    return (left, right, values)
  }
}
