extension StudyNode {
  /// The list under `outcomes:`.
  func outcomes() throws(LogError) -> [OutcomeDeclaration] {
    var outcomes: [OutcomeDeclaration] = []
    for element in try elements() {
      let outcome = try element.outcome()
      if outcomes.contains(where: { $0.name == outcome.name }) {
        throw element.fault(
          .badValue(value: outcome.name, expected: "a name that no other outcome has"))
      }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func outcome() throws(LogError) -> OutcomeDeclaration {
    var name: String?
    var kind: OutcomeDeclaration.Kind?
    var condition: String?
    var silence = false
    var isGood: Bool?
    var money: Double?
    var without: [String] = []
    let keys = ["name", "kind", "when", "silence", "good", "money", "without"]
    for (key, value) in try entries(known: keys) {
      switch key {
      case "name": name = try value.name()
      case "kind":
        guard let read = OutcomeDeclaration.Kind(rawValue: try value.string()) else {
          throw value.badValue("escalation, churn, conversion or resolution")
        }
        kind = read
      case "when":
        let text = try value.string()
        _ = try Expression.parse(text, place: "\(value.file), \(value.path)")
        condition = text
      case "silence": silence = try value.bool()
      case "good": isGood = try value.bool()
      case "money": money = try value.number("money of 0 or more for one event") { $0 >= 0 }
      default: without = try value.strings()
      }
    }
    guard let name else { throw fault(.missingKey(key: "name")) }
    guard let kind else { throw fault(.missingKey(key: "kind")) }
    if silence {
      guard kind == .churn, condition == nil else {
        throw fault(
          .badValue(
            value: name,
            expected: "silence: true on an outcome of kind churn without a condition: it is told "
              + "from contacts that no longer come"))
      }
    } else if condition == nil {
      throw fault(.missingKey(key: "when"))
    }
    return OutcomeDeclaration(
      name: name, kind: kind, when: condition, isGood: isGood, money: money, without: without)
  }
}
