extension StudyNode {
  /// The list under `policies:`.
  func policies() throws(LogError) -> [PolicyDeclaration] {
    var policies: [PolicyDeclaration] = []
    for element in try elements() {
      let policy = try element.policy()
      if policies.contains(where: { $0.name == policy.name }) {
        throw element.fault(
          .badValue(value: policy.name, expected: "a name that no other policy has"))
      }
      policies.append(policy)
    }
    return policies
  }

  /// The keys under `capacity:`.
  func staffCapacity() throws(LogError) -> StaffCapacity {
    var capacity = StaffCapacity()
    let keys = ["staff_hours", "staff_by_hour", "patience_minutes", "most_give_up"]
    for (key, value) in try entries(known: keys) {
      switch key {
      case "staff_hours": capacity.staffHours = try value.number("hours of 0 or more") { $0 >= 0 }
      case "staff_by_hour": capacity.staffByHour = try value.staffByHour()
      case "patience_minutes":
        capacity.patienceMinutes = try value.number("minutes above 0") { $0 > 0 }
      default:
        capacity.mostGiveUp = try value.number("a share from 0 to 1") { (0...1).contains($0) }
      }
    }
    return capacity
  }

  private func policy() throws(LogError) -> PolicyDeclaration {
    var policy = PolicyDeclaration(name: "")
    let keys = [
      "name", "automate_from", "exceptions", "confirm_from", "fallback", "staff_by_hour",
      "patience_minutes",
    ]
    for (key, value) in try entries(known: keys) {
      switch key {
      case "name": policy.name = try value.name()
      case "automate_from": policy.automateFrom = try value.score()
      case "exceptions": policy.exceptions = try value.exceptions()
      case "confirm_from": policy.confirmFrom = try value.score()
      case "fallback":
        guard let fallback = PolicyDeclaration.Fallback(rawValue: try value.string()) else {
          throw value.badValue("ai or staff")
        }
        policy.fallback = fallback
      case "staff_by_hour": policy.staffByHour = try value.staffByHour()
      default:
        policy.patienceMinutes = try value.number("minutes above 0") { $0 > 0 }
      }
    }
    if policy.name.isEmpty { throw fault(.missingKey(key: "name")) }
    if let confirm = policy.confirmFrom, let automate = policy.automateFrom, confirm > automate {
      throw fault(
        .badValue(value: "\(confirm)", expected: "a confirm_from of at most automate_from"))
    }
    return policy
  }

  private func score() throws(LogError) -> Double {
    try number("a score from 0 to 1") { (0...1).contains($0) }
  }

  /// `{topic: {billing: 0.6}, channel: {email: 0.8}}`, in the file's order.
  private func exceptions() throws(LogError) -> [PolicyDeclaration.Exception] {
    var exceptions: [PolicyDeclaration.Exception] = []
    for (column, values) in try entries(known: ["topic", "channel", "segment"]) {
      for (value, threshold) in try values.entries(known: nil) {
        exceptions.append(
          .init(column: column, value: value, threshold: try threshold.score()))
      }
    }
    return exceptions
  }

  /// One number for every hour, or 24.
  private func staffByHour() throws(LogError) -> [Double] {
    let expected = "a number of staff of 0 or more, or a list of 24 of them"
    guard case .sequence = node else {
      return [Double](repeating: try number(expected) { $0 >= 0 }, count: 24)
    }
    var hours: [Double] = []
    for element in try elements() { hours.append(try element.number(expected) { $0 >= 0 }) }
    guard hours.count == 24 else { throw badValue(expected) }
    return hours
  }
}
