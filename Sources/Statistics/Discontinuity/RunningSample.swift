/// A running variable and its outcomes, sorted once and parted at the cutoff.
struct RunningSample: Sendable {
  let left: RunningSide
  let right: RunningSide
  /// The standard deviation of the running variable: the unit of the sides' distances.
  let runningScale: Double
  let runningMean: Double
  let outcomeMean: Double
  /// The standard deviation of the outcome, in which the sides' outcomes are counted from the mean.
  let outcomeScale: Double
  /// min(1, interquartile range / (1.349 sd)).
  let pilotSpread: Double

  /// Figures beyond this are refused: sums of many of them are no numbers.
  static let largestMagnitude = 1e290
  /// Below this a standard deviation loses digits.
  static let leastDeviation = 1e-290

  private struct Observation {
    var x: Double
    var y: Double
  }

  /// Sorts by the running variable, ties by the outcome, so that the order of rows does not matter.
  init(outcomes: [Double], running: [Double], cutoff: Double) throws(DiscontinuityError) {
    guard outcomes.count == running.count else {
      throw .lengthMismatch(outcomes: outcomes.count, running: running.count)
    }
    try RunningSample.requireFinite("outcome", outcomes)
    try RunningSample.requireFinite("running variable", running)
    guard cutoff.isFinite, let minimum = running.min(), let maximum = running.max(),
      cutoff > minimum, cutoff <= maximum
    else {
      throw .cutoffOutsideData(
        cutoff: cutoff, minimum: running.min() ?? 0, maximum: running.max() ?? 0)
    }
    var sorted = zip(running, outcomes).map { Observation(x: $0, y: $1) }
    sorted.sort { $0.x < $1.x || ($0.x == $1.x && $0.y < $1.y) }
    guard outcomes.contains(where: { $0 != outcomes[0] }) else {
      throw .constantOutcome(value: outcomes[0])
    }
    let (mean, deviation) = RunningSample.moments(sorted.map(\.y))
    let x = sorted.map(\.x)
    let (middle, scale) = RunningSample.moments(x)
    for (variable, deviation) in [("outcome", deviation), ("running variable", scale)]
    where deviation < RunningSample.leastDeviation {
      throw .tooSmall(variable: variable, deviation: deviation)
    }
    let split = x.firstIndex { $0 >= cutoff } ?? x.count
    func side(_ sign: Double, _ indices: some Sequence<Int>) -> RunningSide {
      var (distances, standardised) = ([Double](), [Double]())
      for i in indices {
        distances.append(abs(sorted[i].x - cutoff) / scale)
        standardised.append((sorted[i].y - mean) / deviation)
      }
      return RunningSide(sign: sign, distances: distances, outcomes: standardised)
    }
    left = side(-1, (0..<split).reversed())
    right = side(1, split..<x.count)
    runningScale = scale
    runningMean = middle
    outcomeMean = mean
    outcomeScale = deviation
    let range = RunningSample.quantile(0.75, x) - RunningSample.quantile(0.25, x)
    pilotSpread = min(1, range / scale / 1.349)
  }

  private static func requireFinite(
    _ variable: String, _ values: [Double]
  ) throws(DiscontinuityError) {
    for (row, value) in values.enumerated() where !(abs(value) <= largestMagnitude) {
      guard value.isFinite else { throw .notFinite(variable: variable, row: row, value: value) }
      throw .tooLarge(variable: variable, row: row, value: value)
    }
  }

  /// Mean and standard deviation (n − 1), squared in parts of the largest difference: the squares of
  /// what is very large or very small are not numbers.
  private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    var (furthest, squares) = (0.0, 0.0)
    for value in values { furthest = max(furthest, abs(value - mean)) }
    guard furthest > 0 else { return (mean, 0) }
    for value in values {
      let part = (value - mean) / furthest
      squares += part * part
    }
    return (mean, furthest * (squares / Double(max(values.count - 1, 1))).squareRoot())
  }

  /// The quantile that is a value, or the mean of two where p · n is whole (Hyndman & Fan 1996,
  /// Am. Stat. 50, definition 2).
  private static func quantile(_ p: Double, _ sorted: [Double]) -> Double {
    let place = p * Double(sorted.count)
    let below = Int(place)
    guard below > 0, Double(below) == place else { return sorted[min(below, sorted.count - 1)] }
    return (sorted[below - 1] + sorted[below]) / 2
  }
}
