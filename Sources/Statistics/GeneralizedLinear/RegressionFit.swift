import LinearAlgebra

/// A regression with the rows and names it came from.
public struct RegressionFit: Sendable {
  public let request: RegressionRequest
  public let frame: ModelFrame
  public let recipe: DesignRecipe
  public let fit: GeneralizedLinearFit
  /// The responses, where they were joined into cells.
  let rows: CellRows?

  /// Names of the fitted coefficients.
  public var terms: [String] { fit.columns.map { recipe.columnNames[$0] } }

  /// Names of the coefficients that others determine.
  public var droppedTerms: [String] { fit.droppedColumns.map { recipe.columnNames[$0] } }

  /// Whether equal rows were joined.
  public var isFromCells: Bool { rows != nil }

  /// Where standard errors come from.
  public enum Errors: Sendable, Equatable {
    /// The model's own variance.
    case model
    case robust(RobustCovariance)
    /// One or two columns whose groups may depend on each other.
    case clustered([String])

    public var name: String {
      switch self {
      case .model: "model"
      case .robust(let kind): kind.rawValue
      case .clustered(let names): "cluster(\(names.joined(separator: ", ")))"
      }
    }
  }

  /// A coefficient with what is known of it.
  public struct Coefficient: Sendable, Equatable {
    public let term: String
    public let estimate: Double
    public let standardError: Double
    /// estimate / standardError; nil for a standard error of zero.
    public let statistic: Double?
    /// Of the two-sided test of zero.
    public let pValue: Double?
    public let lower: Double
    public let upper: Double
  }

  /// Coefficients with intervals of 95 %.
  public struct Table: Sendable {
    public let coefficients: [Coefficient]
    /// Where the standard errors come from: `model`, `HC1`, `cluster(a, b)`.
    public let name: String
    /// Of t; infinite where the normal distribution applies.
    public let degreesOfFreedom: Double
    /// Groups of each clustering.
    public let clusterCounts: [Int]
  }

  /// Standard errors, tests and intervals.
  ///
  /// t with n − k degrees of freedom where the dispersion is estimated, with one less than the
  /// fewest clusters where errors are clustered; else normal.
  /// - Throws: `RegressionFault` for columns that are not there and where there is one cluster.
  public func table(_ errors: Errors) throws(RegressionFault) -> Table {
    let (covariance, clusters) = try covariance(errors)
    let free = fit.family.hasFreeDispersion
    let freedom =
      !free
      ? Double.infinity
      : clusters.min().map { Double($0 - 1) } ?? Double(fit.residualDegreesOfFreedom)
    let quantile = StudentDistribution.quantile(0.975, degreesOfFreedom: freedom)
    let coefficients = terms.indices.map { index in
      let (estimate, variance) = (fit.coefficients[index], covariance[index, index])
      let error = max(variance, 0).squareRoot()
      let statistic = error > 0 ? estimate / error : nil
      return Coefficient(
        term: terms[index], estimate: estimate, standardError: error, statistic: statistic,
        pValue: statistic.map { StudentDistribution.twoSided($0, degreesOfFreedom: freedom) },
        lower: estimate - quantile * error, upper: estimate + quantile * error)
    }
    return Table(
      coefficients: coefficients, name: errors.name, degreesOfFreedom: freedom,
      clusterCounts: clusters)
  }

  /// The covariance of the coefficients, with the clusters of each clustering.
  public func covariance(
    _ errors: Errors
  ) throws(RegressionFault) -> (matrix: Matrix, clusterCounts: [Int]) {
    do {
      switch errors {
      case .model: return (fit.covariance, [])
      case .robust(let kind): return (try fit.robustCovariance(kind), [])
      case .clustered(let names):
        let clustered = try fit.clusteredCovariance(clusterings(names), rows: rows)
        return (clustered.matrix, clustered.clusterCounts)
      }
    } catch let error as DesignError {
      throw .design(error)
    } catch let error as GeneralizedLinearError {
      throw .fit(error.movingRow(originalRow))
    } catch {
      fatalError("only these two kinds of error are thrown above: \(error)")
    }
  }

  /// The row of the table behind a row of the design: of a cell, the first in it.
  private func originalRow(_ row: Int) -> Int {
    let first = rows.map { $0.cellOfRow.firstIndex(of: Int32(row)) ?? 0 } ?? row
    return frame.originalRow(first)
  }

  private func clusterings(_ names: [String]) throws(DesignError) -> [Clustering] {
    var result: [Clustering] = []
    for name in names {
      guard frame.table[name] != nil else {
        throw .unknownColumn(role: "the clusters", name: name, columns: frame.table.names)
      }
      let text = try frame.codes(name)
      result.append(Clustering(name: name, codes: text.codes, levelCount: text.levels.count))
    }
    return result
  }
}
