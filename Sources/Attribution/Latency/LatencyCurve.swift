#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One response curve: the monotone curve with its bands, and where it begins to cost.
struct LatencyCurve {
  let contrast: BinnedContrast
  let curve: MonotoneCurve
  let onset: LatencyOnset
  /// 1 where more is a cost, −1 where less is.
  let direction: Double

  /// - Parameter towards: the curve of all topics, that a topic's own is shrunk to by as much as its
  ///   distance may be chance (James & Stein; Efron & Morris 1973, JASA 68). Its bands and the test are
  ///   those of its own data.
  init(
    _ found: BinnedContrast, direction: Double, seed: UInt64, towards common: LatencyCurve? = nil
  ) {
    self.direction = direction
    let contrast = BinnedContrast(
      bins: found.bins, values: found.values.map { direction * $0 }, covariance: found.covariance,
      weight: found.weight)
    self.contrast = contrast
    onset = LatencyOnset(contrast, seed: seed)
    var values = contrast.values
    if let common {
      let prior = contrast.bins.middle.map { direction * common.value(at: $0) }
      let distance = values.indices.map { values[$0] - (prior[$0] - prior[0]) }
      let white = contrast.covariance.whitened(Array(distance.dropFirst()))
      let square = white.reduce(0) { $0 + $1 * $1 }
      let kept = max(0, 1 - Double(max(white.count - 2, 0)) / max(square, 1e-12))
      for b in values.indices { values[b] -= (1 - kept) * distance[b] }
    }
    curve = MonotoneCurve(
      values: values, found: contrast.values, covariance: contrast.covariance,
      weight: contrast.weight)
  }

  /// log response at a latency, straight between the bins' medians.
  func value(at latency: Double) -> Double {
    let middle = contrast.bins.middle
    guard latency > middle[0] else { return direction * curve.values[0] }
    guard let next = middle.firstIndex(where: { $0 >= latency }) else {
      return direction * curve.values[curve.values.count - 1]
    }
    let share = (latency - middle[next - 1]) / max(middle[next] - middle[next - 1], 1e-12)
    return direction
      * (curve.values[next - 1] + share * (curve.values[next] - curve.values[next - 1]))
  }

  /// - Parameters:
  ///   - level: of the test.
  ///   - family: tests that are made together.
  ///   - fallback: what all topics together say.
  func result(
    topic: String?, interactions: Int, level: Double, family: Int,
    fallback: AttributionReport.LatencyDose.Curve?
  ) -> AttributionReport.LatencyDose.Curve {
    let p = min(1, onset.p * Double(family))
    let costs = p <= level && onset.onset.isFinite
    var note: String?
    if !costs {
      if let fallback, fallback.beginsAt != nil {
        note =
          "its own interactions do not tell; all topics together begin to cost from where "
          + "is said above"
      } else {
        note = "no latency in this range is seen to cost"
      }
    }
    let points = contrast.bins.middle.indices.map { b -> AttributionReport.LatencyDose.Point in
      let ends = [exp(direction * curve.low[b]), exp(direction * curve.high[b])].sorted()
      return .init(
        latency: contrast.bins.middle[b], ratio: exp(direction * curve.values[b]), ci95: ends)
    }
    return .init(
      topic: topic, interactions: interactions, range: contrast.bins.range, points: points,
      beginsAt: costs ? LatencyWords.rounded(onset.onset) : nil,
      beginsAtCi95: costs ? onset.interval.map(LatencyWords.rounded) : nil, p: p, note: note)
  }
}
