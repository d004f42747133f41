import Attribution
import Report

extension FigureValues {
  /// Reads the files of the run that a quantity needs and that are not read with the run.
  ///
  /// - Throws: `ReportError`.
  func prepare(_ quantity: Figure.Quantity) throws {
    switch quantity {
    case .outcome: _ = try ledger.outcomes.value()
    case .staffView: _ = try ledger.staffView.value()
    case .staffWork: _ = try ledger.staffWork.value()
    case .change: _ = try ledger.change.value()
    case .latencyOnCurve(let outcome):
      _ = try ledger.latency.value()
      if outcome != nil { _ = try ledger.outcomes.value() }
    default: break
    }
  }

  /// An outcome's quantity; NaN where it could not happen or is not known.
  func outcome(_ name: String, _ field: Figure.OutcomeField) throws -> [Double] {
    guard let outcome = try ledger.outcomes.value().byName[name] else { return nothing }
    switch field {
    case .interactions: return outcome.happened.map { $0 < 0 ? .nan : 1 }
    case .events: return outcome.happened.map { $0 < 0 ? .nan : Double($0) }
    case .expected: return byCell(outcome) { $0.expected }
    case .systemDirect: return byCell(outcome) { $0.systemDirect }
    case .systemThroughStaff: return byCell(outcome) { $0.systemThroughStaff }
    case .staffOwn: return byCell(outcome) { $0.staffOwn }
    case .baseline: return byCell(outcome) { $0.baseline }
    case .system:
      // Where staff's part is not told nothing goes through staff.
      return byCell(outcome) {
        $0.systemDirect + ($0.systemThroughStaff.isNaN ? 0 : $0.systemThroughStaff)
      }
    case .caused(let choice):
      return byCell(outcome) { sum($0, choice) { $0.caused } }
    case .removed(let choice):
      return byCell(outcome) { sum($0, choice) { $0.removed } }
    case .modeInteractions(let choice):
      var values = sums(ledger.modes.known.map(Double.init), choice)
      for row in values.indices where outcome.happened[row] < 0 { values[row] = .nan }
      return values
    case .customers: return bySilence(outcome) { _ in 1 }
    case .daysSilent: return bySilence(outcome) { $0.days }
    case .telling: return bySilence(outcome) { 1 - $0.chance }
    case .departed: return bySilence(outcome) { $0.departed }
    }
  }

  private var nothing: [Double] { [Double](repeating: .nan, count: ledger.count) }

  private func byCell(
    _ outcome: RunOutcomes.Outcome, _ value: (RunOutcomes.Cell) -> Double
  ) -> [Double] {
    let values = outcome.cells.map(value)
    return outcome.cell.map { $0 < 0 ? .nan : values[Int($0)] }
  }

  private func sum(
    _ cell: RunOutcomes.Cell, _ choice: Figure.ModeChoice,
    _ value: (RunOutcomes.Mode) -> Double
  ) -> Double {
    cell.modes.reduce(0) { choice.holds($1.place) ? $0 + value($1) : $0 }
  }

  private func bySilence(
    _ outcome: RunOutcomes.Outcome, _ value: (RunOutcomes.Silence) -> Double
  ) -> [Double] {
    var values = nothing
    for silence in outcome.silence { values[Int(silence.row)] = value(silence) }
    return values
  }

  /// Counted repeats after contacts with a staff error, or that staff handled; NaN elsewhere.
  func staffView(_ field: Figure.StaffViewField, ofStaffErrors: Bool) throws -> [Double] {
    let view = try ledger.staffView.value()
    let belongs = ofStaffErrors ? view.hasStaffError : view.handledByStaff
    var values = nothing
    for (place, prior) in view.prior.enumerated() where belongs[place] {
      values[Int(prior)] = field == .counted ? 1 : view.origins[field.rawValue][place]
    }
    return values
  }

  /// What each contact of a named member adds; NaN on others.
  func staffWork(_ field: Figure.StaffWorkField) throws -> [Double] {
    let work = try ledger.staffWork.value()
    return switch field {
    case .contacts: work.expected.map { $0.isNaN ? .nan : 1 }
    case .expected: work.expected
    case .observed: work.observed
    }
  }

  /// What each interaction adds to its own week's figure; NaN where its week is not compared.
  func change(_ field: Figure.ChangeField) throws -> [Double] {
    let change = try ledger.change.value()
    let (week, csat) = (ledger.contacts.week, ledger.contacts.csat)
    var interactions = [Double](repeating: 0, count: week.values.count)
    var (exposure, scored) = (interactions, interactions)
    for row in week.codes.indices where !change.caused[row].isNaN && week.codes[row] >= 0 {
      let own = Int(week.codes[row])
      interactions[own] += 1
      exposure[own] += change.exposure[row]
      if !csat[row].isNaN { scored[own] += 1 }
    }
    let covered = exposure.map { max($0, .leastNormalMagnitude) }
    var values = nothing
    for row in values.indices where !change.caused[row].isNaN && week.codes[row] >= 0 {
      let own = Int(week.codes[row])
      values[row] =
        switch field {
        case .interactions: 1
        case .caused: 100 * change.caused[row] / interactions[own]
        case .coincidental: 100 * change.coincidental[row] / covered[own]
        case .repeats:
          100 * change.caused[row] / interactions[own]
            + 100 * change.coincidental[row] / covered[own]
        case .csat: csat[row] / scored[own]
        case .exposure: change.exposure[row] / interactions[own]
        }
    }
    return values
  }

  /// 1 where the latency counts: for repeats of known customers, for an outcome where it is known.
  func latencyOnCurve(outcome: String?) throws -> [Double] {
    let latency = try ledger.latency.value().milliseconds
    guard let outcome else {
      return zip(latency, ledger.rows.customer).map { $0.isNaN || $1 < 0 ? .nan : 1 }
    }
    guard let happened = try ledger.outcomes.value().byName[outcome]?.happened else {
      return nothing
    }
    return zip(latency, happened).map { $0.isNaN || $1 < 0 ? .nan : 1 }
  }
}

extension Figure.ModeChoice {
  /// Whether a mode at a component belongs to it.
  func holds(_ place: ModeContributions.Place) -> Bool {
    guard place.mode == mode else { return false }
    guard let component else { return true }
    return place.component == component
  }
}
