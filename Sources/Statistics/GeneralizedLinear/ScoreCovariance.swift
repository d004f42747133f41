import LinearAlgebra

/// Heteroskedasticity-consistent covariances (MacKinnon & White 1985, J. Econometrics 29, 305 - 325;
/// numbered as in R's `sandwich`).
public enum RobustCovariance: String, Sendable, CaseIterable {
  /// Squared scores as they are.
  case hc0 = "HC0"
  /// Times n/(n − k).
  case hc1 = "HC1"
  /// Each divided by 1 − h, of leverage h.
  case hc2 = "HC2"
  /// Each divided by (1 − h)².
  case hc3 = "HC3"
}

extension GeneralizedLinearFit {
  /// The covariance of the coefficients from their squared scores, A⁻¹ (Σ sᵢ² xᵢ xᵢᵀ) A⁻¹.
  ///
  /// From cells it is that of the responses in them. (The leverage of a response is taken at its
  /// cell's mean weight: exact where weights within a cell are equal.)
  /// - Throws: `.leverageOfOne` under HC2 and HC3 where a coefficient hangs on one response.
  public func robustCovariance(
    _ kind: RobustCovariance
  ) throws(GeneralizedLinearError) -> Matrix {
    let likelihood = working.likelihood
    let (scores, weights) = likelihood.scoresAndWeights(working.coefficients)
    var squares = squaredScores(scores)
    if kind == .hc2 || kind == .hc3 {
      let forms = likelihood.design.quadraticForms(
        working.unscaledCovariance, threads: likelihood.threads)
      let counts = likelihood.observations.within?.counts
      for place in squares.indices where weights[place] > 0 {
        let rest = 1 - weights[place] * forms[place] / (counts?[place] ?? 1)
        guard rest > 1e-10 else {
          throw .leverageOfOne(
            row: likelihood.design.row(atPlace: place), kind: kind.rawValue)
        }
        squares[place] /= kind == .hc2 ? rest : rest * rest
      }
    }
    let meat = likelihood.design.crossProduct(weights: squares, threads: likelihood.threads)
    let factor =
      kind == .hc1 ? Double(responseCount) / Double(max(residualDegreesOfFreedom, 1)) : 1
    return working.expressed(factor * (bread * meat * bread))
  }

  private var bread: Matrix { working.unscaledCovariance }

  /// Σ sᵢ² over the responses at each place.
  private func squaredScores(_ scores: [Double]) -> [Double] {
    let likelihood = working.likelihood
    guard let within = likelihood.observations.within else { return scores.map { $0 * $0 } }
    let means = likelihood.means(working.coefficients)
    let response = likelihood.observations.response
    return scores.indices.map { place in
      let (mean, total) = (means[place], within.scores)
      let variance = likelihood.family.variance(mean)
      guard variance > 0 else { return 0 }
      let ratio = mean.slope / variance
      let residual = response[place] - mean.value
      return ratio * ratio
        * (total.second[place] + 2 * residual * total.first[place]
          + residual * residual * total.zeroth[place])
    }
  }

  // MARK: Clusters

  /// The covariance where responses of one cluster may depend on each other (Liang & Zeger 1986,
  /// Biometrika 73, 13 - 22), in each dimension times G/(G − 1) · (n − 1)/(n − k) as in Stata and
  /// statsmodels. Two dimensions: the first plus the second less their combinations (Cameron,
  /// Gelbach & Miller 2011, J. Bus. Econ. Stat. 29, 238 - 249), with negative eigenvalues raised to
  /// zero as there.
  ///
  /// - Parameters:
  ///   - clusterings: one or two, each with a code for every row of the design, or for every
  ///     response where `rows` gives them.
  ///   - rows: the responses of a fit from cells.
  /// A cluster whose responses have no weight is none.
  /// - Throws: `.tooFewClusters`.
  public func clusteredCovariance(
    _ clusterings: [Clustering], rows: CellRows? = nil
  ) throws(GeneralizedLinearError) -> ClusteredCovariance {
    precondition((1...2).contains(clusterings.count), "\(clusterings.count) clusterings")
    let (places, scores) = responseScores(rows)
    let weights = rows?.weights ?? working.likelihood.observations.weights
    var total = Matrix(rows: columns.count, columns: columns.count)
    var counts: [Int] = []
    for clustering in clusterings {
      let (meat, count) = meat([clustering], places, scores, weights)
      guard count > 1 else { throw .tooFewClusters(name: clustering.name, clusters: count) }
      counts.append(count)
      total = total + meat
    }
    if clusterings.count == 2 { total = total - meat(clusterings, places, scores, weights).meat }
    var covariance = bread * total * bread
    var wasRaised = false
    if clusterings.count == 2 {
      do {
        (covariance, wasRaised) = try Self.raised(covariance)
      } catch {
        throw .information(error)
      }
    }
    return ClusteredCovariance(
      matrix: working.expressed(covariance), clusterCounts: counts, wasRaised: wasRaised)
  }

