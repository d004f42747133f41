extension DesignRecipe {
  /// The design of a frame's rows: the one of the fit, or one to predict on.
  ///
  /// - Throws: `.unseenLevel` for a level that the recipe does not have, faults of expressions.
  public func design(_ frame: ModelFrame) throws(DesignError) -> Design {
    try design(frame, threads: 1)
  }

  func design(_ frame: ModelFrame, threads: Int) throws(DesignError) -> Design {
    var codes: [Int: [Int32]] = [:]
    var values: [Int: [[Double]]] = [:]
    for variable in variables.indices {
      if case .factor = variables[variable] {
        codes[variable] = try self.codes(variable, frame)
      } else {
        values[variable] = try self.values(variable, frame)
      }
    }
    let factors = codes.keys.sorted()
    let cells = CellOrder(
      codes: factors.map { codes[$0] ?? [] }, levels: factors.map { width($0, isFull: true) },
      rowCount: frame.rowCount, threads: threads)
    var builder = DesignBuilder(cells: cells, threads: threads)
    if terms.hasIntercept { builder.addIntercept() }
    for term in codedTerms { builder.add(term, self, codes: codes, values: values) }
    return builder.design(rowCount: frame.rowCount)
  }
}

/// A design while terms are added to it.
private struct DesignBuilder {
  let cells: CellOrder
  private let threads: Int
  private var width = 0
  private var common: [Design.Entry] = []
  private var entries: [[Design.Entry]]
  private var columns: [Double] = []
  private var columnCount: Int32 = 0
  /// The value number of each product of variables' columns.
  private var numbers: [[[Int]]: Int32] = [:]

  init(cells: CellOrder, threads: Int) {
    self.cells = cells
    self.threads = threads
    entries = Array(repeating: [], count: cells.cellCount)
  }

  mutating func addIntercept() {
    common.append(Design.Entry(column: Int32(width), value: 0))
    width += 1
  }

  /// Adds a term's columns: for each combination of its numeric columns one value, which goes to
  /// the column of the row's levels, or to none at a reference level.
  mutating func add(
    _ term: DesignRecipe.Term, _ recipe: DesignRecipe, codes: [Int: [Int32]],
    values: [Int: [[Double]]]
  ) {
    var stride = 1
    var factors: [(codes: [Int32], stride: Int, isFull: Bool)] = []
    // Each combination is a list of (variable, column) with its place among the term's columns.
    var combinations: [(parts: [[Int]], offset: Int)] = [([], 0)]
    for (variable, isFull) in zip(term.variables, term.isFull) {
      if let own = codes[variable] {
        factors.append((own, stride, isFull))
      } else {
        let count = values[variable]?.count ?? 0
        combinations = (0..<count).flatMap { column in
          combinations.map { ($0.parts + [[variable, column]], $0.offset + column * stride) }
        }
      }
      stride *= recipe.width(variable, isFull: isFull)
    }
    let first = width
    width += stride
    let offsets = factors.isEmpty ? nil : self.offsets(factors)
    for combination in combinations {
      let number = valueNumber(combination.parts, values)
      guard let offsets else {
        common.append(
          Design.Entry(column: Int32(first + combination.offset), value: number))
        continue
      }
      for (cell, offset) in offsets.enumerated() where offset >= 0 {
        entries[cell].append(
          Design.Entry(column: Int32(first + combination.offset + offset), value: number))
      }
    }
  }

  /// Each cell's place among the factors' columns, −1 where a factor is at its reference level.
  private func offsets(_ factors: [(codes: [Int32], stride: Int, isFull: Bool)]) -> [Int] {
    (0..<cells.cellCount).map { cell in
      let place = Int(cells.starts[cell])
      let row = cells.rows.map { Int($0[place]) } ?? place
      var offset = 0
      for factor in factors {
        let code = Int(factor.codes[row]) - (factor.isFull ? 0 : 1)
        if code < 0 { return -1 }
        offset += code * factor.stride
      }
      return offset
    }
  }

  private mutating func valueNumber(_ parts: [[Int]], _ values: [Int: [[Double]]]) -> Int32 {
    if parts.isEmpty { return 0 }
    if let known = numbers[parts] { return known }
    var product: [Double] = []
    for part in parts {
      let factor = values[part[0]]?[part[1]] ?? []
      if product.isEmpty {
        product = factor
      } else {
        for row in product.indices { product[row] *= factor[row] }
      }
    }
    columns += cells.rows.map { gathered(product, $0, threads: threads) } ?? product
    columnCount += 1
    numbers[parts] = columnCount
    return columnCount
  }

  func design(rowCount: Int) -> Design {
    var starts: [Int32] = [0]
    var all: [Design.Entry] = []
    for own in entries {
      all += own.sorted { $0.column < $1.column }
      starts.append(Int32(all.count))
    }
    return Design(
      rowCount: rowCount, columnCount: width, order: cells.rows, cellStarts: cells.starts,
      entryStarts: starts, entries: all, common: common.sorted { $0.column < $1.column },
      values: columns, valueCount: Int(columnCount))
  }
}
