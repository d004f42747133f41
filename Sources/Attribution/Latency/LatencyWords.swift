#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is said of latency.
enum LatencyWords {
  static func subject(_ response: String) -> String {
    response == "repeats" ? "Repeats" : "The outcome \(response)"
  }

  /// To three digits: a place between two latencies of a log is no better known.
  static func rounded(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x }
    let unit = pow(10, floor(log10(x)) - 2)
    return (x / unit).rounded() * unit
  }

  static func sentence(
    _ response: String, _ curve: AttributionReport.LatencyDose.Curve, good: Bool
  ) -> String {
    guard let begins = curve.beginsAt, let interval = curve.beginsAtCi95 else {
      let range = curve.range.map { " (\(grouped($0[0])) to \(grouped($0[1])) ms)" } ?? ""
      return "No latency in this log's range\(range) is seen to cost "
        + (response == "repeats" ? "repeats." : "in the outcome \(response).")
    }
    let last = curve.points.last
    let most = last.map { point in
      func percent(_ ratio: Double) -> String { grouped(abs(100 * (ratio - 1))) }
      let what = response == "repeats" ? "repeats" : "the odds"
      let ends = point.ci95.map { good ? [$0[1], $0[0]] : $0 }.map {
        " (\(percent($0[0])) to \(percent($0[1]))%)"
      }
      return "; at \(grouped(point.latency)) ms \(what) are \(percent(point.ratio))% "
        + "\(good ? "lower" : "higher") than at the fastest\(ends ?? "")"
    }
    return "\(subject(response)) begin\(response == "repeats" ? "" : "s") to "
      + "\(good ? "fall" : "rise") with latency from \(grouped(begins)) ms "
      + "(\(grouped(interval[0])) to \(grouped(interval[1])))\(most ?? "")."
  }
}
