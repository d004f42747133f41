import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Validation.Result {
  /// Writes the JSON through a temporary name.
  public func write(to path: String) throws {
    let text = try JSONText.document(self)
    try PartialOutput.replace(path) { partial in
      var file = try OutputFile(path: partial)
      try file.append(text.utf8)
      try file.finish()
    }
  }

  /// The result as tables, one a regime.
  public var text: String {
    regimes.map { regime in
      var lines = [
        "\(regime.regime): \(worlds) worlds of about \(interactions) interactions",
        Validation.columns(
          ["", "truth", "bias", "bias %", "rmse", "mean se", "covered"]),
      ]
      for row in regime.rows {
        lines.append(
          Validation.columns([
            row.quantity, Validation.number(row.meanTruth), Validation.number(row.bias),
            row.relativeBias.map { Validation.number($0 * 100) } ?? "-",
            Validation.number(row.rootMeanSquareError), Validation.number(row.meanStandardError),
            "\(row.covered)/\(row.worlds)",
          ]))
      }
      if let customary = regime.customaryRelativeBias {
        lines.append(
          "customary (same topic within 7 days, logistic regression, flags off), system: "
            + "\(Validation.number(customary * 100)) %")
      }
      let warned = regime.warnings.keys.sorted().map { "\($0) \(regime.warnings[$0] ?? 0)" }
      if !warned.isEmpty { lines.append("warned: " + warned.joined(separator: ", ")) }
      lines.append(
        "seconds per world: \(Validation.number(regime.seconds / Double(max(worlds, 1))))")
      return lines.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

extension Validation {
  static func columns(_ cells: [String]) -> String {
    var line = cells[0]
    line += String(repeating: " ", count: max(34 - line.count, 1))
    for cell in cells.dropFirst() {
      line += String(repeating: " ", count: max(9 - cell.count, 1)) + cell
    }
    return line
  }

  /// One decimal.
  static func number(_ x: Double) -> String {
    let tenths = Int((abs(x) * 10).rounded())
    return (x < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
  }
}
