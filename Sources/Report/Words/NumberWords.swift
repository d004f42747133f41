/// Numbers as people read them, without locale: rounded to what the reader can use, with `,` between
/// thousands and a true minus sign.
package enum NumberWords {
  package static let missing = "–"

  /// A count that may be an expectation: whole from 10 on, one decimal from 1 on, else two.
  package static func count(_ value: Double) -> String {
    if value == value.rounded() || value.magnitude >= 10 { return fixed(value, decimals: 0) }
    return fixed(value, decimals: value.magnitude >= 1 ? 1 : 2)
  }

  /// `120 (95 to 150)`.
  package static func count(_ estimate: Double, _ interval: [Double]?) -> String {
    guard let interval else { return count(estimate) }
    return "\(count(estimate)) (\(count(interval[0])) to \(count(interval[1])))"
  }

  static func count(_ value: Int) -> String { fixed(Double(value), decimals: 0) }

  /// A share or rate with one decimal: `43.2%`.
  package static func percent(_ share: Double) -> String { fixed(share * 100, decimals: 1) + "%" }

  /// A rate per 100 interactions, or another small number: one decimal from 1 on, else two.
  static func small(_ value: Double) -> String {
    fixed(value, decimals: value.magnitude >= 1 || value == 0 ? 1 : 2)
  }

  /// A number of the appendix, three significant digits or so.
  package static func precise(_ value: Double) -> String {
    if value == value.rounded() { return fixed(value, decimals: 0) }
    return switch value.magnitude {
    case 100...: fixed(value, decimals: 1)
    case 1..<100: fixed(value, decimals: 2)
    case 0.001..<1: fixed(value, decimals: 3)
    default: NumberDigits.text(significant(value))
    }
  }

  static func duration(milliseconds: Double) -> String {
    switch milliseconds {
    case ..<1_000: fixed(milliseconds, decimals: 0) + " ms"
    case ..<120_000: fixed(milliseconds / 1_000, decimals: 1) + " s"
    case ..<7_200_000: fixed(milliseconds / 60_000, decimals: 1) + " min"
    default: fixed(milliseconds / 3_600_000, decimals: 1) + " h"
    }
  }

  /// A delay in the unit that fits: `40 min`, `6 h`, `2.3 days`.
  package static func delay(hours: Double) -> String {
    switch hours {
    case ..<1.5: fixed(hours * 60, decimals: 0) + " min"
    case ..<36: fixed(hours, decimals: hours < 10 && hours != hours.rounded() ? 1 : 0) + " h"
    default: fixed(hours / 24, decimals: (hours / 24) == (hours / 24).rounded() ? 0 : 1) + " days"
    }
  }

  /// Rounds half away from zero and groups thousands.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return missing }
    let scale = [1.0, 10, 100, 1_000, 10_000][decimals]
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else { return NumberDigits.text(value) }
    let digits = Int(scaled)
    let whole = group(digits / Int(scale))
    let sign = value < 0 && digits != 0 ? "\u{2212}" : ""
    guard decimals > 0 else { return sign + whole }
    let rest = String(digits % Int(scale))
    return sign + whole + "." + String(repeating: "0", count: decimals - rest.utf8.count) + rest
  }

  private static func group(_ number: Int) -> String {
    var groups: [String] = []
    var rest = number
    while rest >= 1_000 {
      let part = String(rest % 1_000)
      groups.append(String(repeating: "0", count: 3 - part.utf8.count) + part)
      rest /= 1_000
    }
    return ([String(rest)] + groups.reversed()).joined(separator: ",")
  }

  /// Rounds to three significant digits.
  private static func significant(_ value: Double) -> Double {
    var power = 1.0
    while value.magnitude * power < 100, power < 1e300 { power *= 10 }
    return (value * power).rounded() / power
  }
}
