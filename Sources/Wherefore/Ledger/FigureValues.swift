import Attribution
import Report

/// The values of a figure's quantity, one a row of a run; NaN where the row is no part of it.
struct FigureValues {
  let ledger: RunLedger

  func values(_ quantity: Figure.Quantity) -> [Double] {
    let rows = ledger.rows
    let contacts = ledger.contacts
    switch quantity {
    case .interactions: return [Double](repeating: 1, count: ledger.count)
    case .customers:
      var values = zeros
      for first in rows.customerStart.dropLast() { values[Int(first)] = 1 }
      return values
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
      return rows.expectedRepeats.indices.map {
        (ledger.links.pairs(before: $0).isEmpty ? 0 : 1) - rows.expectedRepeats[$0]
      }
    case .followedByRule: return contacts.repeatedByRule.map { $0 == 1 ? 1 : 0 }
    case .followedInCoveredWindow:
      return contacts.repeatedByRule.indices.map {
        contacts.ruleWindowCovered[$0] == 1 ? answer(contacts.repeatedByRule[$0]) : .nan
      }
    case .intentResolved: return contacts.intentResolved.map(answer)
    case .actionSucceeded: return contacts.actionSucceeded.map(answer)
    case .csat: return contacts.csat
    case .latency: return contacts.latency
    case .exposure:
      return rows.exposure.indices.map { rows.customer[$0] < 0 ? .nan : rows.exposure[$0] }
    case .mode(let field, let choice): return mode(field, choice)
    case .avoided(let choice): return avoided(choice)
    case .avoidedCost(let choice): return avoidedCost(choice)
    }
  }

  private var zeros: [Double] { [Double](repeating: 0, count: ledger.count) }

  private func answer(_ flag: Int8) -> Double { flag < 0 ? .nan : Double(flag) }

  /// Whether each place of the run's modes belongs to a choice.
  func chosen(_ choice: Figure.ModeChoice) -> [Bool] {
    ledger.modes.places.map { place in
      guard place.mode == choice.mode else { return false }
      guard let component = choice.component else { return true }
      return place.component == component
    }
  }

  private func mode(_ field: Figure.ModeField, _ choice: Figure.ModeChoice) -> [Double] {
    let modes = ledger.modes
    let chosen = self.chosen(choice)
    var values = zeros
    for row in values.indices {
      for entry in modes.entries(row) where chosen[Int(modes.place[entry])] {
        switch field {
        case .interactions: values[row] += modes.known[entry] == 1 ? 1 : 0
        // Per interaction counts those of known customers: of others nothing could be seen.
        case .probability:
          values[row] += ledger.rows.customer[row] < 0 ? 0 : modes.probability[entry]
        case .caused: values[row] += modes.caused[entry]
        case .switchedOff: values[row] += modes.switchedOff[entry]
        }
      }
    }
    return values
  }

  /// The share of each row's repeats that goes with a mode.
  private func removedShares(_ choice: Figure.ModeChoice) -> [Double] {
    let modes = ledger.modes
    let chosen = self.chosen(choice)
    var shares = zeros
    for row in shares.indices {
      for entry in modes.entries(row) where chosen[Int(modes.place[entry])] {
        shares[row] += modes.removedShare[entry]
      }
    }
    return shares
  }

  /// The probability that each contact would not have come: its cause would not have come, or would
  /// no longer have brought it. Contacts are walked in time order on the run's own links.
  private func avoided(_ choice: Figure.ModeChoice) -> [Double] {
    let shares = removedShares(choice)
    let links = ledger.links
    var lost = zeros
    for row in lost.indices {
      var sum = 0.0
      for pair in links.pairs(before: row) {
        let prior = Int(links.prior[pair])
        sum += links.probability[pair] * (1 - (1 - lost[prior]) * (1 - shares[prior]))
      }
      lost[row] = sum
    }
    return lost
  }

  /// What each pair before the rows adds to the avoided contacts; nothing for other figures.
  ///
  /// - Parameter lost: the figure's values.
  func avoidedByPair(_ figure: Figure, lost: [Double], rows: [Int]) -> [Int: [Double]] {
    guard case .avoided(let choice) = figure.quantity else { return [:] }
    let chosen = self.chosen(choice)
    let (links, modes) = (ledger.links, ledger.modes)
    var result: [Int: [Double]] = [:]
    for row in rows {
      result[row] = links.pairs(before: row).map { pair in
        let prior = Int(links.prior[pair])
        let share = modes.entries(prior).reduce(0.0) {
          chosen[Int(modes.place[$1])] ? $0 + modes.removedShare[$1] : $0
        }
        return links.probability[pair] * (1 - (1 - lost[prior]) * (1 - share))
      }
    }
    return result
  }

  private func avoidedCost(_ choice: Figure.ModeChoice) -> [Double] {
    let cost = ledger.contacts.cost
    var values = avoided(choice)
    switch ledger.declaration.avoidedCost {
    case .own: for row in values.indices { values[row] *= cost[row] }
    case .mean:
      let mean = CompensatedSum.of(cost) / Double(max(cost.count, 1))
      for row in values.indices { values[row] *= mean }
    }
    return values
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
