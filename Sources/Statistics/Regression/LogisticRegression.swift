import LinearAlgebra
import RealModule

/// Logistic regression of successes among trials per cell on a design of indicators.
///
/// Successes and trials may be fractional (weights). Every column carries a ridge of at least 1e-10
/// of the information that its trials would give at the common rate. Where a column separates the data (all or none of its trials succeed, alone or
/// with others) its maximum likelihood estimate is infinite; it is then given a normal prior of
/// standard deviation 2.5 around 0 (Gelman et al. 2008, Ann. Appl. Stat. 2, 1360 - 1383, for its
/// scale), refitted, and named in `separatedColumns`. A column that holds every trial is not:
/// its estimate is the (constant) answer itself, beyond ±20.
public struct LogisticRegression: Sendable {
  public let design: IndicatorDesign
  /// λ_j of the penalty λ_j (β_j − m_j)²/2; nil for the smallest one.
  public let ridge: [Double]?
  /// m_j, zero by default.
  public let priorMeans: [Double]?

  /// The share of a column's information at the common rate that its ridge has at least.
  public static let minimumRelativeRidge = 1e-10
  /// The ridge of a separated column, 1/2.5².
  public static let separationRidge = 0.16

  public init(design: IndicatorDesign, ridge: [Double]? = nil, priorMeans: [Double]? = nil) {
    self.design = design
    self.ridge = ridge
    self.priorMeans = priorMeans
  }

  /// Fits by Fisher scoring with step halving.
  ///
  /// - Parameters:
  ///   - successes: one a row, between 0 and the row's trials.
  ///   - trials: one a row, at least 0; a row without trials says nothing.
  ///   - start: coefficients to start from, zero by default.
  ///   - tolerance: stop when a step promises a smaller rise of the penalised log-likelihood.
  /// - Throws: `RegressionError` for lengths and values. Not converging is a status: `ending`.
  public func fit(
    successes: [Double], trials: [Double], start: [Double]? = nil, maximumIterations: Int = 100,
    tolerance: Double = 1e-10
  ) throws(RegressionError) -> LogisticFit {
    var model = try checkedModel(successes: successes, trials: trials)
    let first = start ?? [Double](repeating: 0, count: design.columnCount)
    try RegressionInput.requireFinite("start", first, count: design.columnCount)
    let alone = columnsSeparatedAlone(model)
    raiseRidge(of: alone, &model)
    let scoring = FisherScoring(design: design)
    var (state, iterations, ending) = try scoring.run(
      model, from: first, maximumIterations: maximumIterations, tolerance: tolerance)
    var separated = alone
    while true {
      let together = try columnsSeparatedTogether(model, state, besides: separated)
      if together.isEmpty { break }
      separated += together
      raiseRidge(of: together, &model)
      let again = try scoring.run(
        model, from: first, maximumIterations: maximumIterations, tolerance: tolerance)
      (state, ending) = (again.state, again.ending)
      iterations += again.iterations
    }
    let (_, weights) = model.scoreAndWeights(linearPredictor: state.linearPredictor)
    return LogisticFit(
      coefficients: state.coefficients, probabilities: state.linearPredictor.map(logistic),
      logLikelihood: model.logLikelihood(linearPredictor: state.linearPredictor) + model.constant,
      penalisedLogLikelihood: state.penalisedLogLikelihood + model.constant,
      iterations: iterations, ending: ending, tolerance: tolerance,
      information: design.weightedCrossProduct(weights), penalty: model.penalty,
      separatedColumns: separated.sorted())
  }

  /// One Fisher scoring step with step halving from `coefficients`, for use inside an outer
  /// iteration; columns separated alone carry `separationRidge`.
  public func step(
    successes: [Double], trials: [Double], coefficients: [Double]
  ) throws(RegressionError) -> [Double] {
    var model = try checkedModel(successes: successes, trials: trials)
    try RegressionInput.requireFinite("coefficients", coefficients, count: design.columnCount)
    raiseRidge(of: columnsSeparatedAlone(model), &model)
    let scoring = FisherScoring(design: design)
    var state = scoring.state(model, at: coefficients)
    _ = try scoring.step(model, &state)
    return state.coefficients
  }

  private func checkedModel(
    successes: [Double], trials: [Double]
  ) throws(RegressionError) -> BinomialModel {
    let rows = design.rowCount
    try RegressionInput.requireNonNegative("trials", trials, rows: rows, mustHaveData: true)
    try RegressionInput.requireNonNegative("successes", successes, rows: rows)
    for row in 0..<rows where successes[row] > trials[row] {
      throw .successesAboveTrials(row: row, successes: successes[row], trials: trials[row])
    }
    let columns = design.columnCount
    let common = successes.reduce(0, +) / trials.reduce(0, +)
    let relative = LogisticRegression.minimumRelativeRidge * max(common * (1 - common), 1e-4)
    let smallest = design.transposeTimes(trials).map { relative * ($0 > 0 ? $0 : 1) }
    var penalty = RidgePenalty(
      strengths: smallest, centers: [Double](repeating: 0, count: columns))
    if let ridge {
      try RegressionInput.requireNonNegative("ridge", ridge, rows: columns)
      penalty.strengths = zip(ridge, smallest).map { max($0, $1) }
    }
    if let priorMeans {
      try RegressionInput.requireFinite("priorMeans", priorMeans, count: columns)
      penalty.centers = priorMeans
    }
    return BinomialModel(successes: successes, trials: trials, penalty: penalty)
  }

