/// Rows of which up to eight samples are fitted side by side.
///
/// A sample is the same rows, each counted so many times. What it costs to read a row and to find
/// the columns of its pattern is paid once for eight samples. Each keeps to its own lane of every
/// sum, so that none depends on which others it was taken with.
struct SampledRows: Sendable {
  /// A number for each sample.
  typealias Lanes = SIMD8<Double>

  let rows: PatternedRows
  /// To all rows once: where fits to samples start.
  let fit: PatternedLogistic.Fit
  /// By place: response, linear predictor and risk at the fit, then the number columns.
  private let records: [Double]

  init(_ rows: PatternedRows, fit: PatternedLogistic.Fit) {
    self.rows = rows
    self.fit = fit
    var records: [Double] = []
    records.reserveCapacity((3 + rows.numbers.count) * rows.rowCount)
    for pattern in 0..<rows.patterns.rowCount {
      var level = 0.0
      for column in rows.patterns.columns(ofRow: pattern) {
        level += fit.coefficients[Int(column)]
      }
      for place in rows.starts[pattern]..<rows.starts[pattern + 1] {
        var predictor = level
        for number in rows.numbers {
          predictor += fit.coefficients[number.column] * number.values[place]
        }
        records.append(rows.responses[place])
        records.append(predictor)
        records.append(logistic(predictor))
        for number in rows.numbers { records.append(number.values[place]) }
      }
    }
    self.records = records
  }

  /// Derivatives at the coefficients of the fit, the same for every sample.
  func sumsAtFit(_ counts: SampleCounts) -> SampleSums {
    let none = [Lanes](repeating: .zero, count: rows.columnCount)
    return sums(counts, none, information: true) { row, _ in
      (Lanes(repeating: row[0] - row[2]), Lanes(repeating: row[2] * (1 - row[2])))
    }
  }

  /// Derivatives at coefficients of each sample.
  func sums(
    _ counts: SampleCounts, at coefficients: [Lanes], information wanted: Bool
  ) -> SampleSums {
    let changes = zip(coefficients, fit.coefficients).map { $0 - $1 }
    let slopes = rows.numbers.map { changes[$0.column] }
    return slopes.withUnsafeBufferPointer { slopes in
      sums(counts, changes, information: wanted) { row, level in
        var change = level
        for k in slopes.indices { change += slopes[k] * row[3 + k] }
        let p = LogisticSeries(predictor: row[1], risk: row[2]).moved(by: change)
        return (row[0] - p, p * (1 - p))
      }
    }
  }

  /// How often each sample counts rows with a response of 1.
  func cases(_ counts: SampleCounts) -> Lanes {
    counts.withLanes { counts in
      var sum = Lanes.zero
      for (place, response) in rows.responses.enumerated() {
        sum += response * Lanes(counts[place])
      }
      return sum
    }
  }

  /// - Parameters:
  ///   - changes: of the coefficients since the fit.
  ///   - derivatives: y − p and p (1 − p) of a row, from its record and from its pattern's part of
  ///     the change of the linear predictor.
  @inline(__always)
  private func sums(
    _ counts: SampleCounts, _ changes: [Lanes], information wanted: Bool,
    _ derivatives: (UnsafePointer<Double>, Lanes) -> (residual: Lanes, variance: Lanes)
  ) -> SampleSums {
    let sums = SampleSums(rows, information: wanted)
    let length = 3 + rows.numbers.count
    counts.withLanes { counts in
      forEachPattern(changes) { places, ones, level, records in
        var (residuals, variances) = (Lanes.zero, Lanes.zero)
        for place in places {
          let row = records + place * length
          let count = Lanes(counts[place])
          let (residual, variance) = derivatives(row, level)
          residuals += count * residual
          sums.addResidual(count * residual, row + 3)
          if wanted {
            variances += count * variance
            sums.addVariance(count * variance, row + 3)
          }
        }
        sums.close(ones, residual: residuals, variance: variances)
      }
    }
    return sums
  }

  /// Goes through the patterns with the places of their rows, their ones, their part of the linear
  /// predictors under some coefficients, and the records.
  @inline(__always)
  private func forEachPattern(
    _ coefficients: [Lanes],
    _ body: (Range<Int>, UnsafeBufferPointer<Int32>, Lanes, UnsafePointer<Double>) -> Void
  ) {
    records.withUnsafeBufferPointer { records in
      guard let records = records.baseAddress else { return }
      rows.patterns.columns.withUnsafeBufferPointer { columns in
        coefficients.withUnsafeBufferPointer { coefficients in
          var next = 0
          for pattern in 0..<rows.patterns.rowCount {
            let own = next..<Int(rows.patterns.rowStarts[pattern + 1])
            next = own.upperBound
            let ones = UnsafeBufferPointer(rebasing: columns[own])
            var level = Lanes.zero
            for column in ones { level += coefficients[Int(column)] }
            body(rows.starts[pattern]..<rows.starts[pattern + 1], ones, level, records)
          }
        }
      }
    }
  }
}
