import LinearAlgebra

/// A design matrix whose entries are all 0 or 1, kept as the places of its ones.
///
/// Rows are cells and columns are indicators: intercept, factor levels, failure modes, pairs of
/// modes. Row r has its ones in `columns[rowStarts[r]..<rowStarts[r + 1]]`, ascending (compressed
/// sparse rows). Work on a row costs what it has of ones, not what the design has of columns.
public struct IndicatorDesign: Sendable, Equatable {
  /// `rowCount + 1` places in `columns`, from 0.
  public private(set) var rowStarts: [Int32]
  /// Column numbers of the ones, ascending within a row.
  public private(set) var columns: [Int32]
  public let columnCount: Int

  /// Rows.
  public var rowCount: Int { rowStarts.count - 1 }

  /// A design without rows.
  public init(columnCount: Int) {
    precondition(columnCount >= 0, "a design of \(columnCount) columns")
    self.columnCount = columnCount
    rowStarts = [0]
    columns = []
  }

  /// A design from the columns of each row's ones.
  public init(columnCount: Int, rows: [[Int]]) {
    self.init(columnCount: columnCount)
    for row in rows { append(row: row.map { Int32($0) }) }
  }

  /// Adds a row with ones in `row`, in any order.
  ///
  /// A column outside the design, or the same column twice, traps.
  public mutating func append(row: [Int32]) {
    let sorted = row.sorted()
    var previous: Int32 = -1
    for column in sorted {
      precondition(
        column > previous && Int(column) < columnCount,
        "column \(column) after \(previous) in a design of \(columnCount) columns")
      previous = column
    }
    columns.append(contentsOf: sorted)
    rowStarts.append(Int32(columns.count))
  }

  /// The columns in which `row` has ones.
  @inlinable public func columns(ofRow row: Int) -> ArraySlice<Int32> {
    columns[Int(rowStarts[row])..<Int(rowStarts[row + 1])]
  }

  /// The linear predictor η = X·β.
  public func linearPredictor(_ coefficients: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount)
    linearPredictor(coefficients, into: &result)
    return result
  }

  /// Writes η = X·β over `result`, which has a place per row.
  public func linearPredictor(_ coefficients: [Double], into result: inout [Double]) {
    precondition(
      coefficients.count == columnCount, "\(coefficients.count) coefficients, not \(columnCount)")
    precondition(result.count == rowCount, "\(result.count) places for \(rowCount) rows")
    for row in 0..<rowCount {
      var sum = 0.0
      for k in Int(rowStarts[row])..<Int(rowStarts[row + 1]) {
        sum += coefficients[Int(columns[k])]
      }
      result[row] = sum
    }
  }

  /// Xᵀ·v: for each column the sum of `v` over the rows that have a one there.
  public func transposeTimes(_ v: [Double]) -> [Double] {
    precondition(v.count == rowCount, "\(v.count) values for \(rowCount) rows")
    var result = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount where v[row] != 0 {
      for k in Int(rowStarts[row])..<Int(rowStarts[row + 1]) {
        result[Int(columns[k])] += v[row]
      }
    }
    return result
  }

  /// The weighted cross product Xᵀ·diag(w)·X, both triangles filled.
  ///
  /// Costs the sum over rows of the squared number of ones; rows of zero weight cost nothing.
  public func weightedCrossProduct(_ weights: [Double]) -> Matrix {
    precondition(weights.count == rowCount, "\(weights.count) weights for \(rowCount) rows")
    var result = Matrix(rows: columnCount, columns: columnCount)
    let width = columnCount
    result.storage.withUnsafeMutableBufferPointer { entries in
      for row in 0..<rowCount where weights[row] != 0 {
        let weight = weights[row]
        let (first, end) = (Int(rowStarts[row]), Int(rowStarts[row + 1]))
        for k in first..<end {
          let base = Int(columns[k]) * width
          for l in k..<end { entries[base + Int(columns[l])] += weight }
        }
      }
    }
    result.mirrorLowerTriangle()
    return result
  }

  /// The same design with zeros written out.
  public func dense() -> Matrix {
    var result = Matrix(rows: rowCount, columns: columnCount)
    for row in 0..<rowCount {
      for column in columns(ofRow: row) { result[row, Int(column)] = 1 }
    }
    return result
  }
}
