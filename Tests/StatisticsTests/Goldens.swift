import Statistics

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Inputs and the answers of other implementations; `Goldens/make_goldens.py` writes them.
struct Goldens: Decodable {
  struct PoissonCase: Decodable {
    struct Link: Decodable {
      let exponent: Double
      let coefficients: [Double]
      let standardErrors: [Double]
      let logLikelihood: Double
    }
    let rows: [[Int]]
    let exposure: [Double]
    let response: [Double]
    let links: [Link]
  }
  struct LogisticCase: Decodable {
    let rows: [[Int]]
    let trials: [Double]
    let successes: [Double]
    let coefficients: [Double]
    let standardErrors: [Double]
    let logLikelihood: Double
  }
  struct RandomInterceptCase: Decodable {
    let rows: [[Int]]
    let groups: [Int32]
    let groupCount: Int
    let trials: [Double]
    let successes: [Double]
    let coefficients: [Double]
    let standardDeviation: Double
    let logLikelihood: Double
  }
  struct WeightingCase: Decodable {
    struct Effect: Decodable {
      let model: String
      let estimand: String
      let estimate: Double
      let standardError: Double
    }
    let rows: [[Int]]
    let cell: [Int]
    let treated: [Int]
    let outcome: [Double]
    let effects: [Effect]
  }

  let poisson: PoissonCase
  let logistic: LogisticCase
  let randomIntercept: RandomInterceptCase
  let aipw: WeightingCase
  let special: [String: [[Double]]]
  let wilson: [[Double]]

  static func load() throws -> Goldens {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens").appendingPathComponent("goldens.json")
    return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: file))
  }
}

func indicatorDesign(_ rows: [[Int]], columns: Int = 7) -> IndicatorDesign {
  IndicatorDesign(columnCount: columns, rows: rows)
}

/// The largest |a − b| / max(|b|, 1).
func relativeDifference(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).map { abs($0 - $1) / max(abs($1), 1) }.max() ?? 0
}
