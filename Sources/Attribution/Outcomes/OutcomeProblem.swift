import FailureModes
import InteractionLog
import RepeatContacts

/// One declared outcome on a log: on which interactions it could happen, where it did, and what may
/// have brought it about.
package struct OutcomeProblem: Sendable {
  let declaration: OutcomeDeclaration
  let table: InteractionTable
  let modes: ModeTable
  package let context: ContextTable
  let rates: ModeRates
  package let cells: ModeCells
  package let equations: OutcomeEquations
  /// By row: 1 it happened, 0 it did not, −1 the row does not count or it is not known.
  package let happened: [Int8]
  /// Rows and events of each observed cell.
  package let trials: [Double]
  package let events: [Double]
  /// Modes that are no possible cause, with why.
  package let excluded: [(mode: String, reason: String)]

  package var atRisk: Double { trials.reduce(0, +) }
  package var eventCount: Double { events.reduce(0, +) }

  /// What the repeats' analysis has already built; taken over where nothing is excluded.
  package struct Base {
    var context: ContextTable
    var rates: ModeRates
    var cells: ModeCells
  }

  /// - Parameters:
  ///   - contextNames: columns adjusted for; those that the outcome itself is read from are left out.
  ///   - componentTerms: whether effects may differ by component.
  /// - Throws: `LogError` where the condition does not fit the log, `OutcomeError`.
  package init(
    _ declaration: OutcomeDeclaration, table: InteractionTable, modes: ModeTable, study: Study,
    contextNames: [String], componentTerms: Bool, base: Base?
  ) throws {
    self.declaration = declaration
    self.table = table
    let read = declaration.when.map { study.columnsRead(by: $0) } ?? []
    excluded = try Self.excluded(declaration, modes: modes, read: read)
    let names = contextNames.filter { name in
      read.isDisjoint(with: Self.columns(behind: name, study: study))
    }
    if let base, excluded.isEmpty, names == contextNames {
      (context, rates, cells) = (base.context, base.rates, base.cells)
      self.modes = modes
    } else {
      let reduced = Self.without(excluded, modes)
      context = ContextTable(table: table, names: names)
      var rates = try ModeRates(modes: reduced, context: context, staff: table.text("staff_id"))
      for (name, reason) in excluded {
        guard let m = reduced.modes.firstIndex(where: { $0.name == name }) else { continue }
        rates.leftOut[m] = reason
      }
      self.rates = rates
      self.modes = reduced
      cells = ModeCells(table: table, modes: reduced, context: context, rates: rates)
    }
    happened = try Self.happened(declaration, table: table, study: study)
    var trials = [Double](repeating: 0, count: cells.observedCount)
    var events = trials
    for row in happened.indices where happened[row] >= 0 {
      trials[Int(cells.observedOfRow[row])] += 1
      events[Int(cells.observedOfRow[row])] += Double(happened[row])
    }
    self.trials = trials
    self.events = events
    equations = OutcomeEquations(
      design: RepeatRateDesign(
        cells: cells, form: RepeatRateForm(componentTerms: componentTerms)),
      cells: cells, link: declaration.kind == .churn ? .complementaryLogLog : .logistic)
  }

  // MARK: What cannot be a cause

  private static func excluded(
    _ declaration: OutcomeDeclaration, modes: ModeTable, read: Set<String>
  ) throws -> [(mode: String, reason: String)] {
    let names = modes.modes.map(\.name)
    for mode in declaration.without where !names.contains(mode) {
      // A built-in mode that this log cannot show is no mistake of the study.
      guard !FailureModeDeclaration.builtinNames.contains(mode) else { continue }
      throw OutcomeError.unknownMode(outcome: declaration.name, mode: mode, known: names)
    }
    return names.indices.compactMap { m in
      if declaration.without.contains(names[m]) {
        return (names[m], "comes after this outcome, as the study says")
      }
      guard m < modes.columnsRead.count else { return nil }
      let shared = modes.columnsRead[m].intersection(read).sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
      guard let first = shared.first else { return nil }
      return (
        names[m], "is read from \(first), as this outcome is: the one would explain itself"
      )
    }
  }

  private static func columns(behind name: String, study: Study) -> Set<String> {
    switch name {
    case "topic", "intent_actual": ["topic", "intent_actual", "intent_predicted"]
    default: study.columnsRead(by: name).union([name])
    }
  }

  private static func without(
    _ excluded: [(mode: String, reason: String)], _ modes: ModeTable
  ) -> ModeTable {
    var copy = modes
    for m in modes.modes.indices where excluded.contains(where: { $0.mode == modes.modes[m].name })
    {
      let rows = modes.state[m].storage.count
      copy.state[m] = FlagColumn(storage: [Int8](repeating: 0, count: rows))
      copy.applies[m] = copy.state[m]
    }
    return copy
  }

  // MARK: Where it happened

  private static func happened(
    _ declaration: OutcomeDeclaration, table: InteractionTable, study: Study
  ) throws -> [Int8] {
    let flags = try declaration.when.map {
      try table.evaluate(
        condition: $0, place: "outcome \"\(declaration.name)\"", study: study
      ).storage
    }
    guard declaration.kind == .churn else {
      return flags ?? [Int8](repeating: -1, count: table.count)
    }
    // Who was back did not leave; the flag of the last contact tells of the customer, whether it
    // stands there alone or on all rows.
    let codes = table.customer.codes
    return (0..<table.count).map { row in
      guard codes[row] >= 0 else { return -1 }
      let isLast = row + 1 == table.count || codes[row + 1] != codes[row]
      return isLast ? flags?[row] ?? 0 : 0
    }
  }
}

/// Why an outcome of a study cannot be analysed.
public enum OutcomeError: Error, Sendable, Equatable, CustomStringConvertible {
  case unknownMode(outcome: String, mode: String, known: [String])

  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .unknownMode(let outcome, let mode, let known):
      "The outcome \"\(outcome)\" of the study is to be without \"\(mode)\", which is no failure mode "
        + "of this analysis. Expected names among: \(known.joined(separator: ", "))."
    }
  }
}
