import Foundation
import LinearAlgebra
import Statistics

/// R's answers on our data; `Goldens/regression/make_goldens.R` writes them.
struct DesignGolden: Decodable {
  let formula: String
  let names: [String]
  let assign: [Int]
  let rows: Int
  /// The first 20 rows.
  let first: [[Double]]
  /// Column sums, and column sums of squares.
  let sums: [Double]
  let squares: [Double]

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    formula = try values.decode(String.self, forKey: .formula)
    names = try values.listOrOne(String.self, .names)
    assign = try values.listOrOne(Int.self, .assign)
    rows = try values.decode(Int.self, forKey: .rows)
    sums = try values.listOrOne(Double.self, .sums)
    squares = try values.listOrOne(Double.self, .squares)
    if let list = try? values.decode([[Double]].self, forKey: .first) {
      first = list
    } else {
      first = try values.decode([Double].self, forKey: .first).map { [$0] }
    }
  }

  enum Keys: String, CodingKey { case formula, names, assign, rows, first, sums, squares }
}

extension KeyedDecodingContainer {
  /// R writes a vector of one value without brackets.
  func listOrOne<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> [Value] {
    if let list = try? decode([Value].self, forKey: key) { return list }
    return [try decode(Value.self, forKey: key)]
  }
}

struct FitGolden: Decodable {
  let name: String
  let terms: [String]
  let dropped: [String]
  let estimate: [Double]
  let se: [Double]
  let deviance: Double
  let nullDeviance: Double?
  let dispersion: Double
  let logLikelihood: Double?
  let aic: Double?
  let theta: Double?
  let hc0: [Double]
  let hc1: [Double]
  let hc2: [Double]
  let hc3: [Double]
  let clusterG: [Double]?
  let clusterGH: [Double]?

  enum CodingKeys: String, CodingKey {
    case name, terms, dropped, estimate, se, deviance, dispersion, aic, theta
    case nullDeviance = "null_deviance"
    case logLikelihood = "loglik"
    case hc0 = "HC0"
    case hc1 = "HC1"
    case hc2 = "HC2"
    case hc3 = "HC3"
    case clusterG = "cluster_g"
    case clusterGH = "cluster_gh"
  }
}

enum RegressionGoldens {
  private struct Fits: Decodable { let fits: [FitGolden] }

  static func designs() throws -> [DesignGolden] {
    try JSONDecoder().decode([DesignGolden].self, from: file("designs.json"))
  }

  static func fits() throws -> [String: FitGolden] {
    let fits = try JSONDecoder().decode(Fits.self, from: file("fits.json")).fits
    return Dictionary(uniqueKeysWithValues: fits.map { ($0.name, $0) })
  }

  static func table() throws -> DataTable { try RegressionTables.csv("regression/table.csv") }

  private static func file(_ name: String) throws -> Data {
    try Data(
      contentsOf: RegressionTables.goldens.appendingPathComponent("regression/\(name)"))
  }
}

/// A model of the goldens: how it is fitted here.
struct GoldenModel: Sendable {
  let name: String
  let formula: String
  let family: Family
  var link: Link?
  var weights: String?
  /// Columns whose missing rows were left out before.
  var further = ["x", "a", "g"]

  static let all = [
    GoldenModel(name: "lm interaction", formula: "y ~ x * a + log(z)", family: .gaussian),
    GoldenModel(name: "lm weights", formula: "y ~ x + a + b", family: .gaussian, weights: "w"),
    GoldenModel(
      name: "lm dropped", formula: "y ~ x + I(2 * x) + a + b + z", family: .gaussian),
    GoldenModel(name: "logit", formula: "yes ~ x + a + b + log(z)", family: .binomial),
    GoldenModel(
      name: "logit counts", formula: "cbind(wins, losses) ~ x * b + a", family: .binomial),
    GoldenModel(
      name: "logit proportions", formula: "wins / trials ~ x + a", family: .binomial,
      weights: "trials"),
    GoldenModel(
      name: "probit", formula: "yes ~ x + a + b", family: .binomial, link: .probit),
    GoldenModel(
      name: "cloglog", formula: "cbind(wins, losses) ~ x + a", family: .binomial, link: .cloglog),
    GoldenModel(
      name: "quasibinomial", formula: "cbind(wins, losses) ~ x + a", family: .quasibinomial),
    GoldenModel(
      name: "poisson", formula: "count ~ x + a + b + offset(log(e))", family: .poisson),
    GoldenModel(
      name: "poisson weights", formula: "count ~ x + a", family: .poisson, weights: "w"),
    GoldenModel(
      name: "poisson sqrt", formula: "count ~ z + e", family: .poisson, link: .sqrt),
    GoldenModel(
      name: "poisson identity", formula: "count ~ e", family: .poisson, link: .identity),
    GoldenModel(
      name: "quasipoisson", formula: "count ~ x + a + offset(log(e))", family: .quasipoisson),
    GoldenModel(name: "gamma", formula: "time ~ x + a", family: .gamma),
    GoldenModel(
      name: "gamma inverse", formula: "time ~ b", family: .gamma, link: .inverse),
    GoldenModel(
      name: "gaussian log", formula: "time ~ x + b", family: .gaussian, link: .log),
    GoldenModel(
      name: "negative binomial", formula: "over ~ x + a + b + log(z)",
      family: .negativeBinomial(theta: 1)),
    GoldenModel(
      name: "negative binomial weights", formula: "over ~ x + b + offset(log(e))",
      family: .negativeBinomial(theta: 1), weights: "w"),
    GoldenModel(
      name: "binomial log", formula: "cbind(wins, losses) ~ z + b", family: .binomial, link: .log),
    GoldenModel(
      name: "binomial identity", formula: "cbind(wins, losses) ~ z + b", family: .binomial,
      link: .identity),
    GoldenModel(
      name: "quasibinomial probit", formula: "cbind(wins, losses) ~ x + a",
      family: .quasibinomial, link: .probit),
    GoldenModel(
      name: "quasibinomial cloglog", formula: "cbind(wins, losses) ~ x + a",
      family: .quasibinomial, link: .cloglog),
    GoldenModel(
      name: "gaussian inverse", formula: "time ~ b + z", family: .gaussian, link: .inverse),
    GoldenModel(
      name: "gamma identity", formula: "time ~ b + z", family: .gamma, link: .identity),
    GoldenModel(
      name: "quasipoisson sqrt", formula: "count ~ z + e", family: .quasipoisson, link: .sqrt),
    GoldenModel(
      name: "negative binomial sqrt", formula: "over ~ z + b",
      family: .negativeBinomial(theta: 1), link: .sqrt),
    GoldenModel(
      name: "negative binomial identity", formula: "over ~ b",
      family: .negativeBinomial(theta: 1), link: .identity),
  ]

  /// The whole way from the table, as the command goes it.
  func fit(threads: Int = 2) throws -> (fit: RegressionFit, frame: ModelFrame) {
    let request = RegressionRequest(
      formula: try ModelFormula(formula), family: family, link: link, weights: weights,
      further: further, threads: threads)
    let fit = try request.fit(try RegressionGoldens.table())
    return (fit, fit.frame)
  }
}
