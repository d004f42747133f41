import Attribution

/// One chart of a run: a Vega-Lite specification with its data, `charts/NAME.vl.json`.
package struct Chart: Sendable {
  /// File name without suffix, and the id on the page.
  package var name: String
  /// The finding, in words.
  package var title: String
  /// What is drawn and how to read it.
  package var reading: String
  package var specification: JSONValue

  /// Whether the log has something to draw.
  var hasData: Bool { specification["data"]?["values"] != .array([]) }
}

/// What the charts share: colours, frame and wrapped titles.
enum ChartParts {
  /// Colours of Okabe & Ito (2008), told apart with any colour vision, on white and on near-black.
  enum Colour {
    static let system: JSONValue = "#d55e00"
    static let throughStaff: JSONValue = "#e69f00"
    static let staff: JSONValue = "#0072b2"
    static let baseline: JSONValue = "#8c8c8c"
    static let ai: JSONValue = "#d55e00"
    static let satisfaction: JSONValue = "#cc79a7"
  }

  static func colour(_ part: SplitPart) -> JSONValue {
    switch part {
    case .systemDirect: Colour.system
    case .systemThroughStaff: Colour.throughStaff
    case .staffOwn: Colour.staff
    case .baseline: Colour.baseline
    }
  }

  /// A chart with the frame that all share; `content` has its data, marks and encodings.
  static func chart(
    name: String, title: String, reading: String, height: JSONValue, content: [JSONValue.Member]
  ) -> Chart {
    let frame: JSONValue = [
      "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
      "description": "\(title). \(reading)",
      "title": [
        "text": .array(wrapped(title, at: 60)), "anchor": "start", "offset": 12, "fontSize": 15,
      ],
      "background": "transparent",
      "width": "container",
      "height": height,
      "autosize": ["type": "fit-x", "contains": "padding"],
    ]
    let configuration: JSONValue = [
      "view": ["stroke": nil],
      "axis": ["labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"],
      "legend": [
        "orient": "top", "direction": "horizontal", "title": nil, "labelFontSize": 12,
        "labelLimit": 0, "columns": 2,
      ],
    ]
    return Chart(
      name: name, title: title, reading: reading,
      specification: frame.merging(content + [.init("config", configuration)]))
  }

  /// Vega-Lite does not break titles: lines of at most `length` characters, at spaces.
  static func wrapped(_ text: String, at length: Int) -> [JSONValue] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= length {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map(JSONValue.string)
  }

  /// An expression that labels an axis at the given values and nowhere else.
  static func labelExpression(_ ticks: [(value: Double, label: String)]) -> String {
    ticks.map { "datum.value == \(NumberDigits.text($0.value)) ? '\($0.label)'" }
      .joined(separator: " : ") + " : ''"
  }

  /// Room for that many bars with labels of two lines.
  static func height(rows: Int) -> JSONValue { .integer(46 * max(rows, 1)) }

  /// An axis for category labels of several lines, which the data separate by `|`.
  static let twoLineAxis: JSONValue = [
    "title": nil, "labelExpr": "split(datum.label, '|')", "labelLimit": 0, "labelPadding": 8,
    "ticks": false, "domain": false, "labelLineHeight": 15,
  ]
}