  /// Columns all of whose trials, but not all trials of the data, ended one way.
  private func columnsSeparatedAlone(_ model: BinomialModel) -> [Int] {
    let successes = design.transposeTimes(model.successes)
    let failures = design.transposeTimes(zip(model.trials, model.successes).map { $0 - $1 })
    let total = model.trials.reduce(0, +)
    return (0..<design.columnCount).filter { j in
      let trials = successes[j] + failures[j]
      return trials > 0 && trials < total * (1 - 1e-12) && (successes[j] == 0 || failures[j] == 0)
    }
  }

  /// Columns that ran off with others: far from zero although nothing but the smallest ridge
  /// holds them there. A finite estimate has a variance that the data, not the ridge, decide.
  private func columnsSeparatedTogether(
    _ model: BinomialModel, _ state: FisherScoring.State, besides known: [Int]
  ) throws(RegressionError) -> [Int] {
    let distant = (0..<design.columnCount).filter {
      abs(state.coefficients[$0] - model.penalty.centers[$0]) > 8 && !known.contains($0)
    }
    guard !distant.isEmpty else { return [] }
    let (_, weights) = model.scoreAndWeights(linearPredictor: state.linearPredictor)
    let covariance = try penalisedInverse(design.weightedCrossProduct(weights), model.penalty)
    let trials = design.transposeTimes(model.trials)
    let total = model.trials.reduce(0, +)
    return distant.filter {
      trials[$0] < total * (1 - 1e-12)
        && covariance[$0, $0] * model.penalty.strengths[$0] > 1e-4
    }
  }

  private func raiseRidge(of columns: [Int], _ model: inout BinomialModel) {
    for j in columns {
      model.penalty.strengths[j] = max(
        model.penalty.strengths[j], LogisticRegression.separationRidge)
    }
  }
}

/// 1/(1 + exp(−η)), without overflow on either side.
@inlinable public func logistic(_ linearPredictor: Double) -> Double {
  if linearPredictor >= 0 { return 1 / (1 + Double.exp(-linearPredictor)) }
  let odds = Double.exp(linearPredictor)
  return odds / (1 + odds)
}

/// log(p/(1 − p)).
@inlinable public func logit(_ probability: Double) -> Double {
  Double.log(probability) - Double.log(onePlus: -probability)
}

/// The binomial likelihood of successes among trials under the logit link.
struct BinomialModel: ScoringModel {
  let successes: [Double]
  let trials: [Double]
  var penalty: RidgePenalty

  func logLikelihood(linearPredictor: [Double]) -> Double {
    var sum = 0.0
    for row in trials.indices where trials[row] > 0 {
      sum += BinomialModel.logLikelihood(successes[row], trials[row], linearPredictor[row])
    }
    return sum
  }

  /// s·η − n·log(1 + e^η), without overflow and without cancellation at either end.
  @inline(__always)
  static func logLikelihood(_ successes: Double, _ trials: Double, _ eta: Double) -> Double {
    let tail = Double.log(onePlus: Double.exp(-abs(eta)))
    return eta > 0
      ? -(trials - successes) * eta - trials * tail
      : successes * eta - trials * tail
  }

  /// Σ log of the (generalised) binomial coefficient, which no coefficient moves.
  var constant: Double {
    var sum = 0.0
    for row in trials.indices where trials[row] > 0 {
      sum +=
        Double.logGamma(trials[row] + 1) - Double.logGamma(successes[row] + 1)
        - Double.logGamma(trials[row] - successes[row] + 1)
    }
    return sum
  }

  func scoreAndWeights(linearPredictor: [Double]) -> (score: [Double], weights: [Double]) {
    var score = [Double](repeating: 0, count: trials.count)
    var weights = score
    for row in trials.indices where trials[row] > 0 {
      let success = logistic(linearPredictor[row])
      let failure = logistic(-linearPredictor[row])
      // s(1−p) − (n−s)p keeps its digits where s − np would cancel.
      score[row] = successes[row] * failure - (trials[row] - successes[row]) * success
      weights[row] = trials[row] * success * failure
    }
    return (score, weights)
  }
}

/// A fitted logistic regression.
public struct LogisticFit: Sendable, Equatable {
  public let coefficients: [Double]
  /// p per row.
  public let probabilities: [Double]
  /// Log-likelihood with the binomial coefficients.
  public let logLikelihood: Double
  /// The log-likelihood less the ridge penalty: what was maximised.
  public let penalisedLogLikelihood: Double
  public let iterations: Int
  public let ending: FitEnding
  public let tolerance: Double
  /// Expected information XᵀWX of the data alone.
  public let information: Matrix
  /// The penalty that was in force, with that of separated columns.
  public let penalty: RidgePenalty
  /// Columns whose unpenalised estimate is infinite, ascending.
  public let separatedColumns: [Int]

  public var converged: Bool { ending == .converged }

  /// The model covariance (XᵀWX + Λ)⁻¹ of the coefficients.
  public func covariance() throws(RegressionError) -> Matrix {
    try penalisedInverse(information, penalty)
  }
}
