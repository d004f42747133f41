import InteractionLog

/// A declared policy against a log's values: how it handles each contact.
package struct RoutingPolicy: Sendable {
  package let declaration: PolicyDeclaration
  /// Exceptions by topic, channel and segment code, in the order declared.
  private let exceptions: [(column: Int, code: Int32, threshold: Double)]

  /// - Throws: `WhatIfError.policy` where an exception names a value that the log does not have.
  package init(
    _ declaration: PolicyDeclaration, _ log: DecisionLog
  ) throws(WhatIfError) {
    self.declaration = declaration
    var exceptions: [(column: Int, code: Int32, threshold: Double)] = []
    for exception in declaration.exceptions {
      let (column, names) =
        switch exception.column {
        case "topic": (0, log.topicNames)
        case "channel": (1, log.channelNames)
        default: (2, log.segmentNames)
        }
      guard let code = names.firstIndex(of: exception.value) else {
        let near = NearestName.candidates(for: exception.value, among: names, limit: 2)
        throw .policy(
          name: declaration.name,
          problem: "no contact of this log has the \(exception.column) \"\(exception.value)\""
            + (near.isEmpty ? "" : "; nearest: " + near.joined(separator: ", ")))
      }
      exceptions.append((column, Int32(code), exception.threshold))
    }
    if declaration.automateFrom == nil && !log.hasThreshold {
      throw .policy(
        name: declaration.name,
        problem: "it has no automate_from, and the log names no threshold in force")
    }
    self.exceptions = exceptions
  }

  /// The threshold for a contact.
  func threshold(_ setting: WhatIfSetting, _ i: Int) -> Double {
    let log = setting.log
    for exception in exceptions {
      let code =
        switch exception.column {
        case 0: log.topic[i]
        case 1: log.channel[i]
        default: log.segment[i]
        }
      if code == exception.code { return exception.threshold }
    }
    return declaration.automateFrom ?? setting.todayThreshold[i]
  }

  func handling(_ setting: WhatIfSetting, _ i: Int) -> Handling {
    let log = setting.log
    guard log.action[i] >= 0 else { return .asLogged }
    if log.score[i] >= threshold(setting, i) { return .above }
    if let confirm = declaration.confirmFrom, log.score[i] >= confirm { return .unseen }
    return .below
  }
}
