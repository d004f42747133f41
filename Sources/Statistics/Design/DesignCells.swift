/// A design of distinct rows, with the row of it that each row of the data is.
public struct DesignCells: Sendable {
  public let design: Design
  /// One a row of the frame, in terms of the design's rows.
  public let cellOfRow: [Int32]

  public var cellCount: Int { design.rowCount }
}

extension DesignRecipe {
  /// The distinct rows of a design where they are fewer than half of all: a fit of cells costs what
  /// there is of cells. nil where rows are mostly distinct.
  ///
  /// - Parameter offset: known parts of η, which are the same for all rows of a cell.
  public func cells(
    _ frame: ModelFrame, offset: [Double]? = nil
  ) throws(DesignError) -> DesignCells? {
    try cells(frame, offset: offset, threads: 1)
  }

  func cells(
    _ frame: ModelFrame, offset: [Double]?, threads: Int
  ) throws(DesignError) -> DesignCells? {
    var codes: [[Int32]] = []
    var levels: [Int] = []
    func add(_ column: [Double]) -> Bool {
      guard let distinct = DistinctCodes(column, threads: threads) else { return false }
      codes.append(distinct.codes)
      levels.append(distinct.count)
      return true
    }
    for variable in variables.indices {
      if case .factor(let own) = variables[variable] {
        codes.append(try self.codes(variable, frame))
        levels.append(own.count)
        continue
      }
      // The first column of a polynomial decides the others.
      guard add(try values(variable, frame)[0]) else { return nil }
    }
    if let offset, !add(offset) { return nil }
    guard !codes.isEmpty, frame.rowCount > 0 else { return nil }
    var keys = RowKeys(codes: codes, levels: levels, rowCount: frame.rowCount, threads: threads)
    keys.compact()
    guard keys.range * 2 <= frame.rowCount else { return nil }
    let representatives = keys.firstRows()
    let names = Set(terms.variables.flatMap(\.columns).map(\.name))
    let chosen = frame.selecting(representatives, of: names, threads: threads)
    return DesignCells(
      design: try design(chosen, threads: threads), cellOfRow: keys.keys)
  }
}

extension RowKeys {
  /// The first row of each key, all of which must occur.
  fileprivate func firstRows() -> [Int32] {
    var rows = [Int32](repeating: 0, count: range)
    for row in keys.indices.reversed() { rows[Int(keys[row])] = Int32(row) }
    return rows
  }
}

extension ModelFrame {
  /// Some of the rows with some of the columns.
  func selecting(_ picked: [Int32], of names: Set<String>, threads: Int) -> ModelFrame {
    ModelFrame(
      self, rows: picked, names: table.names.filter(names.contains), threads: threads)
  }
}
