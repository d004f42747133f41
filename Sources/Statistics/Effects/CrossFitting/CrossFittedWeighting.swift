import LinearAlgebra

/// The doubly robust effect of a 0/1 treatment with cross-fitting.
///
/// Propensity (logistic) and outcome (one regression per arm) are fitted outside each fold and used
/// inside it, so that neither is judged by rows it has seen; the effect is right when either is, and
/// its error comes from the influence function (Robins, Rotnitzky & Zhao 1994, J. Am. Stat. Assoc.
/// 89; Chernozhukov et al. 2018, Econometrics Journal 21, C1 - C68, sections 3 and 5.1).
public struct CrossFittedWeighting: Sendable {
  public enum OutcomeModel: String, Sendable, Equatable {
    case linear
    /// For outcomes in 0...1.
    case logistic
  }

  public var estimand: AugmentedInverseProbability.Estimand
  public var outcomeModel: OutcomeModel
  public var folds: Int
  public var seed: UInt64
  /// Propensities are held inside bound ... 1 − bound; how many were moved is counted.
  public var propensityBound: Double

  public init(
    estimand: AugmentedInverseProbability.Estimand = .ate, outcomeModel: OutcomeModel = .linear,
    folds: Int = 5, seed: UInt64 = 1, propensityBound: Double = 1e-3
  ) {
    self.estimand = estimand
    self.outcomeModel = outcomeModel
    self.folds = folds
    self.seed = seed
    self.propensityBound = propensityBound
  }

  /// What is estimated from: one value a row in each.
  public struct Data: Sendable {
    /// n × p, without an intercept.
    public var covariates: Matrix
    /// One a column.
    public var names: [String]
    /// 0 or 1.
    public var treatment: [Double]
    public var outcome: [Double]
    /// Numbers from 0 of what rows belong to; nil for independent rows.
    public var clusters: [Int32]?
    /// Columns of text among the covariates, for errors to call levels by name.
    public var factors: [Factor]

    /// A column of text as indicators of all its levels but the first.
    public struct Factor: Sendable {
      public let column: String
      public let levels: [String]
      /// The place of the first indicator among the covariates.
      public let firstIndicator: Int

      public init(column: String, levels: [String], firstIndicator: Int) {
        self.column = column
        self.levels = levels
        self.firstIndicator = firstIndicator
      }

      /// The number of a row's level.
      func level(of row: Int, in covariates: Matrix) -> Int {
        for k in 0..<levels.count - 1 where covariates[row, firstIndicator + k] == 1 {
          return k + 1
        }
        return 0
      }
    }

    public init(
      covariates: Matrix, names: [String], treatment: [Double], outcome: [Double],
      clusters: [Int32]? = nil, factors: [Factor] = []
    ) {
      self.covariates = covariates
      self.names = names
      self.treatment = treatment
      self.outcome = outcome
      self.clusters = clusters
      self.factors = factors
    }
  }

  /// Estimates the effect.
  ///
  /// - Throws: `EffectError`, also where the rows outside a fold do not determine what a model
  ///   predicts inside it.
  /// - Parameter plan: the folds; nil deals them by the seed, clusters whole.
  /// - Complexity: some ten passes of n · p² / (threads) additions.
  public func estimate(
    _ data: Data, plan: FoldPlan? = nil, threads: Int = 1
  ) throws(EffectError) -> CrossFittedEffect {
    let treated = try checked(data)
    let clusters = data.clusters.map { Int($0.max() ?? -1) + 1 }
    let folds = try foldPlan(plan, treated, data.clusters, clusters)
    let columns = parallelMap(count: data.covariates.columns, threads: threads) {
      StandardColumn(data.covariates.column($0))
    }
    try requireUndecided(data.names, columns, treated, threads)
    let rows = FoldedRows(
      columns: columns, treated: treated, outcomes: data.outcome, plan: folds, threads: threads)
    let products = FoldedProducts(rows)
    try requireArms(rows, products)
    try requireSupport(data, rows, products, treated, folds, columns)
    let scores = EffectScores(
      rows, propensity: try FoldedLogistic(rows, response: .treatment).fit(),
      untreated: try outcomeModel(rows, products, treated: false),
      treated: estimand == .ate ? try outcomeModel(rows, products, treated: true) : nil,
      logistic: outcomeModel == .logistic, bound: propensityBound)
    try scores.requireOverlap()
    return summary(data, treated, folds, clusters, rows, scores, columns)
  }

