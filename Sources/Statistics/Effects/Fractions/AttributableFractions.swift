import LinearAlgebra

/// The shares of cases that would not have happened without some exposures, adjusted for the rest of
/// a logistic model.
///
/// With v(S) = 1 − (mean risk with the exposures S absent) / (mean risk), the marginal fraction of an
/// exposure is v({i}), the sequential one what v rises by when it follows those before it, and the
/// average one the mean of that over all orders (Eide & Gefeller 1995, J. Clin. Epidemiol. 48,
/// 1525 - 1531): Shapley's value. Sequential and average fractions add up to `all`. Errors come from
/// the influence function of the whole estimate, the fitted coefficients included (Graubard & Fears
/// 2005, Biometrics 61, 847 - 855).
public struct AttributableFractions: Sendable, Equatable {
  /// In the order of the exposures.
  public let marginal: [Fraction]
  public let sequential: [Fraction]
  public let average: [Fraction]
  /// Of all exposures together.
  public let all: Fraction
  /// Of the logistic model, in the design's columns.
  public let coefficients: [Double]
  public let iterations: Int
  /// Twice the rise of the log-likelihood that the last step promised.
  public let decrement: Double

  public struct Fraction: Sendable, Equatable {
    public let exposure: String
    public let estimate: Double
    public let standardError: Double

    public var ci95: (lower: Double, upper: Double) {
      MeanInterval.normal95(estimate, standardError: standardError)
    }
  }
}

/// A logistic model of a response with exposures, whose attributable fractions are wanted.
public struct AttributableFractionModel: Sendable {
  let rows: PatternedRows
  let targets: FractionTargets
  let clusters: [Int32]?
  let clusterCount: Int?
  public let exposures: [Exposure]
  public let threads: Int

  /// - Parameters:
  ///   - design: n × p with an intercept; columns of zeros and ones cost least.
  ///   - response: 0 or 1.
  ///   - exposures: at most 12.
  ///   - clusters: numbers from 0 of what rows belong to; nil for independent rows.
  public init(
    design: Matrix, response: [Double], exposures: [Exposure], clusters: [Int32]? = nil,
    threads: Int = 1
  ) throws(FractionError) {
    let limit = ShapleyWeights.maximumPlayers
    guard exposures.count <= limit else {
      throw .tooManyExposures(count: exposures.count, limit: limit)
    }
    let rows = try PatternedRows(design: design, response: response)
    for exposure in exposures {
      let known = exposure.columns.allSatisfy {
        $0 >= 0 && $0 < design.columns && $0 != rows.intercept
      }
      guard known, !exposure.columns.isEmpty else {
        throw .exposureColumns(exposure: exposure.name, columns: exposure.columns)
      }
    }
    let clusterCount = clusters.map { Int($0.max() ?? -1) + 1 }
    if let clusterCount, clusterCount < 2 { throw .oneCluster }
    self.rows = rows
    self.clusters = clusters
    self.clusterCount = clusterCount
    self.exposures = exposures
    self.threads = threads
    targets = FractionTargets(
      rows, exposures: exposures,
      weights: AttributableFractionModel.weights(exposures.count))
  }

  /// The weights of v(S) in the marginal, sequential and average fractions of each exposure, and in
  /// that of all together.
  private static func weights(_ count: Int) -> [[Double]] {
    let size = 1 << count
    func weights(_ pairs: [(Int, Double)]) -> [Double] {
      var row = [Double](repeating: 0, count: size)
      for (coalition, weight) in pairs { row[coalition] += weight }
      return row
    }
    var result = (0..<count).map { weights([(1 << $0, 1)]) }
    result += (0..<count).map { weights([((2 << $0) - 1, 1), ((1 << $0) - 1, -1)]) }
    guard let shapley = try? ShapleyWeights(playerCount: count) else {
      preconditionFailure("\(count) exposures were let through")
    }
    let byCoalition = shapley.coalitionWeights
    result += (0..<count).map { player in
      shapley.coalitions.indices.map { byCoalition[$0 * count + player] }
    }
    result.append(weights([(size - 1, 1)]))
    return result
  }

  /// Estimates all fractions with their errors.
  public func estimate() throws(FractionError) -> AttributableFractions {
    let fit = try PatternedLogistic(rows: rows).fit(threads: threads)
    let influence = try FractionInfluence(rows, targets, fit, threads: threads)
    let errors = InfluenceErrors(
      clusters: clusters, clusterCount: clusterCount, rows: rows.rowCount)
    let all = (0..<targets.fractionCount).map { f in
      AttributableFractions.Fraction(
        exposure: name(f), estimate: influence.estimates[f],
        standardError: errors.standardError(inOriginalOrder(influence.values(of: f))))
    }
    let n = exposures.count
    return AttributableFractions(
      marginal: Array(all[..<n]), sequential: Array(all[n..<2 * n]),
      average: Array(all[2 * n..<3 * n]), all: all[3 * n],
      coefficients: rows.unstandardised(fit.coefficients), iterations: fit.iterations,
      decrement: fit.decrement)
  }

  private func name(_ fraction: Int) -> String {
    fraction < 3 * exposures.count ? exposures[fraction % exposures.count].name : "all"
  }

  private func inOriginalOrder(_ values: [Double]) -> [Double] {
    guard clusters != nil else { return values }
    var result = values
    for (place, row) in rows.original.enumerated() { result[Int(row)] = values[place] }
    return result
  }
}
