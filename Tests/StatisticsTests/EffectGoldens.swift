import LinearAlgebra
import Statistics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Data and the answers of DoubleML, statsmodels and PySensemakr; `Goldens/effects/make_goldens.py`
/// writes them.
struct EffectGoldens: Decodable {
  struct Weighting: Decodable {
    struct Effect: Decodable {
      let model: String
      let estimand: String
      let estimate: Double
      let standardError: Double
    }
    let columns: [[Double]]
    let treatment: [Double]
    let number: [Double]
    let event: [Double]
    let fold: [Int32]
    let folds: Int
    let bound: Double
    let effects: [Effect]

    func data(_ model: String, clusters: [Int32]? = nil) -> CrossFittedWeighting.Data {
      CrossFittedWeighting.Data(
        covariates: matrix(columns), names: columns.indices.map { "x\($0)" },
        treatment: treatment, outcome: model == "linear" ? number : event, clusters: clusters)
    }
    var plan: FoldPlan { FoldPlan(folds: fold, count: folds) }
  }
  struct Marginal: Decodable {
    struct Case: Decodable {
      let link: String
      let coefficients: [Double]
      let covariance: [Double]
      let effects: [Double]
      let standardErrors: [Double]
    }
    let columns: [[Double]]
    let cases: [Case]
  }
  struct Fractions: Decodable {
    let columns: [[Double]]
    let response: [Double]
    let exposures: [[Int]]
    let coefficients: [Double]
    /// Marginal of three exposures, sequential, average, all.
    let fractions: [Double]
    let standardErrors: [Double]
    let weights: [[Double]]
    let replicates: [[Double]]
  }

  let weighting: Weighting
  let marginal: Marginal
  let fractions: Fractions
  /// t, degrees of freedom, q, α, value.
  let robustness: [[Double]]

  static func load() throws -> EffectGoldens {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens/effects/goldens.json")
    return try JSONDecoder().decode(EffectGoldens.self, from: Data(contentsOf: file))
  }

  static func matrix(_ columns: [[Double]]) -> Matrix {
    Matrix(
      rows: columns.first?.count ?? 0, columns: columns.count, storage: columns.flatMap { $0 })
  }
}