  /// The meat of one combination of clusterings with its small-sample factor.
  private func meat(
    _ clusterings: [Clustering], _ places: [Int32]?, _ scores: [Double],
    _ responseWeights: [Double]
  ) -> (meat: Matrix, count: Int) {
    // Where rows are responses they are looked at in the design's order.
    let (design, threads) = (working.likelihood.design, working.likelihood.threads)
    var groups = RowKeys(
      codes: clusterings.map {
        places == nil ? design.byPlace($0.codes, threads: threads) : $0.codes
      }, levels: clusterings.map(\.levelCount), rowCount: clusterings[0].codes.count,
      threads: threads)
    groups.compact()
    let sums = design.groupedScores(scores, places: places, groups: groups, threads: threads)
    let present = groups.count(havingWeight: responseWeights)
    let (count, n) = (Double(present), Double(responseCount))
    let factor = count / max(count - 1, 1) * (n - 1) / max(n - Double(columns.count), 1)
    return (factor * sums, present)
  }

  /// The place in the design and the score of each response; without places they are by place.
  private func responseScores(_ rows: CellRows?) -> (places: [Int32]?, scores: [Double]) {
    let likelihood = working.likelihood
    guard let rows else {
      return (nil, likelihood.scoresAndWeights(working.coefficients).scores)
    }
    let threads = likelihood.threads
    // μ and dℓ/dη of a residual of 1, side by side as rows come to places in any order.
    let residuals = likelihood.means(working.coefficients).map { mean -> SIMD2<Double> in
      let variance = likelihood.family.variance(mean)
      return SIMD2(mean.value, variance > 0 ? mean.slope / variance : 0)
    }
    let places =
      likelihood.design.placesOfRows.map { gathered($0, rows.cellOfRow, threads: threads) }
      ?? rows.cellOfRow
    let scores: [Double] = parallelArray(count: places.count, threads: threads) { range, target in
      places.withUnsafeBufferPointer { places in
        residuals.withUnsafeBufferPointer { residuals in
          rows.response.withUnsafeBufferPointer { response in
            rows.weights.withUnsafeBufferPointer { weights in
              for row in range {
                let own = residuals[Int(places[row])]
                target[row] = weights[row] * (response[row] - own.x) * own.y
              }
            }
          }
        }
      }
    }
    return (places, scores)
  }

  /// A symmetric matrix with its negative eigenvalues at zero.
  private static func raised(
    _ matrix: Matrix
  ) throws(LinearAlgebraError) -> (Matrix, wasRaised: Bool) {
    let eigen = try SymmetricEigen(matrix)
    guard let least = eigen.values.first, let most = eigen.values.last,
      least < -1e-12 * abs(most)
    else { return (matrix, false) }
    let scaled = eigen.vectors * Matrix(diagonal: eigen.values.map { max($0, 0) })
    return (Matrix.product(scaled, eigen.vectors, transposingSecond: true), true)
  }
}

/// Groups of rows that may depend on each other.
public struct Clustering: Sendable {
  public let name: String
  /// One a row, from 0; a negative code traps.
  public let codes: [Int32]
  public let levelCount: Int

  public init(name: String, codes: [Int32], levelCount: Int) {
    precondition(
      codes.allSatisfy { $0 >= 0 && Int($0) < levelCount }, "a code outside 0 ..< \(levelCount)")
    self.name = name
    self.codes = codes
    self.levelCount = levelCount
  }
}

/// The responses behind a fit from cells.
public struct CellRows: Sendable {
  public let cellOfRow: [Int32]
  public let response: [Double]
  public let weights: [Double]

  public init(cellOfRow: [Int32], response: [Double], weights: [Double]) {
    precondition(
      cellOfRow.count == response.count && weights.count == response.count,
      "\(response.count) responses and \(weights.count) weights for \(cellOfRow.count) rows")
    self.cellOfRow = cellOfRow
    self.response = response
    self.weights = weights
  }
}

/// A cluster-robust covariance.
public struct ClusteredCovariance: Sendable {
  public let matrix: Matrix
  /// Clusters of each dimension.
  public let clusterCounts: [Int]
  /// Whether negative eigenvalues were raised to zero, which only two dimensions can need.
  public let wasRaised: Bool
}
