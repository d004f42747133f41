import Attribution
import InteractionLog

/// `modes.csv`: what each failure mode brought at each interaction, sparse.
package struct RunModes: Sendable {
  /// Distinct modes at components, in byte order.
  package private(set) var places: [ModeContributions.Place] = []
  /// Entries of row r: `start[r] ..< start[r + 1]`.
  package private(set) var start: [Int32] = []
  package private(set) var place: [Int32] = []
  package private(set) var known: [Int8] = []
  /// NaN, here and below, where the mode was left out.
  package private(set) var probability: [Double] = []
  package private(set) var caused: [Double] = []
  package private(set) var switchedOff: [Double] = []
  package private(set) var removedShare: [Double] = []

  init(path: String, rows: RunRows) throws {
    let file = try RunFile(path: path, columns: RunTables.modeColumns)
    var modes = TextGathering()
    var components = TextGathering()
    let count = rows.startedAt.count
    var row = 0
    start.append(0)
    while try file.next() {
      while row < count, !rows.id.matches(row, file.bytes(0)) {
        row += 1
        start.append(Int32(place.count))
      }
      guard row < count else {
        throw file.damaged(
          "interaction '\(file.text(0))' is not in interactions.csv, or not in its order")
      }
      guard !file.bytes(1).isEmpty else { throw file.damaged("it names no mode") }
      modes.append(file.bytes(1))
      components.append(file.bytes(2))
      place.append(0)
      known.append(try file.flag(3))
      probability.append(try file.numberOrBlank(4))
      caused.append(try file.numberOrBlank(5))
      switchedOff.append(try file.numberOrBlank(6))
      removedShare.append(try file.numberOrBlank(7))
    }
    while start.count <= count { start.append(Int32(place.count)) }
    name(modes.column(), components.column())
  }

  private mutating func name(_ modes: TextColumn, _ components: TextColumn) {
    let width = Int64(components.values.count + 1)
    func key(_ entry: Int) -> Int64 {
      Int64(modes.codes[entry]) * width + Int64(components.codes[entry] + 1)
    }
    var numbers: [Int64: Int32] = [:]
    for entry in place.indices { numbers[key(entry)] = 0 }
    for (number, key) in numbers.keys.sorted().enumerated() {
      numbers[key] = Int32(number)
      let component = Int(key % width) - 1
      places.append(
        .init(
          mode: modes.values[Int(key / width)],
          component: component < 0 ? nil : components.values[component]))
    }
    for entry in place.indices { place[entry] = numbers[key(entry)] ?? 0 }
  }

  /// Indices of the entries of a row.
  package func entries(_ row: Int) -> Range<Int> { Int(start[row])..<Int(start[row + 1]) }
}

/// `links.csv`: candidate pairs by later row, each row's priors in order.
package struct RunLinks: Sendable {
  /// Pairs whose later row is r: `start[r] ..< start[r + 1]`.
  package private(set) var start: [Int] = []
  package private(set) var prior: [Int32] = []
  package private(set) var sameTopic: [Int8] = []
  package private(set) var probability: [Double] = []

  init(path: String, rows: RunRows) throws {
    let file = try RunFile(
      path: path, columns: ["prior_id", "later_id", "same_topic", "probability"])
    let count = rows.startedAt.count
    var row = 0
    /// Where the next prior is looked for.
    var from = 0
    start.append(0)
    while try file.next() {
      while row < count, !rows.id.matches(row, file.bytes(1)) {
        row += 1
        start.append(prior.count)
      }
      guard row < count else {
        throw file.damaged(
          "interaction '\(file.text(1))' is not in interactions.csv, or not in its order")
      }
      if start[row] == prior.count {
        // A new later row: its nearest candidates are right before it, so they are looked for backwards.
        var first = row - 1
        let lowest = rows.neighbours(row).lowerBound
        while first >= lowest, !rows.id.matches(first, file.bytes(0)) { first -= 1 }
        from = first >= lowest ? first : row
      } else {
        while from < row, !rows.id.matches(from, file.bytes(0)) { from += 1 }
      }
      guard from < row else {
        throw file.damaged(
          "interaction '\(file.text(0))' is no earlier contact of the customer of "
            + "'\(file.text(1))', or out of order")
      }
      prior.append(Int32(from))
      from += 1
      sameTopic.append(try file.flag(2))
      let p = try file.number(3)
      guard p >= 0, p <= 1 + 1e-9 else {
        throw file.damaged("the probability is \(file.text(3)), 0 to 1 expected")
      }
      probability.append(p)
    }
    while start.count <= count { start.append(prior.count) }
  }

  /// Pairs in which a row is the later contact.
  package func pairs(before row: Int) -> Range<Int> { start[row]..<start[row + 1] }

  /// Probability that one row brought another; 0 where they are no pair.
  package func probability(from row: Int32, to later: Int32) -> Double {
    for pair in pairs(before: Int(later)) where prior[pair] == row { return probability[pair] }
    return 0
  }

  /// Pairs in which a row is the earlier contact, with the later row; in order of time.
  package func pairs(after row: Int, in rows: RunRows) -> [(later: Int, pair: Int)] {
    var found: [(later: Int, pair: Int)] = []
    for later in (row + 1)..<max(rows.neighbours(row).upperBound, row + 1) {
      let pairs = pairs(before: later)
      guard let first = pairs.first else { continue }
      // Windows move on: once the earliest candidate lies behind this row, all later ones do.
      if prior[first] > Int32(row) { break }
      let pair = SortedRows.place(of: Int32(row), in: prior, pairs)
      if pair < pairs.upperBound, prior[pair] == Int32(row) { found.append((later, pair)) }
    }
    return found
  }
}
