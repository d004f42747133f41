import InteractionLog

/// The columns that say what happened on each contact.
struct CodeColumns {
  /// The true topic where it is known, else the predicted one.
  let topic: TextColumn
  /// The true topic where it is known.
  let actual: TextColumn
  let channel: TextColumn
  let predicted: TextColumn
  let confidence: NumberColumn
  let handledBy: TextColumn
  let staff: TextColumn
  let team: TextColumn
  let integration: TextColumn
  let integrationStatus: TextColumn
  let latency: NumberColumn
  let action: TextColumn
  let actionStatus: TextColumn
  let staffError: TextColumn

  /// - Parameters:
  ///   - reviewed: by row, 1 where quality assurance looked; staff errors show only there.
  ///   - intentReviewed: by row, 1 where the true intent is known.
  init(_ rows: [LogRows.Row], reviewed: [Int8], intentReviewed: [Int8]) {
    let count = rows.count
    let topicNames = Catalogue.topics.map(\.name)
    var topic = CodedColumn(topicNames, capacity: count)
    var actual = CodedColumn(topicNames, capacity: count)
    var channel = CodedColumn(Catalogue.channels.map(\.name), capacity: count)
    var predicted = CodedColumn(topicNames, capacity: count)
    var handledBy = CodedColumn(["ai", "staff"], capacity: count)
    var staff = CodedColumn(CodeColumns.staffNames, capacity: count)
    var team = CodedColumn(Catalogue.teams, capacity: count)
    var integration = CodedColumn(Catalogue.integrations.map(\.name), capacity: count)
    var integrationStatus = CodedColumn(["ok", "timeout", "error"], capacity: count)
    var action = CodedColumn(Catalogue.topics.map(\.action), capacity: count)
    var actionStatus = CodedColumn(["completed", "partial", "failed"], capacity: count)
    var staffError = CodedColumn(
      ["wrong_information", "procedure_missed", "wrong_information;procedure_missed"],
      capacity: count)
    var confidence: [Double] = []
    var latency: [Double] = []
    confidence.reserveCapacity(count)
    latency.reserveCapacity(count)

    for (index, row) in rows.enumerated() {
      let modes = row.modes
      let isReviewed = reviewed[index]
      let isKnown = intentReviewed[index] == 1
      topic.append(Int(isKnown ? row.topic : row.predicted))
      actual.append(isKnown ? Int(row.topic) : -1)
      channel.append(Int(row.channel))
      predicted.append(Int(row.predicted))
      confidence.append(Double(row.confidence) / 10_000)
      handledBy.append(row.staff < 0 ? 0 : 1)
      staff.append(Int(row.staff))
      team.append(row.staff < 0 ? -1 : Int(row.staff) / Catalogue.staffPerTeam)
      integration.append(Int(row.integration))
      let called = row.integration >= 0
      integrationStatus.append(
        !called ? -1 : modes.contains(.timeout) ? 1 : modes.contains(.error) ? 2 : 0)
      latency.append(called ? Double(row.latencyMilliseconds) : .nan)
      action.append(Int(row.topic))
      actionStatus.append(modes.contains(.actionFailed) ? 2 : row.actionPartial ? 1 : 0)
      let wrong = modes.contains(.wrongInformation)
      let missed = modes.contains(.procedureMissed)
      staffError.append(
        isReviewed != 1 || !(wrong || missed) ? -1 : wrong && missed ? 2 : wrong ? 0 : 1)
    }
    self.topic = topic.column()
    self.actual = actual.column()
    self.channel = channel.column()
    self.predicted = predicted.column()
    self.confidence = NumberColumn(storage: confidence)
    self.handledBy = handledBy.column()
    self.staff = staff.column()
    self.team = team.column()
    self.integration = integration.column()
    self.integrationStatus = integrationStatus.column()
    self.latency = NumberColumn(storage: latency)
    self.action = action.column()
    self.actionStatus = actionStatus.column()
    self.staffError = staffError.column()
  }

  static var staffNames: [String] {
    let staff = Catalogue.teams.count * Catalogue.staffPerTeam
    return (1...staff).map { paddedID(UInt8(ascii: "S"), $0, digits: 2) }
  }
}