  private func foldPlan(
    _ plan: FoldPlan?, _ treated: [Bool], _ clusters: [Int32]?, _ clusterCount: Int?
  ) throws(EffectError) -> FoldPlan {
    if let clusterCount, clusterCount < 2 { throw .oneCluster }
    if let plan {
      try requireCount("The fold plan", plan.folds.count, treated.count)
      return plan
    }
    guard let clusters, let clusterCount else {
      return try FoldPlan(count: folds, treated: treated, seed: seed)
    }
    return try FoldPlan(count: folds, clusters: clusters, clusterCount: clusterCount, seed: seed)
  }

  private func outcomeModel(
    _ rows: FoldedRows, _ products: FoldedProducts, treated: Bool
  ) throws(EffectError) -> [[Double]] {
    switch outcomeModel {
    case .linear: try FoldedLeastSquares(products, treated: treated).coefficients
    case .logistic: try FoldedLogistic(rows, response: .outcome(treated: treated)).fit()
    }
  }

  private func summary(
    _ data: Data, _ treated: [Bool], _ folds: FoldPlan, _ clusters: Int?, _ rows: FoldedRows,
    _ scores: EffectScores, _ columns: [StandardColumn]
  ) -> CrossFittedEffect {
    let means = scores.means(estimand)
    let errors = InfluenceErrors(
      clusters: data.clusters, clusterCount: clusters, rows: data.outcome.count)
    let difference = scores.inOriginalOrder(means.influence(1, -1))
    var ratio: TreatmentEffect.Ratio?
    if means.treated > 0, means.untreated > 0 {
      let log = scores.inOriginalOrder(means.influence(1 / means.treated, -1 / means.untreated))
      ratio = TreatmentEffect.Ratio(
        estimate: means.treated / means.untreated, standardErrorOfLog: errors.standardError(log))
    }
    let estimate = means.treated - means.untreated
    let error = errors.standardError(difference)
    return CrossFittedEffect(
      estimand: estimand, estimate: estimate, standardError: error, treatedMean: means.treated,
      untreatedMean: means.untreated, ratio: ratio,
      eValue: eValue(estimate, error, ratio, data.outcome), rows: data.outcome.count,
      treatedRows: treated.count { $0 }, clusters: clusters, overlap: scores.overlap(estimand),
      balance: scores.balance(estimand, data.names, columns), influence: difference,
      propensities: scores.inOriginalOrder(scores.propensities), folds: folds)
  }

  /// Of the ratio of means where outcomes are 0 or 1 (nil without one), else of the standardised
  /// difference d as e^(0.91 d) (VanderWeele & Ding 2017, table 2).
  private func eValue(
    _ estimate: Double, _ error: Double, _ ratio: TreatmentEffect.Ratio?, _ outcome: [Double]
  ) -> EValue? {
    if outcome.allSatisfy({ $0 == 0 || $0 == 1 }) { return ratio?.eValue }
    let deviation = StandardColumn(outcome[...]).deviation
    return EValue(standardisedDifference: estimate / deviation, standardError: error / deviation)
  }
}

/// Standard errors of a mean from its rows' influences.
struct InfluenceErrors {
  let clusters: [Int32]?
  let clusterCount: Int?
  let rows: Int

  /// √Σφ² / n over independent rows; over G clusters √(G/(G − 1) · Σ(Σφ)²) / n.
  func standardError(_ influence: [Double]) -> Double {
    guard let clusters, let clusterCount else { return length(influence) / Double(rows) }
    var sums = [Double](repeating: 0, count: clusterCount)
    for (row, cluster) in clusters.enumerated() { sums[Int(cluster)] += influence[row] }
    let factor = Double(clusterCount) / Double(clusterCount - 1)
    return factor.squareRoot() * length(sums) / Double(rows)
  }

  /// √Σv², in parts of the largest: the squares of what is very large or very small are not numbers.
  private func length(_ values: [Double]) -> Double {
    var (largest, squares) = (0.0, 0.0)
    for value in values { largest = max(largest, abs(value)) }
    guard largest > 0 else { return 0 }
    for value in values {
      let part = value / largest
      squares += part * part
    }
    return largest * squares.squareRoot()
  }
}
