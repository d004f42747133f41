import LinearAlgebra
import RealModule

/// Regression of a response whose mean is a function of a linear predictor (Nelder & Wedderburn
/// 1972, J. R. Stat. Soc. A 135, 370 - 384), by Fisher scoring with step halving.
public struct GeneralizedLinearModel: Sendable {
  public var family: Family
  public var link: Link
  public var penalty: Penalty
  /// For names in errors and for the intercept, which no ridge holds.
  public var columnNames: [String]
  /// The term of each column.
  public var columnTerms: [String]
  public var maximumIterations: Int
  /// Threads to use; no result depends on it.
  public var threads: Int

  public init(
    family: Family, link: Link? = nil, penalty: Penalty = .none, columnNames: [String],
    columnTerms: [String], maximumIterations: Int = 100, threads: Int = 1
  ) {
    self.family = family
    self.link = link ?? family.defaultLink
    self.penalty = penalty
    self.columnNames = columnNames
    self.columnTerms = columnTerms
    self.maximumIterations = maximumIterations
    self.threads = threads
  }

  /// A model with a recipe's names.
  public init(
    family: Family, link: Link? = nil, penalty: Penalty = .none, recipe: DesignRecipe,
    maximumIterations: Int = 100, threads: Int = 1
  ) {
    self.init(
      family: family, link: link, penalty: penalty, columnNames: recipe.columnNames,
      columnTerms: recipe.assign.map { recipe.termLabels[$0] },
      maximumIterations: maximumIterations, threads: threads)
  }

  /// The decrement at which a fit ends: below it the next step is shorter than a ten-millionth of
  /// a standard error where scoring is Newton's method, which squares the distance at each step.
  var tolerance: Double { family.isCanonical(link) && penalty != .firth ? 1e-10 : 1e-18 }

  /// Fits to observations in the order of the design's rows.
  ///
  /// - Throws: `GeneralizedLinearError`; not converging is one, with its numbers.
  /// - Complexity: an iteration costs (rows × numeric columns²) and what the cells have of entries,
  ///   squared, beside columns³/3.
  public func fit(
    _ design: Design, _ observations: Observations
  ) throws(GeneralizedLinearError) -> GeneralizedLinearFit {
    try fit(design, observations, start: nil)
  }

  /// Fits from coefficients of the kept columns, where a fit close by has them.
  func fit(
    _ design: Design, _ observations: Observations, start: [Double]?
  ) throws(GeneralizedLinearError) -> GeneralizedLinearFit {
    let ordered = observations.byPlace(design, threads: threads)
    try check(design, ordered)
    let likelihood = LikelihoodPass(
      design: design, observations: ordered, family: family, link: link, threads: threads)
    let first = likelihood.evaluateStart()
    let conditioning =
      if case .ridge = penalty {
        Conditioning(allColumnsOf: design)
      } else {
        Conditioning(
          design, weights: ordered.weights, product: first.information, threads: threads)
      }
    if family.hasFreeDispersion, penalty == .none, ordered.count <= conditioning.kept.count {
      throw .noResidualDegreesOfFreedom(
        rows: ordered.count, coefficients: conditioning.kept.count)
    }
    let kept = design.keeping(conditioning.kept)
    let isSafe = conditioning.leastShare > Conditioning.safeShare
    let isSmall = kept.rowCount * kept.columnCount <= Self.smallDesign
    if family == .gaussian, link == .identity, penalty == .none, isSmall || !isSafe {
      return try refinedFit(kept, observations, conditioning)
    }
    guard !isSafe, let triangle = conditioning.triangle else {
      let isWhole = conditioning.kept.count == design.columnCount
      return try scoredFit(
        kept, ordered, conditioning, back: nil, start: start, first: isWhole ? first : nil)
    }
    let back = try Self.upperTriangle(triangle)
    let orthogonal = Design(dense: back.divide(kept.dense()))
    return try scoredFit(orthogonal, observations, conditioning, back: back, start: nil, first: nil)
  }

  /// Entries of a design that is small enough to be factored with all digits whatever its
  /// condition.
  private static let smallDesign = 1 << 18

  // MARK: Checks

