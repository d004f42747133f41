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
    case .avoided, .avoidedCost: return values(quantity, walks(quantity))
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
  private func sums(_ entries: [Double], _ choice: Figure.ModeChoice) -> [Double] {
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

  /// What each removal of a figure avoids; none for figures that remove nothing.
  func walks(_ quantity: Figure.Quantity) -> [RemovalWalk] {
    switch quantity {
    case .avoided(let removals), .avoidedCost(let removals): removals.map(walk)
    default: []
    }
  }

  /// The walks' avoided contacts with their signs, or their costs.
  func values(_ quantity: Figure.Quantity, _ walks: [RemovalWalk]) -> [Double] {
    var values = walks.count == 1 && walks[0].sign == 1 ? walks[0].lost : zeros
    if walks.count > 1 || walks.first?.sign != 1 {
      for walk in walks {
        for row in values.indices { values[row] += walk.sign * walk.lost[row] }
      }
    }
    if case .avoidedCost = quantity {
      let cost = ledger.contacts.cost
      for row in values.indices { values[row] *= cost[row] }
    }
    return values
  }

  /// The probability that each contact would not have come: its cause would not have come, or would
  /// no longer have brought it. Contacts are walked in time order on the run's own links.
  private func walk(_ removal: Figure.Removal) -> RemovalWalk {
    let shares = shares(removal)
    let links = ledger.links
    var lost = zeros
    lost.withUnsafeMutableBufferPointer { lost in
      shares.withUnsafeBufferPointer { shares in
        links.start.withUnsafeBufferPointer { start in
          links.prior.withUnsafeBufferPointer { priors in
            links.probability.withUnsafeBufferPointer { probability in
              for row in lost.indices where start[row] < start[row + 1] {
                var sum = 0.0
                for pair in start[row]..<start[row + 1] {
                  let prior = Int(priors[pair])
                  sum += probability[pair] * (1 - (1 - lost[prior]) * (1 - shares[prior]))
                }
                lost[row] = sum
              }
            }
          }
        }
      }
    }
    return RemovalWalk(sign: removal.sign, shares: shares, lost: lost)
  }

  /// The share of each row's repeats that a removal takes: of several failures what they take together
  /// where more than one bears on the row.
  private func shares(_ removal: Figure.Removal) -> [Double] {
    var chosen = [Bool](repeating: false, count: ledger.modes.places.count)
    for choice in removal.choices {
      for (place, isChosen) in self.chosen(choice).enumerated() where isChosen {
        chosen[place] = true
      }
    }
    var shares = sums(ledger.modes.removedShare, chosen: chosen)
    if removal.choices.count > 1 {
      let joint = ledger.removals.entries(ranks: removal.ranks)
      for entry in joint.row.indices { shares[Int(joint.row[entry])] = joint.share[entry] }
    }
    if removal.share != 1 { for row in shares.indices { shares[row] *= removal.share } }
    return shares
  }

  /// What each pair before the rows adds to the avoided contacts; nothing for other figures.
  func avoidedByPair(
    _ figure: Figure, _ walks: [RemovalWalk], rows: [Int]
  ) -> [Int: [Double]] {
    guard case .avoided = figure.quantity else { return [:] }
    let scale = figure.terms.first?.scale ?? 1
    let links = ledger.links
    var result: [Int: [Double]] = [:]
    for row in rows {
      result[row] = links.pairs(before: row).map { pair in
        let prior = Int(links.prior[pair])
        return walks.reduce(0.0) {
          $0 + scale * $1.sign * links.probability[pair]
            * (1 - (1 - $1.lost[prior]) * (1 - $1.shares[prior]))
        }
      }
    }
    return result
  }
}

/// What one removal takes of the repeats of each row, and the probability that each row's contact would
/// not have come.
struct RemovalWalk {
  let sign: Double
  let shares: [Double]
  let lost: [Double]
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
