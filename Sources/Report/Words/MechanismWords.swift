import Attribution

/// What the mechanisms of a change are called on screen.
enum MechanismWords {
  static func title(_ key: String) -> String {
    switch key {
    case "mix": "What customers contact about"
    case "system_failure_rates": "How often the system fails"
    case "failure_effects": "What failures do"
    case "staff_error_rates": "How often staff err"
    case "staff_effects": "Who handled it"
    case "background": "Background"
    default: ModeWords.title(key)
    }
  }

  static func meaning(_ key: String) -> String? {
    switch key {
    case "mix": "topics, channels and other context"
    case "failure_effects": "repeats that the same failure brings"
    case "staff_error_rates": "on like contacts, by the same staff"
    case "staff_effects": "AI or staff, and which of them"
    case "background": "no declared failure behind it, coincidental contacts included"
    default: nil
    }
  }

  /// A difference with its sign: `+3.4`, `−0.2`.
  static func signed(_ value: Double) -> String {
    let text = NumberWords.fixed(value, decimals: 1)
    return value > 0 && text != "0.0" ? "+" + text : text
  }
}