  private func check(
    _ design: Design, _ observations: Observations
  ) throws(GeneralizedLinearError) {
    guard family.links.contains(link) else {
      throw .unsupportedLink(
        family: family.name, link: link.rawValue, links: family.links.map(\.rawValue))
    }
    if penalty == .firth {
      guard family.isCanonical(link), family == .binomial || family == .poisson else {
        throw .unsupportedFirth(family: family.name, link: link.rawValue)
      }
    }
    let rows = observations.weights.indices
    guard let first = rows.first(where: { observations.weights[$0] > 0 }) else {
      throw .allWeightsZero
    }
    let count = observations.count
    guard count >= design.columnCount || penalty != .none else {
      throw .fewerRowsThanColumns(rows: count, columns: design.columnCount)
    }
    let value = observations.response[first]
    let varies =
      rows.contains { observations.weights[$0] > 0 && observations.response[$0] != value }
      || observations.within?.squares.contains { $0 > 0 } ?? false
    // Between 0 and 1 a proportion varies within its trials.
    let isEdge = !family.isBinomial || value == 0 || value == 1
    let isCountAboveZero = value > 0 && !family.hasFreeDispersion && !family.isBinomial
    if !varies, isEdge, !isCountAboveZero {
      throw .constantResponse(value: value, rows: count)
    }
  }

  // MARK: Fisher scoring

  private func scoredFit(
    _ design: Design, _ observations: Observations, _ conditioning: Conditioning,
    back: UpperTriangle?, start: [Double]?, first: LikelihoodPass.Value?
  ) throws(GeneralizedLinearError) -> GeneralizedLinearFit {
    let likelihood = LikelihoodPass(
      design: design, observations: observations, family: family, link: link, threads: threads)
    let scoring = PenalisedScoring(
      likelihood: likelihood, penalty: penalty, ridge: ridge(conditioning.kept, back),
      columnNames: conditioning.kept.map { columnNames[$0] },
      maximumIterations: maximumIterations, tolerance: tolerance)
    let end = try scoring.run(from: start, first: first)
    if penalty == .none, let found = Separation.find(likelihood, direction: end.direction) {
      throw separation(found, back?.solve(end.direction) ?? end.direction, design, conditioning)
    }
    let inverse: Matrix
    do {
      inverse = try CholeskyFactor(end.information).inverse()
    } catch {
      throw .information(error)
    }
    let path = FitPath(
      iterations: end.iterations, halvings: end.halvings, decrement: end.decrement,
      tolerance: tolerance, ending: .converged,
      solution: back == nil ? .crossProduct : .orthogonalized)
    return try assembled(
      WorkingFit(
        likelihood: likelihood, coefficients: end.coefficients, unscaledCovariance: inverse,
        back: back), conditioning, path, deviance: end.deviance)
  }

  /// The ridge's λ by column, R⁻ᵀΛR⁻¹ where the columns were made orthogonal.
  private func ridge(_ kept: [Int], _ back: UpperTriangle?) -> Matrix? {
    guard case .ridge(let strength) = penalty else { return nil }
    let diagonal = Matrix(
      diagonal: kept.map { columnNames[$0] == "(Intercept)" ? 0 : strength })
    guard let inverse = back?.inverse() else { return diagonal }
    return Matrix.product(inverse, diagonal * inverse, transposingFirst: true)
  }

  private func separation(
    _ found: Separation, _ direction: [Double], _ design: Design, _ conditioning: Conditioning
  ) -> GeneralizedLinearError {
    let lengths =
      conditioning.triangle.map { triangle in
        (0..<triangle.columns).map { c in
          triangle.column(c).reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
      }
      ?? design.crossProduct(
        weights: [Double](repeating: 1, count: design.rowCount), threads: threads
      ).diagonal.map { $0.squareRoot() }
    let sizes = zip(direction, lengths).map { abs($0 * $1) }
    let largest = sizes.max() ?? 0
    let moving = sizes.indices.filter { sizes[$0] > 1e-3 * largest }
      .map { conditioning.kept[$0] }
    var terms: [String] = []
    for column in moving where columnTerms[column] != "(Intercept)" {
      if !terms.contains(columnTerms[column]) { terms.append(columnTerms[column]) }
    }
    return .separation(
      columns: moving.map { columnNames[$0] }, terms: terms.isEmpty ? ["(Intercept)"] : terms,
      isComplete: found.isComplete)
  }

  static func upperTriangle(
    _ matrix: Matrix
  ) throws(GeneralizedLinearError) -> UpperTriangle {
    do { return try UpperTriangle(matrix) } catch { throw .information(error) }
  }
}
