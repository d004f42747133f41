/// Sums over customers of what a policy's estimates and their errors are made of: one outcome, one
/// point of a curve.
///
/// Every estimate is a ratio of customers' sums, its influence a linear combination of them, so first
/// and second moments are enough for cluster-robust errors.
package struct OutcomeMoments: Sendable {
  static let size = 31

  var sums: [Double]

  /// Places in the vector.
  enum Place: Int {
    case robust, gain, weighted, weight, supported, direct, least, most, leastError, mostError
    case leastGain, mostGain, units, today
    case robust2, robustSupported, supported2, gain2, gainSupported
    case weighted2, weightedWeight, weight2
    case least2, leastUnits, most2, mostUnits, units2
    case leastGain2, leastGainUnits, mostGain2, mostGainUnits
  }

  subscript(_ place: Place) -> Double { sums[place.rawValue] }

  /// Writes one customer's contribution, an outcome after the other.
  static func write(
    _ values: borrowing EpisodeValues, outcomes: Int, into target: inout [Double]
  ) {
    target.withUnsafeMutableBufferPointer { target in
      guard let p = target.baseAddress else { return }
      for m in 0..<outcomes { write(values, m, into: p + m * size) }
    }
  }

  @inline(__always)
  private static func write(
    _ v: borrowing EpisodeValues, _ m: Int, into p: UnsafeMutablePointer<Double>
  ) {
    let (g, a, w, s) = (v.robust[m], v.weighted[m], v.weight[m], v.supported[m])
    let gain = g - v.todaySupported[m]
    let (units, today) = (v.units[m], v.today[m])
    let (least, most) = (g + v.least[m], g + v.most[m])
    let (leastGain, mostGain) = (least - today, most - today)
    (p[0], p[1], p[2], p[3], p[4]) = (g, gain, a, w, s)
    (p[5], p[6], p[7], p[8], p[9]) = (v.direct[m], least, most, v.leastError[m], v.mostError[m])
    (p[10], p[11], p[12], p[13]) = (leastGain, mostGain, units, today)
    (p[14], p[15], p[16], p[17], p[18]) = (g * g, g * s, s * s, gain * gain, gain * s)
    (p[19], p[20], p[21]) = (a * a, a * w, w * w)
    (p[22], p[23], p[24], p[25]) = (least * least, least * units, most * most, most * units)
    p[26] = units * units
    (p[27], p[28]) = (leastGain * leastGain, leastGain * units)
    (p[29], p[30]) = (mostGain * mostGain, mostGain * units)
  }
}
