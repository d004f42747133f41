import OrderedCollections

/// Resolves a study against a header.
struct ReadingPlanner {
  let study: Study
  let path: String
  let times: TimeParser
  private let columnIndex: [String: Int]
  private let isEvents: Bool
  private var plan: ReadingPlan
  private var mapped: [CanonicalColumn] = []
  private var derivedTypes: [String: ValueType] = [:]

  /// Throws ``LogError``: a needed column is missing, or an expression names an unknown column or
  /// mixes types.
  static func plan(study: Study, header: [String], path: String) throws(LogError) -> ReadingPlan {
    var planner = ReadingPlanner(study: study, header: header, path: path)
    try planner.mapCanonicalColumns()
    try planner.planDerivedColumns()
    try planner.planConditions()
    try planner.planContext()
    planner.collectRequests()
    return planner.plan
  }

  private init(study: Study, header: [String], path: String) {
    self.study = study
    self.path = path
    times = TimeParser(source: study.source)
    columnIndex = Dictionary(
      header.enumerated().filter { !$0.element.isEmpty }.map { ($0.element, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    isEvents = study.source.layout == .events
    plan = ReadingPlan(
      header: header, identifier: ReadingPlan.Request(column: 0, kind: .text))
  }

  // MARK: Canonical columns

  private mutating func mapCanonicalColumns() throws(LogError) {
    var missing: [MissingColumn] = []
    for column in CanonicalColumn.all {
      let source = sourceText(of: column)
      guard let source else {
        if column.isRequired {
          missing.append(missingColumn(column.name, mappedTo: nil))
        }
        continue
      }
      if column.name == "interaction_id" {
        if let index = columnIndex[source] {
          plan.identifier = ReadingPlan.Request(column: index, kind: .text)
        } else {
          let mappedTo = source == column.name ? nil : source
          missing.append(missingColumn(column.name, mappedTo: mappedTo))
        }
        continue
      }
      guard let origin = try origin(of: column, source: source, missing: &missing) else { continue }
      plan.canonical.append((column, origin))
      mapped.append(column)
    }
    if let order = study.source.order, isEvents {
      if let index = columnIndex[order] {
        plan.order = ReadingPlan.Request(column: index, kind: .order)
      } else {
        missing.append(missingColumn("source.order", mappedTo: order))
      }
    }
    if !missing.isEmpty {
      throw .missingColumns(path: path, columns: missing, header: plan.header)
    }
  }

  /// What a canonical column is in the source: as the study maps it, else by its own name.
  private func sourceText(of column: CanonicalColumn) -> String? {
    if column.name == "interaction_id" {
      return study.columns[column.name] ?? study.source.interaction ?? column.name
    }
    if let text = study.columns[column.name] { return text.isEmpty ? nil : text }
    return columnIndex[column.name] == nil ? nil : column.name
  }

  private func missingColumn(_ name: String, mappedTo: String?) -> MissingColumn {
    let nearest = NearestName.candidates(
      for: mappedTo ?? name, among: plan.header.filter { !$0.isEmpty }, limit: 3)
    return MissingColumn(name: name, mappedTo: mappedTo, nearest: nearest)
  }

  private mutating func origin(
    of column: CanonicalColumn, source: String, missing: inout [MissingColumn]
  ) throws(LogError) -> ReadingPlan.Origin? {
    if let index = columnIndex[source] {
      let request = ReadingPlan.Request(column: index, kind: column.kind)
      return isEvents ? .reduced(.first, request) : .field(request)
    }
    let place = "columns.\(column.name)"
    let expression: Expression
    do {
      expression = try Expression.parse(source, place: place)
    } catch {
      // What has the marks of an expression was parsed when the study was; this is a name.
      missing.append(missingColumn(column.name, mappedTo: source))
      return nil
    }
    if case .column(let name) = expression.kind {
      guard let index = columnIndex[name] else {
        missing.append(missingColumn(column.name, mappedTo: name))
        return nil
      }
      let request = ReadingPlan.Request(column: index, kind: column.kind)
      return isEvents ? .reduced(.first, request) : .field(request)
    }
    if isEvents, case .aggregate(let aggregate, let operand?) = expression.kind,
      case .column(let name) = operand.kind, let index = columnIndex[name]
    {
      let orders = column.type == .number || column.type == .time
      if aggregate == .first || aggregate == .last || (orders && [.max, .min].contains(aggregate)) {
        return .reduced(aggregate, ReadingPlan.Request(column: index, kind: column.kind))
      }
    }
    var typing = ExpressionTyping(scope: sourceScope, place: place, text: source)
    let typed = try typing.typed(expecting: column.type)
    register(typed.expression, aggregates: typing.aggregates)
    return .computed(typed.expression)
  }

  // MARK: Derived columns, conditions, context

  private mutating func planDerivedColumns() throws(LogError) {
    for (name, text) in study.derived {
      let typed = try publish(text, place: "derived.\(name)", expecting: nil)
      plan.derived.append((name, typed.expression))
      derivedTypes[name] = typed.type
    }
  }

  private mutating func planConditions() throws(LogError) {
    for mode in study.failureModes ?? [] {
      do {
        _ = try publish(mode.when, place: "failure mode \"\(mode.name)\"", expecting: .flag)
      } catch {
        guard mode.isLeftOut(by: error) else { throw error }
      }
    }
    for outcome in study.outcomes {
      guard let condition = outcome.when else { continue }
      _ = try publish(condition, place: "outcome \"\(outcome.name)\"", expecting: .flag)
    }
    for mode in study.failureModes ?? [] where columnIndex[mode.component] != nil {
      publishIfSource(mode.component)
    }
  }

  private mutating func planContext() throws(LogError) {
    let scope = interactionScope
    let wanted =
      study.context.map { (name: $0, place: "context") }
      + study.identity.steady.map { (name: $0, place: "identity.steady") }
    for (name, place) in wanted {
      let isKnown = scope.names[name] != nil || plan.published[name] != nil
      if isKnown {
        publishIfSource(name)
        continue
      }
      // The default context is the channel where the log has one.
      if name == "channel" && place == "context" { continue }
      let kind: ExpressionFault.Kind =
        scope.absent.contains(name)
        ? .absentColumn(name: name)
        : .unknownColumn(
          name: name, nearest: NearestName.candidates(for: name, among: scope.offered, limit: 2))
      throw .expression(ExpressionFault(place: place, text: name, position: 0, kind: kind))
    }
  }

  /// Types an expression over interactions, and keeps the source values that it reads.
  private mutating func publish(
    _ text: String, place: String, expecting expected: ValueType?
  ) throws(LogError) -> (expression: TypedExpression, type: ValueType) {
    var typing = ExpressionTyping(scope: interactionScope, place: place, text: text)
    let typed = try typing.typed(expecting: expected)
    let known = Set(mapped.map(\.name)).union(derivedTypes.keys).union(ExpressionScope.special.keys)
    for (name, type) in typed.expression.columns where !known.contains(name) {
      if let other = plan.published[name], other != type {
        throw .expression(
          ExpressionFault(
            place: place, text: text, position: 0,
            kind: .type(
              message: "\(name) is used here as \(type.wording), elsewhere in the study as "
                + "\(other.wording).")))
      }
      plan.published[name] = type
    }
    register(typed.expression, aggregates: typing.aggregates, except: known)
    return typed
  }

  /// Keeps a source column, as text unless a condition reads it as something else.
  private mutating func publishIfSource(_ name: String) {
    guard columnIndex[name] != nil, plan.published[name] == nil, derivedTypes[name] == nil,
      CanonicalColumn.named(name) == nil || !mapped.contains(where: { $0.name == name }),
      ExpressionScope.special[name] == nil
    else { return }
    plan.published[name] = .text
    register(.column(name, .text), aggregates: [])
  }

  // MARK: Scopes

  private var untypedSource: [String: ValueType?] { columnIndex.mapValues { _ in nil } }

  /// What `columns:` may use: the source alone.
  private var sourceScope: ExpressionScope {
    ExpressionScope(
      names: untypedSource, events: isEvents ? untypedSource : nil,
      offered: plan.header.filter { !$0.isEmpty }, times: times)
  }

  /// What conditions and derived columns may use: canonical columns, derived ones, the source.
  private var interactionScope: ExpressionScope {
    var names = untypedSource
    for column in mapped { names[column.name] = column.type }
    for (name, type) in derivedTypes { names[name] = type }
    for (name, type) in ExpressionScope.special { names[name] = type }
    let offered = OrderedSet(
      mapped.map(\.name) + ["topic"] + plan.derived.map(\.name)
        + plan.header.filter { !$0.isEmpty })
    let absent = CanonicalColumn.all.map(\.name).filter { names[$0] == nil }
    return ExpressionScope(
      names: names, events: isEvents ? untypedSource : nil, offered: offered.elements,
      absent: Set(absent), times: times)
  }

  // MARK: Requests

  /// Notes how each source value that an expression reads is had.
  private mutating func register(
    _ expression: TypedExpression, aggregates: [AggregateColumn], except known: Set<String> = []
  ) {
    for (name, type) in expression.columns where !known.contains(name) {
      let value = ReadingPlan.SourceValue(name: name, type: type)
      if let aggregate = aggregates.first(where: { $0.name == name }) {
        plan.sourceValues[value] = .aggregate(aggregate.aggregate, aggregate.operand)
      } else if isEvents {
        plan.sourceValues[value] = .aggregate(.first, .column(name, type))
      } else if let index = columnIndex[name] {
        plan.sourceValues[value] = .field(
          ReadingPlan.Request(column: index, kind: type.fieldKind))
      }
    }
  }

  private mutating func collectRequests() {
    var requests: OrderedSet<ReadingPlan.Request> = [plan.identifier]
    if let order = plan.order { requests.append(order) }
    for (_, origin) in plan.canonical {
      switch origin {
      case .field(let request), .reduced(_, let request): requests.append(request)
      case .computed: break
      }
    }
    for origin in plan.sourceValues.values {
      switch origin {
      case .field(let request): requests.append(request)
      case .aggregate(_, let operand):
        for (name, type) in operand?.columns ?? [] {
          guard let index = columnIndex[name] else { continue }
          requests.append(ReadingPlan.Request(column: index, kind: type.fieldKind))
        }
      }
    }
    plan.requests = requests.enumerated()
      .sorted { ($0.element.column, $0.offset) < ($1.element.column, $1.offset) }.map(\.element)
  }
}

extension ExpressionScope {
  /// Columns that every table has beside its named ones.
  package static let special: [String: ValueType] = [
    "interaction_id": .text, "customer_id": .text, "started_at": .time, "topic": .text,
  ]
}

extension FailureModeDeclaration {
  /// The system modes that every log with the canonical columns has.
  package static let builtinNames = [
    "misclassified_intent", "integration_timeout", "integration_error", "action_failed",
    "near_threshold_automation", "unneeded_escalation", "slow_execution",
  ]

  /// Whether this mode spells out a built-in one and the error only says that the log does not have
  /// a canonical column for it: then it is left out, as the built-in one is.
  package func isLeftOut(by error: LogError) -> Bool {
    guard Self.builtinNames.contains(name), case .expression(let fault) = error,
      case .absentColumn = fault.kind
    else { return false }
    return true
  }
}
