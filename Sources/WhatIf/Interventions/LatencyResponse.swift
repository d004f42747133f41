import Attribution
import LinearAlgebra
import RepeatContacts

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What latency does to the log of the expected repeats: values at the medians of bins, straight lines
/// between them, constant beyond.
struct LatencyResponse {
  /// Medians of the bins, milliseconds.
  let places: [Double]
  /// Relative to the first, which is 0.
  let values: [Double]
  /// Of the values from the second on.
  let covariance: Matrix

  init(_ contrast: BinnedContrast) {
    places = contrast.bins.middle
    values = contrast.values
    covariance = contrast.covariance.matrix
  }

  func logFactor(_ latency: Double, _ values: [Double]) -> Double {
    guard let above = places.firstIndex(where: { $0 > latency }) else {
      return values[values.count - 1]
    }
    guard above > 0 else { return values[0] }
    let share = (latency - places[above - 1]) / (places[above] - places[above - 1])
    return values[above - 1] + share * (values[above] - values[above - 1])
  }

  static func ratio(_ log: Double) -> Double { exp(log) }
}
