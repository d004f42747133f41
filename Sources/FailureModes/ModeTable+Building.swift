import InteractionLog

extension ModeTable {
  /// The failure modes of a study on a table: those that it declares, and the built-in ones where it
  /// uses them (``Study/usesBuiltinFailureModes``). A declared mode takes the place of the built-in
  /// one of its name.
  ///
  /// System modes come first, then staff modes, each as declared but never before a mode that causes
  /// it. A staff mode applies to interactions that staff handled, or whose handler is unknown.
  /// Throws ``LogError/expression(_:)`` for a condition that does not fit the table and
  /// ``FailureModeError`` for causes that do not fit together. O(rows · modes).
  public static func build(study: Study, table: InteractionTable) throws -> ModeTable {
    var builder = ModeTableBuilder(study: study, table: table)
    try builder.evaluateDeclarations()
    builder.addStaffErrors()
    return try builder.finished()
  }
}

private struct ModeTableBuilder {
  let study: Study
  let table: InteractionTable
  var declarations: [FailureModeDeclaration] = []
  var states: [FlagColumn] = []
  var components: [TextColumn] = []
  var applies: [FlagColumn] = []
  var notes: [String] = []
  /// Names that `causes` may use although no such mode is on this log.
  var leftOut: Set<String> = []

  init(study: Study, table: InteractionTable) {
    self.study = study
    self.table = table
  }

  // MARK: Modes with a condition

  mutating func evaluateDeclarations() throws {
    for mode in merged() {
      do {
        let state = try table.evaluate(
          condition: mode.when, place: "failure mode \"\(mode.name)\"", study: study)
        add(mode, state: state.storage, component: component(mode.component))
      } catch {
        guard mode.isLeftOut(by: error), case .expression(let fault) = error,
          case .absentColumn(let column) = fault.kind
        else { throw error }
        leftOut.insert(mode.name)
        notes.append(
          "The failure mode \(mode.name) is left out: the log has no column \(column).")
      }
    }
  }

  /// Built-in modes, each replaced by the study's of that name, then the study's others.
  private mutating func merged() -> [FailureModeDeclaration] {
    let declared = study.failureModes ?? []
    guard study.usesBuiltinFailureModes else { return declared }
    let builtin = BuiltinModes.system(study: study, table: table)
    leftOut.formUnion(FailureModeDeclaration.builtinNames)
    let byName = Dictionary(declared.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let replaced = builtin.map { byName[$0.name] ?? $0 }
    let names = Set(builtin.map(\.name))
    return replaced + declared.filter { !names.contains($0.name) }
  }

  /// A mode's component on every row: a text column's value, or one text for all.
  private func component(_ name: String) -> TextColumn {
    let column = name == "topic" ? table.topic : table.text(name)
    guard let column else {
      return TextColumn(codes: Array(repeating: 0, count: table.count), values: [name])
    }
    return filled(column, with: "(unknown)")
  }

  /// The column with its missing rows filled.
  private func filled(_ column: TextColumn, with text: String) -> TextColumn {
    guard column.codes.contains(where: { $0 < 0 }) else { return column }
    var values = column.values
    let position =
      values.firstIndex { !TextColumn.precedes($0, text) } ?? values.count
    let isNew = position == values.count || values[position] != text
    if isNew { values.insert(text, at: position) }
    let shift: Int32 = isNew ? 1 : 0
    return TextColumn(
      codes: column.codes.map {
        $0 < 0 ? Int32(position) : Int($0) >= position ? $0 + shift : $0
      }, values: values)
  }

  // MARK: Staff errors

  mutating func addStaffErrors() {
    guard study.usesBuiltinFailureModes,
      let errors = StaffErrors(study: study, table: table, declared: declarations)
    else { return }
    let component =
      table.text("team").map { filled($0, with: "(unknown)") } ?? self.component("staff")
    for mode in errors.modes {
      add(
        FailureModeDeclaration(name: mode.name, side: .staff, component: "team", when: ""),
        state: errors.state(of: mode), component: component)
    }
    if !errors.modes.isEmpty { notes += errors.notes }
  }

  // MARK: Rows

  /// Adds a mode, with state 0 where its side took no part, and a component where it may hold.
  private mutating func add(
    _ mode: FailureModeDeclaration, state: [Int8], component: TextColumn
  ) {
    let applies = rows(of: mode)
    var state = state
    var codes = component.codes
    for row in state.indices {
      if applies[row] == 0 { state[row] = 0 }
      if state[row] == 0 { codes[row] = -1 }
    }
    declarations.append(mode)
    states.append(FlagColumn(storage: state))
    components.append(TextColumn(codes: codes, values: component.values).pruned())
    self.applies.append(FlagColumn(storage: applies))
  }

  /// Where a mode is possible at all: 1 or 0.
  private func rows(of mode: FailureModeDeclaration) -> [Int8] {
    let handler = mode.side == .staff ? "staff" : BuiltinModes.handler(of: mode.name)
    guard let handler, let handledBy = table.text("handled_by") else {
      return Array(repeating: 1, count: table.count)
    }
    let code = handledBy.values.firstIndex(of: handler).map(Int32.init) ?? Int32.max
    return handledBy.codes.map { $0 < 0 || $0 == code ? 1 : 0 }
  }

  // MARK: Order

  mutating func finished() throws -> ModeTable {
    let names = Set(declarations.map(\.name))
    for index in declarations.indices {
      // A cause that this log cannot show is no mistake of the study.
      declarations[index].causes.removeAll { !names.contains($0) && leftOut.contains($0) }
    }
    let order = try CauseOrder.order(declarations)
    var position: [String: Int] = [:]
    for (index, mode) in order.enumerated() { position[declarations[mode].name] = index }
    let modes = order.map { index in
      let declaration = declarations[index]
      return FailureMode(
        name: declaration.name, side: declaration.side,
        causes: Array(Set(declaration.causes.compactMap { position[$0] })).sorted())
    }
    var table = ModeTable(
      modes: modes, state: order.map { states[$0] }, component: order.map { components[$0] },
      applies: order.map { applies[$0] }, notes: notes)
    table.columnsRead = order.map { columnsRead(declarations[$0]) }
    return table
  }

  private func columnsRead(_ mode: FailureModeDeclaration) -> Set<String> {
    var columns = mode.when.isEmpty ? ["staff_error"] : study.columnsRead(by: mode.when)
    if mode.side == .staff, table.text("handled_by") != nil { columns.insert("handled_by") }
    return columns
  }
}
