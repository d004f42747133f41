#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Log odds of scores.
enum LogOdds {
  /// Scores nearer to 0 or 1 count as this far from it.
  static let edge = 0.5e-4

  static func of(_ score: Double) -> Double {
    let p = min(max(score, edge), 1 - edge)
    return log(p / (1 - p))
  }

  static func share(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
}
