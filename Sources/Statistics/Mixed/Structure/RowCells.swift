/// The distinct rows of a model: those with the same fixed effects, covariates, offset and levels.
///
/// A generalized model's likelihood sees only their sums, so that it is fitted to these instead.
struct RowCells: Sendable {
  /// The first input row of each cell, ascending.
  let representatives: [Int32]
  /// The cell of each input row.
  let cells: [Int32]

  /// Every row for itself.
  init(rows: Int) {
    representatives = (0..<Int32(rows)).map { $0 }
    cells = representatives
  }

  /// Finds the cells in one pass over the rows, with a table of open addresses.
  init(_ data: MixedModelData, _ plan: TermPlan) {
    let count = data.count
    var columns: [ArraySlice<Double>] = (0..<data.fixedEffects.columns).map {
      data.fixedEffects.column($0)
    }
    for term in data.terms {
      guard let covariates = term.covariates else { continue }
      for c in 0..<covariates.columns { columns.append(covariates.column(c)) }
    }
    if let offset = data.offset { columns.append(offset[...]) }
    let hashes = Self.hashes(columns, plan.codes, count)
    var slots = 16
    while slots < 2 * count { slots *= 2 }
    var table = [Int32](repeating: -1, count: slots)
    var representatives: [Int32] = []
    var cells = [Int32](repeating: 0, count: count)
    for row in 0..<count {
      var slot = Int(truncatingIfNeeded: hashes[row] >> 20) & (slots - 1)
      while table[slot] >= 0 {
        let first = Int(representatives[Int(table[slot])])
        if hashes[first] == hashes[row], Self.areEqual(first, row, columns, plan.codes) { break }
        slot = (slot + 1) & (slots - 1)
      }
      if table[slot] < 0 {
        table[slot] = Int32(representatives.count)
        representatives.append(Int32(row))
      }
      cells[row] = table[slot]
    }
    self.representatives = representatives
    self.cells = cells
  }

  /// The sums of `values` over the rows of each cell.
  func sums(_ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: representatives.count)
    for (row, cell) in cells.enumerated() { sums[Int(cell)] += values[row] }
    return sums
  }

  /// A hash a row: each column folded in by a multiplication and a shift (Steele, Lea & Flood 2014).
  private static func hashes(
    _ columns: [ArraySlice<Double>], _ codes: [[Int32]], _ count: Int
  ) -> [UInt64] {
    var hashes = [UInt64](repeating: 0x9E37_79B9_7F4A_7C15, count: count)
    func fold(_ row: Int, _ bits: UInt64) {
      var mixed = (hashes[row] ^ bits) &* 0xBF58_476D_1CE4_E5B9
      mixed ^= mixed >> 29
      hashes[row] = mixed &* 0x94D0_49BB_1331_11EB
    }
    for column in columns {
      column.withUnsafeBufferPointer { values in
        // Adding zero makes −0 and 0 one.
        for row in 0..<count { fold(row, (values[row] + 0).bitPattern) }
      }
    }
    for term in codes {
      for row in 0..<count { fold(row, UInt64(term[row]) &+ 1) }
    }
    return hashes
  }

  private static func areEqual(
    _ a: Int, _ b: Int, _ columns: [ArraySlice<Double>], _ codes: [[Int32]]
  ) -> Bool {
    for term in codes where term[a] != term[b] { return false }
    for column in columns
    where column[column.startIndex + a] != column[column.startIndex + b] { return false }
    return true
  }
}
