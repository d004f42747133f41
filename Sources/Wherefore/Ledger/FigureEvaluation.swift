import Attribution
import InteractionLog
import Report

/// A figure opened: what each interaction adds to it.
struct FigureEvaluation {
  /// Value of the quantity on each row of a run; NaN where the row is no part of the figure.
  let values: [Double]
  /// What each row adds to the figure; NaN where it is no part of it or filtered out. For a quantile,
  /// whose interactions add nothing up, 0.
  private(set) var contributions: [Double]
  /// The figure from its interactions, whatever the filter.
  let whole: Double
  /// The same over what the filter leaves: a part of a sum, a mean or quantile of its own.
  private(set) var selected: Double?
  /// Interactions that add to what was selected; for means and quantiles all whose value is known.
  private(set) var interactions = 0
  /// Pairs and their probabilities after (or before) those interactions.
  private(set) var pairs = 0
  private(set) var probability = 0.0

  /// - Throws: `LedgerError.unknownValue` for a filter that nothing passes.
  init(_ figure: Figure, filter: InteractionFilter, _ ledger: RunLedger) throws {
    let source = FigureValues(ledger: ledger)
    let scales = FigureEvaluation.scales(figure.terms, ledger)
    var values = try source.values(figure.quantity)
    var denominators: [Double] = []
    if case .ratio(let quantity) = figure.form { denominators = try source.values(quantity) }
    var contributions = values
    if let scales {
      for row in values.indices {
        let scale = scales[row]
        contributions[row] *= scale
        values[row] = scale.isNaN ? .nan : values[row]
      }
      if !denominators.isEmpty {
        for row in values.indices where scales[row].isNaN { denominators[row] = 0 }
      }
    }
    self.values = values
    self.contributions = contributions
    let per = CompensatedSum.of(denominators)
    whole = FigureEvaluation.reduce(&self.contributions, figure.form, per: per) ?? 0
    guard !filter.isEmpty else {
      selected = whole
      interactions = FigureEvaluation.count(self.contributions, figure.form)
      return
    }
    var keep = [Bool](repeating: true, count: ledger.count)
    try filter.restrict(&keep, ledger)
    switch figure.form {
    case .count, .mean, .quantile, .median: self.contributions = contributions
    case .sum, .ratio: break
    }
    for row in keep.indices where !keep[row] { self.contributions[row] = .nan }
    switch figure.form {
    case .sum, .ratio:
      // Already scaled: a part of the whole.
      selected = FigureEvaluation.sum(self.contributions)
    case .count, .mean, .quantile, .median:
      selected = FigureEvaluation.reduce(&self.contributions, figure.form, per: per)
    }
    interactions = FigureEvaluation.count(self.contributions, figure.form)
  }

  /// The scale of the term that each row falls in, NaN where it falls in none; nil: 1 for all.
  private static func scales(_ terms: [Figure.Term], _ ledger: RunLedger) -> [Double]? {
    if terms == [Figure.Term()] { return nil }
    var scales = [Double](repeating: .nan, count: ledger.count)
    let contacts = ledger.contacts
    for term in terms {
      let columns = [
        (term.week, contacts.week), (term.topic, contacts.topic),
        (term.handler, contacts.handledBy), (term.team, contacts.team),
        (term.staff, contacts.staff),
      ].compactMap { value, column in value.map { (value: $0, column: column) } }
      // One column decides for most terms; the others are looked at where it fits.
      guard let first = columns.first else {
        for row in scales.indices { add(term.scale, to: &scales[row]) }
        continue
      }
      let wanted = code(first.value, first.column)
      if terms.count == 1, columns.count == 1 {
        return first.column.codes.map { $0 == wanted ? term.scale : .nan }
      }
      let others = columns.dropFirst().map { ($0.column.codes, code($0.value, $0.column)) }
      first.column.codes.withUnsafeBufferPointer { codes in
        scales.withUnsafeMutableBufferPointer { scales in
          for row in scales.indices where codes[row] == wanted {
            if others.allSatisfy({ $0.0[row] == $0.1 }) { add(term.scale, to: &scales[row]) }
          }
        }
      }
    }
    return scales
  }

  /// The code of a value of a column; one that no row has where the column has no such value.
  private static func code(_ value: String, _ column: TextColumn) -> Int32 {
    column.values.firstIndex(of: value).map(Int32.init) ?? -2
  }

  @inline(__always) private static func add(_ scale: Double, to sum: inout Double) {
    sum = sum.isNaN ? scale : sum + scale
  }

  /// Turns values into contributions and gives the figure; nil where no value is known and the form
  /// needs one.
  private static func reduce(
    _ contributions: inout [Double], _ form: Figure.Form, per: Double
  ) -> Double? {
    switch form {
    case .sum: return sum(contributions)
    case .count:
      for row in contributions.indices where !contributions[row].isNaN { contributions[row] = 1 }
      return sum(contributions)
    case .ratio:
      // The engine's own bound for a mode that is expected nowhere.
      let per = max(per, 1e-9)
      for row in contributions.indices { contributions[row] /= per }
      return sum(contributions)
    case .mean:
      let known = contributions.count { !$0.isNaN }
      guard known > 0 else { return nil }
      for row in contributions.indices { contributions[row] /= Double(known) }
      return sum(contributions)
    case .quantile, .median:
      var known: [Double] = []
      known.reserveCapacity(contributions.count)
      contributions.withUnsafeMutableBufferPointer { contributions in
        for row in contributions.indices where !contributions[row].isNaN {
          known.append(contributions[row])
          contributions[row] = 0
        }
      }
      guard !known.isEmpty else { return nil }
      return OrderStatistic.select(form.place(of: known.count), of: &known)
    }
  }

