import Foundation
import Statistics
import Testing

@Suite struct StatsmodelsTests {
  struct Fit: Decodable, Sendable {
    let name: String
    let terms: [String]
    let estimate: [Double]
    let se: [Double]
    let clusterG: [Double]
    let clusterGH: [Double]
    let deviance: Double

    enum CodingKeys: String, CodingKey {
      case name, terms, estimate, se, deviance
      case clusterG = "cluster_g"
      case clusterGH = "cluster_gh"
    }
  }

  private struct File: Decodable { let fits: [Fit] }

  /// The peer iterates until its parameters move by less than 1e-14.
  @Test(arguments: ["logit", "poisson"])
  func errorsAreThoseOfStatsmodels(name: String) throws {
    let path = RegressionTables.goldens.appendingPathComponent("regression/statsmodels.json")
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: path))
    let known = try #require(file.fits.first { $0.name == name })
    var model = try #require(GoldenModel.all.first { $0.name == name })
    model.further.append("h")
    let result = try model.fit().fit
    let order = try known.terms.map { try #require(result.terms.firstIndex(of: $0)) }
    #expect(abs(result.fit.deviance / known.deviance - 1) < 1e-10)
    #expect(
      relativeDifference(order.map { result.fit.coefficients[$0] }, known.estimate) < 1e-8)
    let kinds: [(RegressionFit.Errors, [Double])] = [
      (.model, known.se), (.clustered(["g"]), known.clusterG),
      (.clustered(["g", "h"]), known.clusterGH),
    ]
    for (kind, errors) in kinds {
      let own = try result.covariance(kind).matrix.diagonal.map { $0.squareRoot() }
      #expect(relativeDifference(order.map { own[$0] }, errors) < 1e-6, "\(kind.name)")
    }
  }
}
