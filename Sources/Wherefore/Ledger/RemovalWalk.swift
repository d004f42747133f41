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
    joint = removals.map {
      $0.choices.count > 1 ? ledger.removals.entries(ranks: $0.ranks) : RunRemovals.Entries()
    }
  }

  var isEmpty: Bool { removals.isEmpty }

  /// Avoided contacts by row, removals added up with their signs.
  func avoided() -> [Double] {
    var values = [Double](repeating: 0, count: ledger.count)
    let signs = removals.map(\.sign)
    forEachCustomer(0..<ledger.rows.customers.count) { rows, _, lost in
      for row in rows {
        var sum = 0.0
        for k in signs.indices { sum += signs[k] * lost[(row - rows.lowerBound) * signs.count + k] }
        values[row] = sum
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

  /// Calls `body` with the rows of each customer of whom something is avoided, the share of each row's
  /// repeats that each removal takes, and the probability that its contact would not have come, both
  /// `place of the row * removals + k`.
  private func forEachCustomer(
    _ codes: Range<Int>, _ body: (_ rows: Range<Int>, _ shares: [Double], _ lost: [Double]) -> Void
  ) {
    let customers = ledger.rows.customerStart
    let (start, priors, probability) =
      (ledger.links.start, ledger.links.prior, ledger.links.probability)
    let width = removals.count
    guard width > 0, !codes.isEmpty else { return }
    var cursor = joint.map { Self.place(of: customers[codes.lowerBound], in: $0.row) }
    var (shares, lost) = ([Double](), [Double]())
    for code in codes {
      let rows = Int(customers[code])..<Int(customers[code + 1])
      // A first contact alone has nothing before it.
      guard start[rows.lowerBound] < start[rows.upperBound] else { continue }
      guard fill(&shares, rows, &cursor) else { continue }
      lost.removeAll(keepingCapacity: true)
      for row in rows {
        let place = lost.count
        for _ in 0..<width { lost.append(0) }
        for pair in start[row]..<start[row + 1] {
          let (prior, p) = ((Int(priors[pair]) - rows.lowerBound) * width, probability[pair])
          for k in 0..<width {
            lost[place + k] += p * (1 - (1 - lost[prior + k]) * (1 - shares[prior + k]))
          }
        }
      }
      body(rows, shares, lost)
    }
  }

  /// The shares of a customer's rows; false where nothing is taken from any of them.
  @inline(__always) private func fill(
    _ shares: inout [Double], _ rows: Range<Int>, _ cursor: inout [Int]
  ) -> Bool {
    let modes = ledger.modes
    let width = removals.count
    shares.removeAll(keepingCapacity: true)
    var any = false
    for row in rows {
      let place = shares.count
      for _ in 0..<width { shares.append(0) }
      for entry in modes.entries(row) {
        let own = Int(modes.place[entry]) * width
        for k in 0..<width where chosen[own + k] {
          shares[place + k] += modes.removedShare[entry]
          any = true
        }
      }
    }
    guard any else { return false }
    for (k, removal) in removals.enumerated() {
      let rowsOfJoint = joint[k].row
      while cursor[k] < rowsOfJoint.count, rowsOfJoint[cursor[k]] < Int32(rows.upperBound) {
        let row = Int(rowsOfJoint[cursor[k]])
        if row >= rows.lowerBound {
          shares[(row - rows.lowerBound) * width + k] = joint[k].share[cursor[k]]
        }
        cursor[k] += 1
      }
      if removal.share != 1 {
        for place in 0..<rows.count { shares[place * width + k] *= removal.share }
      }
    }
    return true
  }

  /// The first place at which a row is not before `row`.
  private static func place(of row: Int32, in rows: [Int32]) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
