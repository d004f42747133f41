extension FractionTargets {
  typealias Lanes = SampledRows.Lanes

  /// Σ over the rows that each sample counts of the change of risk that each fraction asks for.
  ///
  /// - Parameter coefficients: of each sample, by standardised column.
  func changes(
    _ rows: PatternedRows, coefficients: [Lanes], _ counts: SampleCounts
  ) -> [Lanes] {
    var result = [Lanes](repeating: .zero, count: fractionCount)
    counts.withLanes { counts in
      for pattern in 0..<rows.patterns.rowCount {
        let terms = sets[Int(setOfPattern[pattern])].terms
        if terms.isEmpty { continue }
        let shifts = terms.map { SampleShift($0, pattern, rows, coefficients) }
        let sums = changes(rows, pattern, coefficients, shifts, counts)
        for (term, sum) in zip(terms, sums) {
          for fraction in result.indices { result[fraction] += term.weights[fraction] * sum }
        }
      }
    }
    return result
  }

  /// The sums of one pattern, by term.
  private func changes(
    _ rows: PatternedRows, _ pattern: Int, _ coefficients: [Lanes], _ shifts: [SampleShift],
    _ counts: UnsafeBufferPointer<SIMD8<UInt16>>
  ) -> [Lanes] {
    var level = Lanes.zero
    for column in rows.patterns.columns(ofRow: pattern) { level += coefficients[Int(column)] }
    var sums = [Lanes](repeating: .zero, count: shifts.count)
    for place in rows.starts[pattern]..<rows.starts[pattern + 1] {
      var predictor = level
      for number in rows.numbers { predictor += coefficients[number.column] * number.values[place] }
      let (count, risk) = (Lanes(counts[place]), logistic(predictor))
      for (term, shift) in shifts.enumerated() {
        var moved = predictor + shift.level
        for (number, slope) in shift.numbers {
          moved += slope * (rows.numbers[number].zero - rows.numbers[number].values[place])
        }
        sums[term] += count * (logistic(moved) - risk)
      }
    }
    return sums
  }
}

/// What removing a term's columns does to the linear predictors of a pattern's rows.
private struct SampleShift {
  /// For all rows.
  let level: SampledRows.Lanes
  /// Number columns that become 0, with their coefficients.
  let numbers: [(number: Int, slope: SampledRows.Lanes)]

  init(
    _ term: FractionTargets.Term, _ pattern: Int, _ rows: PatternedRows,
    _ coefficients: [SampledRows.Lanes]
  ) {
    var level = SampledRows.Lanes.zero
    for column in rows.patterns.columns(ofRow: pattern) where term.columns.contains(Int(column)) {
      level -= coefficients[Int(column)]
    }
    self.level = level
    numbers = rows.numbers.enumerated().compactMap { number, values in
      term.columns.contains(values.column) ? (number, coefficients[values.column]) : nil
    }
  }
}
