import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Validation.Result {
  /// Writes the JSON through a temporary name.
  public func write(to path: String) throws {
    try JSONText.write(self, to: path)
  }

  /// The result as tables, one a regime, and the verdict.
  public var text: String {
    (regimes.map { $0.text(interactions: interactions) } + [verdict.text])
      .joined(separator: "\n\n")
  }
}

extension Validation.RegimeResult {
  func text(interactions: Int) -> String {
    var lines = [
      "\(regime): \(worlds) worlds of about \(interactions) interactions",
      Validation.columns(
        ["", "truth", "bias", "bias %", "points", "rmse", "mean se", "covered", "%"])
        + "  of so many worlds",
    ]
    for row in rows {
      lines.append(
        Validation.columns([
          row.quantity, Validation.number(row.meanTruth), Validation.number(row.bias),
          row.relativeBias.map { Validation.number($0 * 100) } ?? "-",
          Validation.number(row.biasPoints, digits: 2),
          Validation.number(row.rootMeanSquareError), Validation.number(row.meanStandardError),
          "\(row.covered)/\(row.worlds)", Validation.number(row.coverage * 100),
        ]) + "  " + row.range + (row.complaint.map { "  " + $0 } ?? ""))
    }
    if let customary = customaryRelativeBias {
      lines.append(
        "customary (same topic within 7 days, logistic regression, flags off), system: "
          + "\(Validation.number(customary * 100)) %")
    }
    if !warningShares.isEmpty {
      let shares = warningShares.map { "\($0.check) \(Validation.number($0.share * 100)) %" }
      lines.append("the report warns, of so many worlds: " + shares.joined(separator: ", "))
    }
    lines += staff?.lines ?? []
    for (reason, count) in failures.sorted(by: { $0.key < $1.key }) {
      lines.append("not analysed: \(count) worlds: \(reason)")
    }
    let count = Double(max(worlds, 1))
    lines.append("seconds per world: \(Validation.number(seconds / count, digits: 2))")
    return lines.joined(separator: "\n")
  }
}

extension Validation.Row {
  /// Where the coverage may lie, given so many worlds, in per cent.
  fileprivate var range: String {
    "\(Validation.number(coverageCi95[0] * 100)) - \(Validation.number(coverageCi95[1] * 100))"
  }

  /// Which criteria are not met; `?` where more worlds may tell.
  fileprivate var complaint: String? {
    let names = Validation.Criteria.names.compactMap { name -> String? in
      switch outcomes[name] {
      case .fail: name.uppercased()
      case .undecided: name + "?"
      case .pass, nil: nil
      }
    }
    return names.isEmpty ? nil : names.joined(separator: " ")
  }
}

extension Validation.Verdict {
  /// What holds and what does not, in words.
  public var text: String {
    var lines = [
      "\(cells) cells of part or mode × regime: \(passed) meet all criteria, \(failed) fail "
        + "(CAPITALS above), \(undecided) are within the chance of so few worlds (marked ?)",
      "in a regime in which the report warns in nine worlds of ten: \(warned) of the "
        + "\(failed + undecided) that do not meet all",
    ]
    if let meanCoverageUnwarned {
      lines.append(
        "mean coverage over the cells of regimes without such a warning: "
          + "\(Validation.number(meanCoverageUnwarned * 100, digits: 2)) % "
          + "(94 - 96 %: \(meanCoverageOutcome.rawValue))")
    }
    if let meanCoverage {
      lines.append(
        "over all cells, those warned of included: "
          + "\(Validation.number(meanCoverage * 100, digits: 2)) %")
    }
    if failedWorlds > 0 { lines.append("worlds that could not be analysed: \(failedWorlds)") }
    lines.append(
      passes
        ? "every cell meets all criteria or is warned of"
        : "not every cell meets all criteria or is warned of")
    return lines.joined(separator: "\n")
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

  /// A number without decimals.
  static func count(_ x: Double) -> String { String(number(x.rounded()).dropLast(2)) }

  /// A number with so many decimals, at least one.
  static func number(_ x: Double, digits: Int = 1) -> String {
    let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
    let rounded = (abs(x) * Double(scale)).rounded()
    guard rounded < 1e15 else { return "very large" }
    let units = Int(rounded)
    let fraction = String(units % scale)
    return (x < 0 && units > 0 ? "-" : "") + "\(units / scale)."
      + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
