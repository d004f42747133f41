import InteractionLog
import Statistics

extension MetricsCalculator {
  /// A rate over the rows whose answer is known.
  static func rate(_ answers: [Bool?], _ groups: MetricGroups) -> AttributionReport.Metric {
    var successes = [Int](repeating: 0, count: groups.cells)
    var trials = successes
    for (row, answer) in answers.enumerated() {
      guard let answer else { continue }
      let cell = groups.cell(row)
      trials[cell] += 1
      if answer { successes[cell] += 1 }
    }
    return groups.metric { cells in
      let trials = cells.reduce(0) { $0 + trials[$1] }
      guard trials > 0 else { return .init(estimate: nil, ci95: nil, n: 0) }
      let successes = cells.reduce(0) { $0 + successes[$1] }
      let ends = WilsonInterval.ci95(successes: Double(successes), trials: Double(trials))
      return .init(
        estimate: Double(successes) / Double(trials), ci95: [ends.lower, ends.upper], n: trials)
    }
  }

  /// The mean of a column over its known values, with a normal 95 % interval; one value has none.
  static func mean(
    _ column: NumberColumn?, rows: Int, _ groups: MetricGroups
  ) -> AttributionReport.Metric {
    var moments = [Moments](repeating: Moments(), count: groups.cells)
    if let column {
      for row in 0..<rows {
        if let value = column[row] { moments[groups.cell(row)].add(value) }
      }
    }
    return groups.metric { cells in
      var total = Moments()
      for cell in cells { total.add(moments[cell]) }
      guard total.count > 0 else { return .init(estimate: nil, ci95: nil, n: 0) }
      guard total.count > 1 else { return .init(estimate: total.mean, ci95: nil, n: 1) }
      let n = Double(total.count)
      let ends = MeanInterval.normal95(
        total.mean, standardError: (total.squares / (n - 1) / n).squareRoot())
      return .init(estimate: total.mean, ci95: [ends.lower, ends.upper], n: total.count)
    }
  }

  /// Count, mean and sum of squares around it, updated and pooled without cancellation (Chan, Golub
  /// & LeVeque 1983, Am. Stat. 37, 242).
  private struct Moments {
    var count = 0
    var mean = 0.0
    var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      let difference = value - mean
      mean += difference / Double(count)
      squares += difference * (value - mean)
    }

    mutating func add(_ other: Moments) {
      guard other.count > 0 else { return }
      let total = Double(count + other.count)
      let difference = other.mean - mean
      squares +=
        other.squares + difference * difference * Double(count) * Double(other.count) / total
      mean += difference * Double(other.count) / total
      count += other.count
    }
  }

  /// Quantiles of the values that are not NaN: overall, by week, by handler and by both.
  static func quantiles(_ values: [Double], _ groups: MetricGroups) -> AttributionReport.Latency {
    var byCell = [[Double]](repeating: [], count: groups.cells)
    for (row, value) in values.enumerated() where !value.isNaN {
      byCell[groups.cell(row)].append(value)
    }
    func overall(_ handlers: [Int]) -> AttributionReport.Quantiles {
      nearestRank(
        groups.weeks.indices.flatMap { week in handlers.flatMap { byCell[week * 3 + $0] } })
    }
    func weekly(_ handlers: [Int]) -> [AttributionReport.WeekQuantiles] {
      groups.weeks.indices.map { week in
        let value = nearestRank(handlers.flatMap { byCell[week * 3 + $0] })
        return AttributionReport.WeekQuantiles(
          week: groups.weeks[week].description, p50: value.p50, p95: value.p95, p99: value.p99,
          n: value.n)
      }
    }
    return AttributionReport.Latency(
      overall: overall([0, 1, 2]), byWeek: weekly([0, 1, 2]),
      byHandler: .init(ai: overall([0]), staff: overall([1])),
      byHandlerByWeek: .init(ai: weekly([0]), staff: weekly([1])))
  }

  /// The smallest value that at least the given share of values does not exceed.
  package static func nearestRank(_ values: [Double]) -> AttributionReport.Quantiles {
    guard !values.isEmpty else { return .init(p50: nil, p95: nil, p99: nil, n: 0) }
    let sorted = values.sorted()
    func quantile(_ percent: Int) -> Double { sorted[(sorted.count * percent + 99) / 100 - 1] }
    return .init(p50: quantile(50), p95: quantile(95), p99: quantile(99), n: sorted.count)
  }
}