  private static func sum(_ contributions: [Double]) -> Double {
    contributions.withUnsafeBufferPointer { contributions in
      var sum = CompensatedSum()
      for value in contributions { sum.add(value.isNaN ? 0 : value) }
      return sum.value
    }
  }

  private static func count(_ contributions: [Double], _ form: Figure.Form) -> Int {
    switch form {
    case .sum, .ratio: contributions.count { !$0.isNaN && $0 != 0 }
    case .count, .mean, .quantile, .median: contributions.count { !$0.isNaN }
    }
  }

  /// Adds up the pairs of the interactions that count.
  mutating func countPairs(_ figure: Figure, _ ledger: RunLedger) throws {
    let (looksBack, every) = (figure.pairs == .earlier, countsZeros(figure))
    let links = ledger.links
    if figure.pairs == .none { return }
    if figure.pairs == .counted {
      let view = try ledger.staffView.value()
      var sum = CompensatedSum()
      for (place, prior) in view.prior.enumerated() where counts(Int(prior), figure) {
        pairs += 1
        sum.add(ledger.links.probability(from: prior, to: view.later[place]))
      }
      probability = sum.value
      return
    }
    // Inner loops over millions of pairs: without bounds checks, which cost as much as the sum.
    (pairs, probability) = contributions.withUnsafeBufferPointer { contributions in
      links.probability.withUnsafeBufferPointer { probability in
        var (count, sum) = (0, 0.0)
        // A choice of values instead of a branch, which would be guessed wrong as often as not.
        func weight(_ row: Int) -> Double {
          let contribution = contributions[row]
          return contribution.isNaN || (contribution == 0 && !every) ? 0 : 1
        }
        if looksBack {
          for row in contributions.indices where weight(row) > 0 {
            for pair in links.start[row]..<links.start[row + 1] {
              count += 1
              sum += probability[pair]
            }
          }
        } else {
          links.prior.withUnsafeBufferPointer { prior in
            for pair in prior.indices {
              let weight = weight(Int(prior[pair]))
              count += Int(weight)
              sum += weight * probability[pair]
            }
          }
        }
        return (count, sum)
      }
    }
  }

  /// Whether interactions that add nothing are part of a figure: they hold a mean down.
  private func countsZeros(_ figure: Figure) -> Bool {
    switch figure.form {
    case .sum, .ratio: false
    case .count, .mean, .quantile, .median: true
    }
  }

  /// Whether a row is part of what was selected.
  func counts(_ row: Int, _ figure: Figure) -> Bool {
    let contribution = contributions[row]
    return !contribution.isNaN && (contribution != 0 || countsZeros(figure))
  }

  /// The rows to look at first: those that add most, by magnitude; of rates those that fell short,
  /// and among equals those after which most repeats are expected; of a quantile those at it and
  /// above.
  func leading(_ figure: Figure, limit: Int, _ ledger: RunLedger) -> [Int] {
    let expected = ledger.rows.expectedRepeats
    var quantile: Double?
    if figure.form.isOrderStatistic { quantile = selected }
    let (contributions, values) = (contributions, values)
    let every = countsZeros(figure)
    let byValue = quantile != nil || figure.lowestFirst
    var best: [(key: Double, tie: Double, row: Int)] = []
    guard limit > 0 else { return [] }
    var (least, leastTie) = (-Double.infinity, -Double.infinity)
    for row in contributions.indices {
      let contribution = contributions[row]
      let key = byValue ? -values[row] : contribution.magnitude
      // Of equals, which rates are full of, the first with most repeats expected. What is unknown
      // compares with nothing.
      guard key > least || (key == least && expected[row] > leastTie) else { continue }
      guard !contribution.isNaN, every || contribution != 0 else { continue }
      if let quantile, values[row] < quantile { continue }
      let entry = (key: key, tie: expected[row], row: row)
      if best.count == limit, let last = best.last, !Self.precedes(entry, last) { continue }
      var (low, high) = (0, best.count)
      while low < high {
        let middle = (low + high) / 2
        if Self.precedes(best[middle], entry) { low = middle + 1 } else { high = middle }
      }
      best.insert(entry, at: low)
      if best.count > limit { best.removeLast() }
      if best.count == limit, let last = best.last { (least, leastTie) = (last.key, last.tie) }
    }
    return best.map(\.row)
  }

  private static func precedes(
    _ a: (key: Double, tie: Double, row: Int), _ b: (key: Double, tie: Double, row: Int)
  ) -> Bool {
    if a.key != b.key { return a.key > b.key }
    if a.tie != b.tie { return a.tie > b.tie }
    return a.row < b.row
  }
}

/// One value of a sorted list without sorting it (Hoare 1961, "Find").
enum OrderStatistic {
  /// The value at `place` were the values sorted; reorders them. Expected linear time.
  static func select(_ place: Int, of values: inout [Double]) -> Double {
    values.withUnsafeMutableBufferPointer { select(place, $0) }
  }

  private static func select(_ place: Int, _ values: UnsafeMutableBufferPointer<Double>) -> Double {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let pivot = values[low + (high - low) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if place <= right {
        high = right
      } else if place >= left {
        low = left
      } else {
        break
      }
    }
    return values[place]
  }
}
