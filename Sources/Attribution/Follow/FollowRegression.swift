import Statistics

/// A regression of a follow-up, by the formula core, with its faults in the follow-up's words.
struct FollowRegression {
  enum Column {
    case numbers([Double])
    case text([String])
    case codes(DataTable.Text)
  }

  let fit: RegressionFit
  private let what: String

  init(
    _ formula: String, family: Family, offset: String? = nil, clusters: String,
    columns: [(String, Column)], what: String
  ) throws(FollowError) {
    self.what = what
    do {
      let count =
        switch columns[0].1 {
        case .numbers(let values): values.count
        case .text(let values): values.count
        case .codes(let text): text.codes.count
        }
      var table = DataTable(rowCount: count)
      for (name, column) in columns {
        switch column {
        case .numbers(let values): try table.append(name, values)
        case .text(let values): try table.append(name, values.map { Optional($0) })
        case .codes(let text): try table.append(name, text)
        }
      }
      fit = try RegressionRequest(
        formula: try ModelFormula(formula), family: family, offset: offset, further: [clusters]
      ).fit(table)
    } catch {
      throw .notEstimable(what: what, reason: "\(error)")
    }
    guard fit.fit.path.ending == .converged else {
      throw .notEstimable(what: what, reason: "the regression did not converge.")
    }
  }

  /// A coefficient's standard error at a dispersion of 1.
  func unscaledError(_ name: String) throws(FollowError) -> Double {
    guard let place = fit.terms.firstIndex(of: name) else { throw undetermined }
    return max(fit.fit.unscaledCovariance[place, place], 0).squareRoot()
  }

  private var undetermined: FollowError {
    .notEstimable(
      what: what,
      reason: "the log does not tell it from the changes of the weeks and of the components.")
  }

  /// A coefficient by name.
  ///
  /// - Throws: `.notEstimable` where others determine it.
  func coefficient(
    _ name: String, _ errors: RegressionFit.Errors
  ) throws(FollowError) -> RegressionFit.Coefficient {
    let table: RegressionFit.Table
    do {
      table = try fit.table(errors)
    } catch {
      throw .notEstimable(what: what, reason: "\(error)")
    }
    guard let found = table.coefficients.first(where: { $0.term == name }) else {
      throw undetermined
    }
    return found
  }
}
