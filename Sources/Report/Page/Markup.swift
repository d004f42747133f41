import Mustache

/// HTML that was made from numbers or escaped text, and may stand on the page as it is. The template
/// names it with three braces; every plain text, with two, is escaped.
struct Markup: MustacheCustomRenderable {
  let renderText: String
  var isNull: Bool { renderText.isEmpty }

  private init(html: String) { renderText = html }

  static let missing = Markup(html: "<span class=\"missing\">not known</span>")

  /// Text of the page's own or of the data.
  static func text(_ text: String) -> Markup { Markup(html: HTMLEscape().escapeText(text)) }

  /// A number with its exact value in the markup: `<data value="1234.5">1,235</data>`.
  static func number(_ value: Double, _ words: String) -> Markup {
    Markup(html: "<data value=\"\(NumberDigits.text(value))\">\(words)</data>")
  }

  static func count(_ value: Double?) -> Markup {
    value.map { number($0, NumberWords.count($0)) } ?? missing
  }

  static func count(_ value: Int) -> Markup { number(Double(value), NumberWords.count(value)) }

  static func percent(_ value: Double?) -> Markup {
    value.map { number($0, NumberWords.percent($0)) } ?? missing
  }

  static func small(_ value: Double?) -> Markup {
    value.map { number($0, NumberWords.small($0)) } ?? missing
  }

  static func precise(_ value: Double?) -> Markup {
    value.map { number($0, NumberWords.precise($0)) } ?? missing
  }

  static func duration(_ milliseconds: Double?) -> Markup {
    milliseconds.map { number($0, NumberWords.duration(milliseconds: $0)) } ?? missing
  }

  static func decimals(_ value: Double?, _ decimals: Int) -> Markup {
    value.map { number($0, NumberWords.fixed($0, decimals: decimals)) } ?? missing
  }

  /// `95 to 150`; empty where there is no interval.
  static func interval(_ bounds: [Double]?, _ words: (Double) -> String) -> Markup {
    guard let bounds else { return Markup(html: "") }
    return Markup(
      html: number(bounds[0], words(bounds[0])).renderText + " to "
        + number(bounds[1], words(bounds[1])).renderText)
  }

  /// A money amount with its currency behind it.
  static func money(_ value: Double?, currency: String?) -> Markup {
    guard let value else { return missing }
    let amount = number(value, NumberWords.count(value)).renderText
    guard let currency else { return Markup(html: amount) }
    return Markup(html: amount + " " + text(currency).renderText)
  }
}

/// Escapes the five characters of HTML scalar by scalar: a combining mark behind a quotation mark
/// makes one Swift character of the two, which an escape by characters would let through.
struct HTMLEscape: MustacheContentType {
  func escapeText(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
