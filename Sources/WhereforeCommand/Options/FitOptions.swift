import ArgumentParser
import Wherefore

/// What `wherefore fit` takes.
struct FitOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The model as R writes it: \"y ~ a + b*c + poly(x, 2)\".", valueName: "formula"))
  var formula: String

  @Argument(help: ArgumentHelp("The data: any CSV.", valueName: "data.csv"), completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp(
      """
      gaussian, binomial, poisson, gamma, negative-binomial, quasibinomial or quasipoisson.
      """, valueName: "family"))
  var family = "gaussian"

  @Option(
    help: ArgumentHelp(
      "identity, log, logit, probit, cloglog, inverse or sqrt. Default: the family's.",
      valueName: "link"))
  var link: String?

  @Option(help: ArgumentHelp("Column of prior weights, or of trials.", valueName: "column"))
  var weights: String?

  @Option(help: ArgumentHelp("Column added to the linear predictor.", valueName: "column"))
  var offset: String?

  @Option(
    help: ArgumentHelp(
      "One or two columns whose groups may depend on each other: errors allow for it.",
      valueName: "a[,b]"))
  var cluster: String?

  @Option(help: ArgumentHelp("Errors without the model's variance: HC0 to HC3.", valueName: "hc"))
  var robust: String?

  @Option(
    help: ArgumentHelp(
      "firth, or ridge=λ: a finite answer where terms separate the data.", valueName: "penalty"))
  var penalty: String?

  @Option(
    help: ArgumentHelp(
      """
      For models with random terms: reml or ml (gaussian), laplace or fast (binomial, poisson).
      """, valueName: "method"))
  var method: String?

  @OptionGroup var execution: ExecutionOptions

  mutating func validate() throws { _ = try analysis }

  /// The analysis that was asked for.
  var analysis: RegressionAnalysis {
    get throws {
      let model: ModelFormula
      do {
        model = try ModelFormula(formula)
      } catch {
        throw ValidationError("\(error)")
      }
      try validateRandomTerms(model)
      if cluster != nil && robust != nil {
        throw ValidationError(
          "--cluster and --robust exclude each other: clustered errors are robust.")
      }
      return RegressionAnalysis(
        formula: model, family: try parsedFamily, link: try parsedLink, penalty: try parsedPenalty,
        weights: weights, offset: offset, clusters: try parsedClusters, robust: try parsedRobust,
        method: try parsedMethod, threads: execution.threads ?? Machine.cores)
    }
  }

  /// What goes with random terms, and what only with them.
  private func validateRandomTerms(_ model: ModelFormula) throws {
    guard !model.random.isEmpty else {
      if method != nil {
        throw ValidationError("--method is for models with random terms; the formula has none.")
      }
      return
    }
    let links = RegressionAnalysis.mixedLinks(of: try parsedFamily)
    guard !links.isEmpty else {
      throw ValidationError(
        "Random terms go with the families gaussian, binomial and poisson, not \(family).")
    }
    if let link = try parsedLink, !links.contains(link) {
      throw ValidationError(
        "Random terms go with the link \(links.map(\.rawValue).joined(separator: ", ")) in the family "
          + "\(family), not \(link.rawValue).")
    }
    if cluster != nil || robust != nil || penalty != nil {
      throw ValidationError(
        "--cluster, --robust and --penalty are for models without random terms: the random terms "
          + "model the dependence within groups.")
    }
  }

  private var parsedMethod: RegressionAnalysis.Method? {
    get throws {
      try method.map {
        try chosen(
          "--method with the family \(family)", $0,
          among: RegressionAnalysis.mixedMethods(of: parsedFamily).map { ($0.rawValue, $0) })
      }
    }
  }

  private static let families: [RegressionAnalysis.Family] = [
    .gaussian, .binomial, .poisson, .gamma, .negativeBinomial(theta: 1), .quasibinomial,
    .quasipoisson,
  ]

  private var parsedFamily: RegressionAnalysis.Family {
    get throws {
      try chosen("--family", family, among: Self.families.map { ($0.name, $0) })
    }
  }

  private var parsedLink: RegressionAnalysis.Link? {
    get throws {
      guard let link else { return nil }
      let family = try parsedFamily
      return try chosen(
        "--link with the family \(family.name)", link,
        among: family.links.map { ($0.rawValue, $0) })
    }
  }

  private var parsedRobust: RegressionAnalysis.RobustCovariance? {
    get throws {
      try robust.map {
        try chosen(
          "--robust", $0.uppercased(),
          among: RegressionAnalysis.RobustCovariance.allCases.map { ($0.rawValue, $0) })
      }
    }
  }

  private var parsedClusters: [String] {
    get throws {
      guard let cluster else { return [] }
      let names = cluster.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard names.count <= 2, !names.contains(""), Set(names).count == names.count else {
        throw ValidationError("--cluster takes one column or two different ones, as in a,b.")
      }
      return names
    }
  }

  private var parsedPenalty: RegressionAnalysis.Penalty {
    get throws {
      guard let penalty else { return .none }
      if penalty == "firth" { return .firth }
      guard penalty.hasPrefix("ridge="), let strength = Double(penalty.dropFirst(6)),
        strength > 0, strength.isFinite
      else {
        throw ValidationError("--penalty is firth or ridge=λ with a λ above 0, not \(penalty).")
      }
      return .ridge(strength)
    }
  }

  private func chosen<Value>(
    _ option: String, _ name: String, among choices: [(name: String, value: Value)]
  ) throws -> Value {
    guard let choice = choices.first(where: { $0.name == name }) else {
      throw ValidationError(
        "\(option) is one of \(choices.map(\.name).joined(separator: ", ")), not \(name).")
    }
    return choice.value
  }
}
