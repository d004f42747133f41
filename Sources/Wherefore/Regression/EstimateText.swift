/// Estimates as a person reads them.
enum EstimateText {
  /// Four significant digits, or all of a number's whole part; the same in every locale.
  static func number(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let size = abs(value)
    if size < 1e-4 || size >= 1e9 { return scientific(value) }
    var decimals = 3
    var scale = 1.0
    while decimals > 0, size >= scale * 10 {
      scale *= 10
      decimals -= 1
    }
    var small = 1.0
    while size < small, decimals < 8 {
      small /= 10
      decimals += 1
    }
    return fixed(value, decimals)
  }

  /// A p-value: three decimals, or a bound.
  static func p(_ value: Double?) -> String {
    guard let value else { return "-" }
    return value < 0.001 ? "< 0.001" : fixed(value, 3)
  }

  /// With so many decimals.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (abs(value) * scale).rounded()
    let whole = (rounded / scale).rounded(.down)
    let sign = value < 0 && rounded > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(Int(rounded))" }
    let digits = String(Int(rounded - whole * scale))
    let zeros = String(repeating: "0", count: max(decimals - digits.count, 0))
    return "\(sign)\(Int(whole)).\(zeros)\(digits)"
  }

  private static func scientific(_ value: Double) -> String {
    var (mantissa, exponent) = (value, 0)
    while abs(mantissa) >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while abs(mantissa) < 1 {
      mantissa *= 10
      exponent -= 1
    }
    return "\(fixed(mantissa, 3))e\(exponent)"
  }

  /// Rows of cells in columns, the first to the left, the others to the right.
  static func table(_ rows: [[String]]) -> [String] {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + gap : gap + cell
      }.joined(separator: "  ")
    }
  }
}
