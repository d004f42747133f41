/// A dense matrix of doubles, stored by columns as LAPACK wants it.
///
/// Entry (r, c) is `storage[c * rows + r]`. Shapes that do not fit trap: they are known when a
/// program is written, unlike the values, whose faults are typed errors.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// The entries by columns; its count stays `rows * columns`.
  public var storage: [Double]

  /// A matrix with the same value everywhere.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) by \(columns)")
    self.rows = rows
    self.columns = columns
    storage = [Double](repeating: value, count: rows * columns)
  }

  /// A matrix over values that are already in column order.
  public init(rows: Int, columns: Int, storage: [Double]) {
    precondition(
      storage.count == rows * columns, "\(storage.count) values for \(rows) by \(columns)")
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// A matrix written down row by row, as it is on paper.
  public init(_ rowsOfValues: [[Double]]) {
    let width = rowsOfValues.first?.count ?? 0
    self.init(rows: rowsOfValues.count, columns: width)
    for (r, row) in rowsOfValues.enumerated() {
      precondition(row.count == width, "row \(r) has \(row.count) values, the first has \(width)")
      for (c, value) in row.enumerated() { self[r, c] = value }
    }
  }

  /// The square matrix with `diagonal` on its diagonal and zero elsewhere.
  public init(diagonal: [Double]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for i in diagonal.indices { self[i, i] = diagonal[i] }
  }

  /// The identity of order `n`.
  public static func identity(_ n: Int) -> Matrix {
    Matrix(diagonal: [Double](repeating: 1, count: n))
  }

  @inlinable public subscript(row: Int, column: Int) -> Double {
    get { storage[column * rows + row] }
    set { storage[column * rows + row] = newValue }
  }

  /// Whether it has as many rows as columns.
  public var isSquare: Bool { rows == columns }

  /// The entries (i, i).
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// One column.
  public func column(_ column: Int) -> ArraySlice<Double> {
    storage[column * rows..<(column + 1) * rows]
  }

  /// One row, copied.
  public func row(_ row: Int) -> [Double] { (0..<columns).map { self[row, $0] } }

  /// The matrix with rows and columns exchanged.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for c in 0..<columns {
      for r in 0..<rows { result.storage[r * columns + c] = storage[c * rows + r] }
    }
    return result
  }

  /// The rows and columns named, in the order named.
  public func submatrix(rows picked: [Int], columns pickedColumns: [Int]) -> Matrix {
    var result = Matrix(rows: picked.count, columns: pickedColumns.count)
    for (c, column) in pickedColumns.enumerated() {
      for (r, row) in picked.enumerated() { result[r, c] = self[row, column] }
    }
    return result
  }

  /// Adds to the diagonal, entry by entry.
  public mutating func addToDiagonal(_ values: [Double]) {
    precondition(isSquare && values.count == rows, "\(values.count) values on \(rows) diagonal")
    for i in values.indices { self[i, i] += values[i] }
  }

  /// Copies the strict lower triangle onto the upper one.
  public mutating func mirrorLowerTriangle() {
    precondition(isSquare, "a triangle of \(rows) by \(columns)")
    for c in 0..<columns {
      for r in c + 1..<max(rows, c + 1) { self[c, r] = self[r, c] }
    }
  }

  public static func + (a: Matrix, b: Matrix) -> Matrix {
    combine(a, b) { $0 + $1 }
  }

  public static func - (a: Matrix, b: Matrix) -> Matrix {
    combine(a, b) { $0 - $1 }
  }

  public static func * (factor: Double, a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, storage: a.storage.map { factor * $0 })
  }

  private static func combine(
    _ a: Matrix, _ b: Matrix, _ operation: (Double, Double) -> Double
  ) -> Matrix {
    precondition(
      a.rows == b.rows && a.columns == b.columns,
      "\(a.rows) by \(a.columns) with \(b.rows) by \(b.columns)")
    return Matrix(
      rows: a.rows, columns: a.columns, storage: zip(a.storage, b.storage).map(operation))
  }
}
