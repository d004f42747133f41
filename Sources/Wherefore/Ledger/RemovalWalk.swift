import Report

/// What removals of failures avoid, on the run's own links: the probability that each contact would not
/// have come, since its cause would not have come, or would no longer have brought it.
///
/// A customer's contacts are walked in order of time, for all removals at once.
struct RemovalWalk {
  private let ledger: RunLedger
  private let removals: [Figure.Removal]
  /// Whether a place of the run's modes is taken away, `place * removals + k`.
  private let chosen: [Bool]
  /// Whether any of them takes it away, by place.
  private let touched: [Bool]
  /// What several failures take together where more than one bears on a row.
  private let joint: [RunRemovals.Entries]

  init(_ removals: [Figure.Removal], _ ledger: RunLedger) {
    self.ledger = ledger
    self.removals = removals
    let places = ledger.modes.places
    var chosen = [Bool](repeating: false, count: places.count * removals.count)
    for (k, removal) in removals.enumerated() {
      for (place, name) in places.enumerated()
      where removal.choices.contains(where: { $0.holds(name) }) {
        chosen[place * removals.count + k] = true
      }
    }
    self.chosen = chosen
    touched = places.indices.map { place in
      removals.indices.contains { chosen[place * removals.count + $0] }
    }
    joint = removals.map {
      $0.choices.count > 1 ? ledger.removals.entries(ranks: $0.ranks) : RunRemovals.Entries()
    }
  }

  /// Avoided contacts by row, removals added up with their signs.
  func avoided() -> [Double] {
    var values = [Double](repeating: 0, count: ledger.count)
    let signs = removals.map(\.sign)
    values.withUnsafeMutableBufferPointer { values in
      forEachCustomer(0..<ledger.rows.customers.count) { rows, _, lost in
        for row in rows {
          var sum = 0.0
          let place = (row - rows.lowerBound) * signs.count
          for k in 0..<signs.count { sum += signs[k] * lost[place + k] }
          values[row] = sum
        }
      }
    }
    return values
  }

  /// What each pair before a row adds to what is avoided of it.
  func avoidedByPair(_ row: Int, scale: Double) -> [Double] {
    let code = Int(ledger.rows.customer[row])
    let links = ledger.links
    let pairs = links.pairs(before: row)
    guard code >= 0 else { return [] }
    var result = [Double](repeating: 0, count: pairs.count)
    forEachCustomer(code..<(code + 1)) { rows, shares, lost in
      for (place, pair) in pairs.enumerated() {
        let prior = (Int(links.prior[pair]) - rows.lowerBound) * removals.count
        let share = removals.indices.reduce(0.0) {
          $0 + removals[$1].sign * (1 - (1 - lost[prior + $1]) * (1 - shares[prior + $1]))
        }
        result[place] = scale * links.probability[pair] * share
      }
    }
    return result
  }

  private typealias Doubles = UnsafeMutablePointer<Double>

  /// Calls `body` with the rows of each customer of whom something is avoided, the share of each row's
  /// repeats that each removal takes, and the probability that its contact would not have come, both
  /// `place of the row * removals + k`.
  private func forEachCustomer(
    _ codes: Range<Int>, _ body: (_ rows: Range<Int>, _ shares: Doubles, _ lost: Doubles) -> Void
  ) {
    let customers = ledger.rows.customerStart
    guard !removals.isEmpty, !codes.isEmpty else { return }
    let most = codes.reduce(0) { max($0, Int(customers[$1 + 1] - customers[$1])) }
    var cursor = joint.map {
      SortedRows.place(of: customers[codes.lowerBound], in: $0.row, $0.row.indices)
    }
    // Over millions of entries and pairs: without bounds checks, which cost as much as the sums.
    let (modes, links) = (ledger.modes, ledger.links)
    let size = max(most * removals.count, 1)
    modes.start.withUnsafeBufferPointer { modeStart in
      modes.place.withUnsafeBufferPointer { modePlace in
        links.start.withUnsafeBufferPointer { start in
          touched.withUnsafeBufferPointer { touched in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * size) { scratch in
              guard let shares = scratch.baseAddress else { return }
              let lost = shares + size
              for code in codes {
                let rows = Int(customers[code])..<Int(customers[code + 1])
                // Of a contact alone nothing is avoided, and most customers met with none of the
                // failures.
                guard start[rows.lowerBound] < start[rows.upperBound] else { continue }
                var meets = false
                for entry in modeStart[rows.lowerBound]..<modeStart[rows.upperBound] {
                  meets = meets || touched[Int(modePlace[Int(entry)])]
                }
                guard meets else { continue }
                fill(shares, rows, &cursor)
                walk(rows, shares, lost)
                body(rows, shares, lost)
              }
            }
          }
        }
      }
    }
  }

  /// Contact by contact: its pairs' probabilities by what is avoided of each earlier one.
  private func walk(_ rows: Range<Int>, _ shares: Doubles, _ lost: Doubles) {
    let links = ledger.links
    let width = removals.count
    for row in rows {
      let own = lost + (row - rows.lowerBound) * width
      for k in 0..<width { own[k] = 0 }
      for pair in links.start[row]..<links.start[row + 1] {
        let prior = (Int(links.prior[pair]) - rows.lowerBound) * width
        let p = links.probability[pair]
        for k in 0..<width {
          own[k] += p * (1 - (1 - lost[prior + k]) * (1 - shares[prior + k]))
        }
      }
    }
  }

  /// The shares of a customer's rows.
  private func fill(_ shares: Doubles, _ rows: Range<Int>, _ cursor: inout [Int]) {
    let modes = ledger.modes
    let width = removals.count
    for place in 0..<(rows.count * width) { shares[place] = 0 }
    for row in rows {
      let own = shares + (row - rows.lowerBound) * width
      for entry in Int(modes.start[row])..<Int(modes.start[row + 1]) {
        let place = Int(modes.place[entry]) * width
        for k in 0..<width where chosen[place + k] { own[k] += modes.removedShare[entry] }
      }
    }
    for (k, removal) in removals.enumerated() {
      let together = joint[k]
      while cursor[k] < together.row.count, together.row[cursor[k]] < Int32(rows.upperBound) {
        let row = Int(together.row[cursor[k]])
        if row >= rows.lowerBound {
          shares[(row - rows.lowerBound) * width + k] = together.share[cursor[k]]
        }
        cursor[k] += 1
      }
      if removal.share != 1 {
        for place in 0..<rows.count { shares[place * width + k] *= removal.share }
      }
    }
  }
}
