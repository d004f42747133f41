import Statistics

/// What all curves bring together under thresholds that are chosen on other customers.
///
/// Each curve alone may tell too little from its few explored contacts where all of them together tell
/// enough. Chosen and valued on the same customers, least costs would look better than they are. So in
/// each of five parts of the customers thresholds are chosen on the other four parts, a curve staying as
/// today where no threshold inside support costs less there, and valued on the part itself. The value is
/// that of choosing so, on a little less data than there is; its error is that between 400 blocks of
/// customers.
struct JointChange {
  private static let parts = 5

  private let choice: ThresholdChoice
  private let place: Int

  init(_ choice: ThresholdChoice, place: Int) { (self.choice, self.place) = (choice, place) }

  /// Nil where there is one curve, or no first contact.
  func report() -> OptimumReport.Together? {
    guard choice.curves.count > 1 else { return nil }
    let sweep = choice.sweep
    let blocks = ThresholdSweep.blocks
    let groups = choice.curves.map(\.group)
    var gains = [Double](repeating: 0, count: blocks)
    for part in 0..<Self.parts {
      for (group, curve) in choice.curves {
        guard let point = chosen(group, curve, without: part) else { continue }
        for block in stride(from: part, to: blocks, by: Self.parts) {
          gains[block] += sweep.gain(block: block, group: group, point: point, place)
        }
      }
    }
    let units = (0..<blocks).map { block in
      groups.reduce(0) { $0 + sweep.blockUnits[block * sweep.groups + $1] }
    }
    let n = units.reduce(0, +)
    guard n > 0.5 else { return nil }
    let mean = gains.reduce(0, +) / n
    let squares = zip(gains, units).reduce(0) {
      $0 + ($1.0 - mean * $1.1) * ($1.0 - mean * $1.1)
    }
    let error = (squares * Double(blocks) / Double(blocks - 1)).squareRoot() / n
    let half = NormalDistribution.quantile975 * error
    return OptimumReport.Together(
      change: PolicyEstimate(
        estimate: mean, se: error, ci95: [mean - half, mean + half], n: n, effectiveN: nil,
        note: nil),
      isSupported: mean + half < -1e-9)
  }

  /// The point of least cost on customers outside a part; nil where none costs less than today.
  private func chosen(_ group: Int, _ curve: ThresholdCurve, without part: Int) -> Int? {
    let points = choice.admissible(curve)
    let gains = points.map { point in
      (0..<ThresholdSweep.blocks).reduce(0.0) { sum, block in
        block % Self.parts == part
          ? sum : sum + choice.sweep.gain(block: block, group: group, point: point, place)
      }
    }
    guard
      let least = ThresholdChoice.least(gains, points, curve, near: curve.thresholdsToday.first),
      gains[least] < 0
    else { return nil }
    return points[least]
  }
}
