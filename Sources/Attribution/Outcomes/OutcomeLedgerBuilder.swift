import RepeatContacts
import Statistics

/// The ledger of an outcome: what its figures add up over interactions.
struct OutcomeLedgerBuilder {
  let problem: OutcomeProblem
  /// What is not told of the split; nil where nothing was estimated.
  let split: AttributionReport.Split
  let estimation: OutcomeEstimation?

  func ledger() throws -> OutcomeLedger {
    var ledger = OutcomeLedger(
      outcome: problem.declaration.name, happened: problem.happened,
      cell: [Int32](repeating: -1, count: problem.happened.count), cells: [], silence: [])
    guard let estimation else { return ledger }
    let effects = try CellEffects(
      design: problem.equations.design, cells: problem.cells, response: problem.equations.link)
    let evaluator = EffectEvaluator(
      effects: effects, coefficients: estimation.coefficients, rates: problem.rates,
      weights: problem.cells.mixtureWeight)
    let values = Scratch<Double>(count: effects.layout.count, repeating: 0)
    var number = [Int32](repeating: -1, count: problem.trials.count)
    for o in problem.trials.indices where problem.trials[o] > 0 {
      evaluator.effects(of: o, into: values.base)
      number[o] = Int32(ledger.cells.count)
      ledger.cells.append(cell(values.base, effects.layout))
    }
    for row in ledger.cell.indices where problem.happened[row] >= 0 {
      ledger.cell[row] = number[Int(problem.cells.observedOfRow[row])]
    }
    return ledger
  }

  private func cell(
    _ values: UnsafePointer<Double>, _ layout: EffectLayout
  ) -> OutcomeLedger.Cell {
    func told(_ part: AttributionReport.Part, _ place: Int) -> Double? {
      part.estimate == nil ? nil : values[place]
    }
    let parts = problem.cells.parts
    return .init(
      expected: (0..<4).reduce(0) { $0 + values[$1] },
      systemDirect: told(split.systemDirect, EffectLayout.systemDirect),
      systemThroughStaff: told(split.systemThroughStaff, EffectLayout.systemThroughStaff),
      staffOwn: told(split.staffOwn, EffectLayout.staffOwn),
      baseline: values[EffectLayout.baseline],
      modes: parts.indices.compactMap { p in
        let mode = problem.cells.modes[parts[p].mode].name
        let (caused, removed) = (values[layout.caused(p)], values[layout.removed(p)])
        guard problem.rates.leftOut[parts[p].mode] == nil, caused != 0 || removed != 0 else {
          return nil
        }
        return .init(
          place: .init(mode: mode, component: parts[p].component), caused: caused,
          removed: removed)
      })
  }
}

extension CustomerSilence {
  /// What each customer's silence says, by last contact.
  ///
  /// - Parameter hazard: of each observed cell; nil where departures are not told.
  func ledger(_ rhythm: Rhythm, hazard: [Double]?) -> [OutcomeLedger.Silence] {
    customers.map { c in
      let chance = silent(c, rhythm)
      return .init(
        row: Int32(c.row), days: c.silence, chance: chance,
        departed: hazard.map { left(c, rhythm, hazard: $0) })
    }
  }
}
