/// A design of distinct rows, with the row of it that each row of the data is.
public struct DesignCells: Sendable {
  public let design: Design
  /// One a row of the frame, in terms of the design's rows.
  public let cellOfRow: [Int32]

  public var cellCount: Int { design.rowCount }
}

extension DesignRecipe {
  /// Most distinct numbers of a column that may become part of a cell.
  private static let mostDistinct = 512

  /// The distinct rows of a design where they are fewer than half of all: a fit of cells costs what
  /// there is of cells. nil where rows are mostly distinct.
  ///
  /// - Parameter offset: known parts of η, which are the same for all rows of a cell.
  public func cells(
    _ frame: ModelFrame, offset: [Double]? = nil
  ) throws(DesignError) -> DesignCells? {
    var keys: [[Int32]] = []
    var levels: [Int] = []
    for variable in variables.indices {
      if case .factor(let own) = variables[variable] {
        keys.append(try codes(variable, frame))
        levels.append(own.count)
        continue
      }
      // The first column of a polynomial decides the others.
      let column = try values(variable, frame)[0]
      guard let (codes, count) = Self.distinctCodes(column) else { return nil }
      keys.append(codes)
      levels.append(count)
    }
    if let offset {
      guard let (codes, count) = Self.distinctCodes(offset) else { return nil }
      keys.append(codes)
      levels.append(count)
    }
    let order = CellOrder(codes: keys, levels: levels, rowCount: frame.rowCount)
    guard order.cellCount * 2 <= frame.rowCount, let rows = order.rows else { return nil }
    var cellOfRow = [Int32](repeating: 0, count: frame.rowCount)
    var representatives: [Int32] = []
    for cell in 0..<order.cellCount {
      representatives.append(rows[Int(order.starts[cell])])
      for place in Int(order.starts[cell])..<Int(order.starts[cell + 1]) {
        cellOfRow[Int(rows[place])] = Int32(cell)
      }
    }
    return DesignCells(
      design: try design(frame.selecting(representatives)), cellOfRow: cellOfRow)
  }

  /// Codes of a column's distinct values, ascending; nil where there are too many.
  private static func distinctCodes(_ column: [Double]) -> (codes: [Int32], count: Int)? {
    var distinct: [Double] = []
    // A hash of the bits finds most values at once; new ones are rare or end the search.
    var slots = [Int32](repeating: -1, count: 4 * mostDistinct)
    var codes = [Int32](repeating: 0, count: column.count)
    for (row, value) in column.enumerated() {
      var slot =
        Int(truncatingIfNeeded: (value + 0).bitPattern &* 0x9E37_79B9_7F4A_7C15 >> 48)
        & (slots.count - 1)
      while slots[slot] >= 0, distinct[Int(slots[slot])] != value {
        slot = (slot + 1) & (slots.count - 1)
      }
      if slots[slot] < 0 {
        guard distinct.count < mostDistinct else { return nil }
        slots[slot] = Int32(distinct.count)
        distinct.append(value)
      }
      codes[row] = slots[slot]
    }
    let ascending = distinct.indices.sorted { distinct[$0] < distinct[$1] }
    var ranks = [Int32](repeating: 0, count: distinct.count)
    for (rank, code) in ascending.enumerated() { ranks[code] = Int32(rank) }
    return (codes.map { ranks[Int($0)] }, distinct.count)
  }
}

extension ModelFrame {
  /// Some of the rows.
  func selecting(_ picked: [Int32]) -> ModelFrame { ModelFrame(self, rows: picked) }
}
