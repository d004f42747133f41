import LinearAlgebra

/// What a mixed model is fitted to: a response, fixed effects and random terms, row by row.
public struct MixedModelData: Sendable {
  /// One value a row. For a binomial model, the successes among the row's trials.
  public let response: [Double]
  /// Rows × p, the intercept's ones included.
  public let fixedEffects: Matrix
  /// One name a column of `fixedEffects`.
  public let fixedNames: [String]
  /// Case weights: a linear model's residual variance is σ²/w, a generalized model's
  /// log-likelihood counts a row w times. Ones by default.
  public let weights: [Double]?
  /// Added to the linear predictor. Zeros by default.
  public let offset: [Double]?
  /// A binomial model's trials. Ones by default.
  public let trials: [Double]?
  public let terms: [RandomTerm]

  public init(
    response: [Double], fixedEffects: Matrix, fixedNames: [String], weights: [Double]? = nil,
    offset: [Double]? = nil, trials: [Double]? = nil, terms: [RandomTerm]
  ) {
    self.response = response
    self.fixedEffects = fixedEffects
    self.fixedNames = fixedNames
    self.weights = weights
    self.offset = offset
    self.trials = trials
    self.terms = terms
  }

  /// Rows.
  public var count: Int { response.count }

  /// Checks lengths, values and codes of everything that both kinds of model share.
  func validate() throws(MixedModelError) {
    if response.isEmpty { throw .noRows }
    if terms.isEmpty { throw .noRandomTerms }
    try requireFinite("response", response)
    try requireLength("fixed-effects matrix", fixedEffects.rows, count)
    try requireLength("fixed-effects names", fixedNames.count, fixedEffects.columns)
    for c in 0..<fixedEffects.columns {
      try requireFinite(fixedNames[c], fixedEffects.column(c))
    }
    if let weights { try requireFinite("weights", weights) }
    if let offset { try requireFinite("offset", offset) }
    if let trials { try requireFinite("trials", trials) }
    for term in terms { try validate(term) }
  }

  /// Checks that every weight is at least zero, or above it.
  func requireWeights(positive: Bool) throws(MixedModelError) {
    guard let weights else { return }
    for (row, weight) in weights.enumerated() where weight < 0 || (positive && weight == 0) {
      throw .valueOutOfRange(
        argument: "weights", row: row, value: weight,
        expected: positive ? "a positive number" : "a number of 0 or more")
    }
    if !weights.contains(where: { $0 > 0 }) { throw .allWeightsZero }
  }

  private func validate(_ term: RandomTerm) throws(MixedModelError) {
    try requireLength(term.group, term.codes.count, count)
    for (row, code) in term.codes.enumerated() where code < 0 || code >= term.levels.count {
      throw .codeOutOfRange(
        group: term.group, row: row, code: Int(code), levels: term.levels.count)
    }
    guard let covariates = term.covariates else { return }
    try requireLength("covariates of \(term.group)", covariates.rows, count)
    for c in 0..<covariates.columns {
      try requireFinite("\(term.covariateNames[c]) of \(term.group)", covariates.column(c))
    }
  }

  private func requireLength(
    _ argument: String, _ found: Int, _ expected: Int
  ) throws(MixedModelError) {
    if found != expected {
      throw .lengthMismatch(argument: argument, count: found, expected: expected)
    }
  }

  private func requireFinite(
    _ argument: String, _ values: some Collection<Double>
  ) throws(MixedModelError) {
    try requireLength(argument, values.count, count)
    for (row, value) in values.enumerated() where !value.isFinite {
      throw .valueOutOfRange(
        argument: argument, row: row, value: value, expected: "a finite number")
    }
  }
}
