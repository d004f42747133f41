import Attribution
import Report

/// The values of a figure's quantity, one a row of a run; NaN where the row is no part of it.
struct FigureValues {
  let ledger: RunLedger

  /// - Throws: `ReportError` where a file of the run that holds them is missing or damaged.
  func values(_ quantity: Figure.Quantity) throws -> [Double] {
    let rows = ledger.rows
    let contacts = ledger.contacts
    switch quantity {
    case .interactions: return [Double](repeating: 1, count: ledger.count)
    case .customers:
      var values = zeros
      for first in rows.customerStart.dropLast() { values[Int(first)] = 1 }
      return values
    case .linked: return rows.customer.map { $0 < 0 ? 0 : 1 }
    case .later:
      let start = ledger.links.start
      return rows.customer.indices.map { start[$0] == start[$0 + 1] ? 0 : 1 }
    case .unlinked: return rows.customer.map { $0 < 0 ? 1 : 0 }
    case .systemDirect: return rows.systemDirect ?? zeros
    case .systemThroughStaff: return rows.systemThroughStaff ?? zeros
    case .staffOwn: return rows.staffOwn ?? zeros
    case .baseline: return rows.baseline
    case .system:
      guard var values = rows.systemDirect else { return zeros }
      if let through = rows.systemThroughStaff {
        for row in values.indices { values[row] += through[row] }
      }
      return values
    case .expectedRepeats: return rows.expectedRepeats
    case .coincidental:
      let (start, expected) = (ledger.links.start, rows.expectedRepeats)
      return expected.indices.map { (start[$0] == start[$0 + 1] ? 0 : 1) - expected[$0] }
    case .followedByRule: return contacts.repeatedByRule.map { $0 == 1 ? 1 : 0 }
    case .followedInCoveredWindow:
      return zip(contacts.repeatedByRule, contacts.ruleWindowCovered).map {
        $1 == 1 ? answer($0) : .nan
      }
    case .intentResolved: return contacts.intentResolved.map(answer)
    case .actionSucceeded: return contacts.actionSucceeded.map(answer)
    case .csat: return contacts.csat
    case .latency: return contacts.latency
    case .exposure:
      return zip(rows.exposure, rows.customer).map { $1 < 0 ? .nan : $0 }
    case .mode(let field, let choice): return mode(field, choice)
    case .avoided(let removals): return RemovalWalk(removals, ledger).avoided()
    case .avoidedCost(let removals):
      return zip(RemovalWalk(removals, ledger).avoided(), contacts.cost).map { $0 * $1 }
    case .outcome(let name, let field): return try outcome(name, field)
    case .staffView(let field, let ofErrors): return try staffView(field, ofStaffErrors: ofErrors)
    case .staffWork(let field): return try staffWork(field)
    case .change(let field): return try change(field)
    case .latencyOnCurve(let outcome): return try latencyOnCurve(outcome: outcome)
    }
  }

  var zeros: [Double] { [Double](repeating: 0, count: ledger.count) }

  private func answer(_ flag: Int8) -> Double { flag < 0 ? .nan : Double(flag) }

  /// Whether each place of the run's modes belongs to a choice.
  private func chosen(_ choice: Figure.ModeChoice) -> [Bool] {
    ledger.modes.places.map(choice.holds)
  }

  private func mode(_ field: Figure.ModeField, _ choice: Figure.ModeChoice) -> [Double] {
    let modes = ledger.modes
    switch field {
    case .interactions: return sums(modes.known.map(Double.init), choice)
    case .probability:
      // Per interaction counts those of known customers: of others nothing could be seen.
      var values = sums(modes.probability, choice)
      for (row, customer) in ledger.rows.customer.enumerated() where customer < 0 {
        values[row] = 0
      }
      return values
    case .caused: return sums(modes.caused, choice)
    case .switchedOff: return sums(modes.switchedOff, choice)
    }
  }

  /// Sums by row over the entries of a choice.
  func sums(_ entries: [Double], _ choice: Figure.ModeChoice) -> [Double] {
    sums(entries, chosen: chosen(choice))
  }

  private func sums(_ entries: [Double], chosen: [Bool]) -> [Double] {
    let modes = ledger.modes
    var sums = zeros
    // Inner loops over millions of entries and pairs, here and below, run without bounds checks, which
    // cost as much as the sum.
    sums.withUnsafeMutableBufferPointer { sums in
      modes.start.withUnsafeBufferPointer { start in
        modes.place.withUnsafeBufferPointer { place in
          for row in sums.indices where start[row] < start[row + 1] {
            for entry in Int(start[row])..<Int(start[row + 1]) where chosen[Int(place[entry])] {
              sums[row] += entries[entry]
            }
          }
        }
      }
    }
    return sums
  }
}

/// A sum that carries what rounding takes away (Neumaier 1974): figures must add up to 1e-9 over
/// millions of interactions.
struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  @inline(__always) mutating func add(_ value: Double) {
    let next = sum + value
    lost += sum.magnitude >= value.magnitude ? (sum - next) + value : (value - next) + sum
    sum = next
  }

  var value: Double { sum + lost }

  static func of(_ values: [Double]) -> Double {
    var sum = CompensatedSum()
    for value in values { sum.add(value) }
    return sum.value
  }
}
