import Statistics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Samples and the answers of rdrobust and rddensity; `Goldens/discontinuity/make_goldens.py`
/// writes them.
struct DiscontinuityGoldens: Decodable {
  struct Sample: Decodable {
    let name: String
    let running: [Double]
    let outcomes: [Double]
    let cutoff: Double
    let fits: [Fit]
    let density: Density
  }
  struct Fit: Decodable {
    let kernel: String
    let degree: Int
    let variance: String
    let rule: String
    let bandwidth: Double?
    /// Estimate and error.
    let conventional: [Double]
    /// Estimate, error and interval.
    let robust: [Double]
    /// Left and right of the estimate, left and right of the bias.
    let bandwidths: [Double]
    let inside: [Int]

    var title: String {
      "\(kernel) \(degree) \(variance) \(rule) \(bandwidth.map { "\($0)" } ?? "chosen")"
    }
  }
  struct Density: Decodable {
    let bandwidths: [Double]
    let estimates: [Double]
    let standardErrors: [Double]
    let t: Double
    let p: Double
    let inside: [Int]
  }

  let samples: [Sample]

  static func load() throws -> DiscontinuityGoldens {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens/discontinuity/goldens.json")
    return try JSONDecoder().decode(DiscontinuityGoldens.self, from: Data(contentsOf: file))
  }
}
