import LinearAlgebra

/// A design matrix in the form that its products need: indicators as cells, numbers as columns.
///
/// Rows are ordered by cell, the combination of their factors' levels, and a row's place is its
/// number in that order. With v = (1, v₁, …, v_d) a row's numbers and P_c the 0/1 matrix of its
/// cell, the row is xᵢ = P_cᵀ vᵢ, so that XᵀWX = Σ_c P_cᵀ (Σ_{i∈c} wᵢ vᵢ vᵢᵀ) P_c: sums over rows
/// touch the numbers only, and what factors add costs a few additions per cell (the idea of
/// compressed sufficient statistics, Wong et al. 2021, arXiv 2102.11297). Nothing of size
/// rows × columns is ever built.
public struct Design: Sendable {
  /// A one of P: the value with this number (0 for the constant 1) is added to a column.
  struct Entry: Sendable, Equatable {
    let column: Int32
    let value: Int32
  }

  public let rowCount: Int
  public let columnCount: Int
  /// The row at each place; nil where rows stand as they came.
  let order: [Int32]?
  /// Places of the cells: those of cell c are `cellStarts[c]..<cellStarts[c + 1]`.
  let cellStarts: [Int32]
  /// Entries of cell c beside the common ones: `entries[entryStarts[c]..<entryStarts[c + 1]]`,
  /// ascending by column.
  let entryStarts: [Int32]
  let entries: [Entry]
  /// Entries that every row has: the intercept and columns of numbers, ascending by column.
  let common: [Entry]
  /// v₁, …, v_d by place, one behind the other.
  let values: [Double]
  /// d.
  let valueCount: Int
  /// Numbers of the values that cells' entries use, ascending, 0 always among them.
  let cellValues: [Int]

  public var cellCount: Int { cellStarts.count - 1 }

  init(
    rowCount: Int, columnCount: Int, order: [Int32]?, cellStarts: [Int32], entryStarts: [Int32],
    entries: [Entry], common: [Entry], values: [Double], valueCount: Int
  ) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.order = order
    self.cellStarts = cellStarts
    self.entryStarts = entryStarts
    self.entries = entries
    self.common = common
    self.values = values
    self.valueCount = valueCount
    cellValues = Set(entries.map { Int($0.value) }).union([0]).sorted()
  }

  /// A design of columns of numbers alone.
  public init(dense matrix: Matrix) {
    self.init(
      rowCount: matrix.rows, columnCount: matrix.columns, order: nil,
      cellStarts: matrix.rows > 0 ? [0, Int32(matrix.rows)] : [0],
      entryStarts: matrix.rows > 0 ? [0, 0] : [0], entries: [],
      common: (0..<matrix.columns).map { Entry(column: Int32($0), value: Int32($0 + 1)) },
      values: matrix.storage, valueCount: matrix.columns)
  }

  /// Values by row in the order of the places.
  public func byPlace<Element: BitwiseCopyable>(_ rows: [Element]) -> [Element] {
    byPlace(rows, threads: 1)
  }

  func byPlace<Element: BitwiseCopyable>(_ rows: [Element], threads: Int) -> [Element] {
    guard let order else { return rows }
    return gathered(rows, order, threads: threads)
  }

  /// Values by place in the order of the rows.
  public func byRow(_ places: [Double]) -> [Double] {
    guard let order else { return places }
    var rows = [Double](repeating: 0, count: places.count)
    for (place, row) in order.enumerated() { rows[Int(row)] = places[place] }
    return rows
  }

  /// The place of each row; nil where rows stand as they came.
  var placesOfRows: [Int32]? {
    guard let order else { return nil }
    var places = [Int32](repeating: 0, count: order.count)
    for (place, row) in order.enumerated() { places[Int(row)] = Int32(place) }
    return places
  }

  /// The row at a place.
  func row(atPlace place: Int) -> Int { order.map { Int($0[place]) } ?? place }

  /// The design without some of its columns.
  public func keeping(_ columns: [Int]) -> Design {
    guard columns.count < columnCount else { return self }
    var renumbered = [Int32](repeating: -1, count: columnCount)
    for (new, old) in columns.enumerated() { renumbered[old] = Int32(new) }
    func kept(_ entries: some Sequence<Entry>) -> [Entry] {
      entries.compactMap {
        let column = renumbered[Int($0.column)]
        return column < 0 ? nil : Entry(column: column, value: $0.value)
      }
    }
    var starts: [Int32] = [0]
    var remaining: [Entry] = []
    for cell in 0..<cellCount {
      remaining += kept(entries[Int(entryStarts[cell])..<Int(entryStarts[cell + 1])])
      starts.append(Int32(remaining.count))
    }
    return Design(
      rowCount: rowCount, columnCount: columns.count, order: order, cellStarts: cellStarts,
      entryStarts: starts, entries: remaining, common: kept(common), values: values,
      valueCount: valueCount)
  }

  /// The matrix with all its zeros, rows in their own order. Rows × columns doubles.
  public func dense() -> Matrix {
    var result = Matrix(rows: rowCount, columns: columnCount)
    for cell in 0..<cellCount {
      let own = entries[Int(entryStarts[cell])..<Int(entryStarts[cell + 1])]
      for place in Int(cellStarts[cell])..<Int(cellStarts[cell + 1]) {
        let row = row(atPlace: place)
        for entry in [common[...], own].joined() {
          result[row, Int(entry.column)] +=
            entry.value == 0 ? 1 : values[(Int(entry.value) - 1) * rowCount + place]
        }
      }
    }
    return result
  }
}
