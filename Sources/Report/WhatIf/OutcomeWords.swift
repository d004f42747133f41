import WhatIf

/// What the outcomes of a policy are called, and the scale that they are shown on.
struct OutcomeWords {
  let outcome: PolicyOutcome
  private let currency: String?
  let title: String
  /// With its unit, for an axis.
  let axis: String
  /// What a figure of one first contact is multiplied by before it is shown.
  let scale: Double
  let decimals: Int

  init(_ outcome: PolicyOutcome, currency: String?) {
    (self.outcome, self.currency) = (outcome, currency)
    let money = currency.map { ", \($0)" } ?? ""
    switch outcome {
    case .repeats:
      (title, axis) = ("Repeats", "repeats per 100 first contacts")
      (scale, decimals) = (100, 1)
    case .causedRepeats:
      (title, axis) = ("Caused repeats", "caused repeats per 100 first contacts")
      (scale, decimals) = (100, 1)
    case .staffMinutes:
      (title, axis) = ("Staff hours", "staff hours per 100 first contacts")
      (scale, decimals) = (100.0 / 60, 1)
    case .cost:
      (title, axis) = ("Cost", "cost per 100 first contacts\(money)")
      (scale, decimals) = (100, 0)
    case .intentResolution:
      (title, axis) = ("Intents resolved", "resolved at the first contact, %")
      (scale, decimals) = (100, 1)
    case .actionSuccess:
      (title, axis) = ("Actions completed", "completed at the first contact, %")
      (scale, decimals) = (100, 1)
    case .latency:
      (title, axis) = ("Time to the end", "seconds from start to end of the first contact")
      (scale, decimals) = (1, 0)
    }
  }

  func number(_ value: Double) -> String {
    NumberWords.fixed(value * scale, decimals: decimals)
  }

  /// `95 to 150`.
  func interval(_ ends: [Double]) -> String { "\(number(ends[0])) to \(number(ends[1]))" }

  /// What a difference counts, behind a number: `repeats per 100 first contacts`.
  var unit: String {
    switch outcome {
    case .intentResolution, .actionSuccess: "points"
    case .latency: "seconds"
    case .cost: "\(currency ?? "units") per 100 first contacts"
    default: axis
    }
  }
}

/// Texts about thresholds that the terminal and the page share.
package enum ThresholdWords {
  /// A score with two decimals, more where it has more: `0.70`, `0.725`.
  package static func score(_ value: Double) -> String {
    var text = Substring(NumberWords.fixed(value, decimals: 4))
    while text.count > 4, text.hasSuffix("0") { text = text.dropLast() }
    return String(text)
  }

  /// Why contacts of the same score went different ways.
  package static func identification(_ name: String) -> String {
    switch name {
    case "threshold_changes": "thresholds that differed over time or by segment"
    case "exploration": "explored traffic"
    case "mixed_handling":
      "contacts of like topic and score that went different ways, the log does not say why"
    default: "contacts that staff took although the score was above the threshold"
    }
  }

  /// `0.70`, `0.65 and 0.70`, `0.60, 0.65 and others`; empty where none is known.
  static func today(_ thresholds: [Double]) -> String {
    let shown = thresholds.prefix(4).map(score)
    guard thresholds.count <= 4 else { return shown.joined(separator: ", ") + " and others" }
    return list(shown)
  }

  /// `a, b and c`.
  static func list(_ parts: [String]) -> String {
    guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }

  /// Thresholds of a curve as stretches: `0.50 to 0.69`, `0.80`.
  static func stretches(
    _ points: [CurvePoint], where isMeant: (CurvePoint) -> Bool
  ) -> [String] {
    var found: [(first: Double, last: Double)] = []
    var continues = false
    for point in points {
      guard isMeant(point) else {
        continues = false
        continue
      }
      if continues {
        found[found.count - 1].last = point.threshold
      } else {
        found.append((point.threshold, point.threshold))
      }
      continues = true
    }
    return found.map {
      $0.first == $0.last ? score($0.first) : "\(score($0.first)) to \(score($0.last))"
    }
  }
}
