import InteractionLog

/// What is adjusted for and never blamed, as factors: each context column's levels, and the distinct
/// combinations of levels that occur.
///
/// Number columns are cut at their quintiles; levels on fewer than `minimumRows` rows are pooled as
/// `(other)`, missing values are the level `(missing)`. The most frequent level of each factor is its
/// reference and has no column.
package struct ContextTable: Sendable {
  package struct Factor: Sendable {
    package let name: String
    package let levels: [String]
    package let reference: Int
    /// Design column of each level, −1 for the reference.
    package let column: [Int32]
  }

  package let factors: [Factor]
  /// Names of the design columns, `factor=level`.
  package let columnNames: [String]
  /// Combination of each row.
  package let combination: [Int32]
  /// Design columns of each combination, ascending.
  package let columns: [[Int32]]

  package static let maximumLevels = 60

  /// - Parameter whole: text columns of which every level that occurs stays apart.
  package init(table: InteractionTable, names: [String], whole: Set<String> = []) {
    let minimumRows = max(20, table.count / 2000)
    var factors: [Factor] = []
    var codes: [[Int32]] = []
    var columnNames: [String] = []
    for name in names {
      guard
        let (levels, code) = ContextTable.levels(
          of: name, in: table, minimumRows: minimumRows, pools: !whole.contains(name))
      else { continue }
      guard levels.count > 1 else { continue }
      var rows = [Int](repeating: 0, count: levels.count)
      for c in code { rows[Int(c)] += 1 }
      var reference = 0
      for level in levels.indices where rows[level] > rows[reference] { reference = level }
      var column = [Int32](repeating: -1, count: levels.count)
      for level in levels.indices where level != reference {
        column[level] = Int32(columnNames.count)
        columnNames.append("\(name)=\(levels[level])")
      }
      factors.append(Factor(name: name, levels: levels, reference: reference, column: column))
      codes.append(code)
    }
    self.factors = factors
    self.columnNames = columnNames
    var index = CellIndex(width: max(codes.count, 1))
    var combination = [Int32](repeating: 0, count: table.count)
    var key = [Int32](repeating: 0, count: max(codes.count, 1))
    for row in 0..<table.count {
      for f in codes.indices { key[f] = codes[f][row] }
      combination[row] = index.number(of: key)
    }
    self.combination = combination
    columns = (0..<index.count).map { number in
      let key = index[number]
      return factors.indices.map { factors[$0].column[Int(key[key.startIndex + $0])] }
        .filter { $0 >= 0 }
    }
  }

  /// Level names and the level of every row; nil where the log has no such column.
  private static func levels(
    of name: String, in table: InteractionTable, minimumRows: Int, pools: Bool
  ) -> ([String], [Int32])? {
    if name == "topic" || name == "intent_actual" {
      return pooled(table.topic, minimumRows: minimumRows)
    }
    switch table.columns[name] {
    case .text(let column):
      return pooled(
        column, minimumRows: pools ? minimumRows : 1,
        maximumLevels: pools ? maximumLevels : column.values.count)
    case .number(let column): return binned(column.storage)
    case .flag(let column):
      let present = column.storage.contains(-1)
      return (
        ["no", "yes"] + (present ? ["(missing)"] : []),
        column.storage.map { $0 < 0 ? 2 : Int32($0) }
      )
    case .time, nil: return nil
    }
  }

  private static func pooled(
    _ column: TextColumn, minimumRows: Int, maximumLevels: Int = ContextTable.maximumLevels
  ) -> ([String], [Int32]) {
    var rows = [Int](repeating: 0, count: column.values.count)
    for code in column.codes where code >= 0 { rows[Int(code)] += 1 }
    let largest = rows.indices.sorted { rows[$0] == rows[$1] ? $0 < $1 : rows[$0] > rows[$1] }
      .prefix(maximumLevels)
    let kept = largest.filter { rows[$0] >= minimumRows }.sorted()
    var level = [Int32](repeating: Int32(kept.count), count: column.values.count)
    for (index, value) in kept.enumerated() { level[value] = Int32(index) }
    var names = kept.map { column.values[$0] }
    let other = rows.indices.contains { rows[$0] > 0 && level[$0] == Int32(kept.count) }
    if other { names.append("(other)") }
    let missing = column.codes.contains { $0 < 0 }
    if missing { names.append("(missing)") }
    let missingLevel = Int32(names.count - 1)
    return (names, column.codes.map { $0 < 0 ? missingLevel : level[Int($0)] })
  }

  private static func binned(_ values: [Double]) -> ([String], [Int32]) {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard let smallest = sorted.first else { return (["(missing)"], values.map { _ in 0 }) }
    var cuts: [Double] = []
    for q in 1...4 {
      let cut = sorted[min(sorted.count - 1, sorted.count * q / 5)]
      if cut > smallest && cut != cuts.last { cuts.append(cut) }
    }
    var names = ["below \(cuts.first ?? smallest)"]
    for cut in cuts { names.append("from \(cut)") }
    let missing = sorted.count < values.count
    if missing { names.append("(missing)") }
    let missingLevel = Int32(names.count - 1)
    let codes = values.map { value -> Int32 in
      value.isNaN ? missingLevel : Int32(cuts.reduce(0) { $0 + (value >= $1 ? 1 : 0) })
    }
    return (names, codes)
  }
}
