import RealModule

/// The rows and columns of a table that a model uses: rows without a missing value in any of them.
public struct ModelFrame: Sendable {
  public let formula: ModelFormula
  /// The columns used, complete rows only, text with the levels that occur.
  public let table: DataTable
  /// Rows of the whole table that were kept, ascending; nil where all were.
  public let rows: [Int32]?
  /// Rows left out because a value is missing.
  public let droppedRowCount: Int

  public var rowCount: Int { table.rowCount }

  /// Chooses the rows.
  ///
  /// - Parameters:
  ///   - further: columns beside the formula's: weights, an offset, clusters, by role.
  ///   - includingResponse: false for a table to predict on.
  /// - Throws: `DesignError` for unknown columns and where no row is complete.
  public init(
    _ formula: ModelFormula, _ table: DataTable,
    further: [(role: String, name: String)] = [], includingResponse: Bool = true
  ) throws(DesignError) {
    let nodes = formula.nodes.dropFirst(includingResponse ? 0 : formula.responseNodes.count)
    var names: [String] = []
    for (name, position) in nodes.flatMap(\.columns) {
      guard table[name] != nil else {
        throw .formula(
          FormulaFault(
            text: formula.text, position: position,
            kind: .unknownColumn(name: name, columns: table.names)))
      }
      if !names.contains(name) { names.append(name) }
    }
    for (role, name) in further {
      guard table[name] != nil else {
        throw .unknownColumn(role: role, name: name, columns: table.names)
      }
      if !names.contains(name) { names.append(name) }
    }
    let rows = try table.requiredRows(of: names)
    self.formula = formula
    self.table = table.selecting(names, rows: rows)
    self.rows = rows
    droppedRowCount = table.rowCount - (rows?.count ?? table.rowCount)
  }

  /// Some rows of a frame, in the order named, with some of its columns.
  init(_ frame: ModelFrame, rows picked: [Int32], names: [String], threads: Int) {
    formula = frame.formula
    table = frame.table.selecting(names, rows: picked, threads: threads)
    rows = picked.map { Int32(frame.originalRow(Int($0))) }
    droppedRowCount = frame.droppedRowCount
  }

  /// The row of the whole table that a row of the frame was.
  func originalRow(_ row: Int) -> Int { rows.map { Int($0[row]) } ?? row }

  /// A column of text of the frame; a column of numbers with its distinct values as levels.
  public func codes(_ name: String) throws(DesignError) -> DataTable.Text {
    try codes(FormulaNode(.name(name), at: 0))
  }

  /// A column of finite numbers that an option names.
  public func numbers(_ name: String, role: String) throws(DesignError) -> [Double] {
    if case .text = table[name] { throw .textColumn(role: role, name: name) }
    return try numbers(FormulaNode(.name(name), at: 0))
  }

  // MARK: Expressions

  /// Whether an expression is text or `factor()`.
  func isFactor(_ node: FormulaNode) -> Bool {
    switch node.kind {
    case .name(let name):
      if case .text = table[name] { true } else { false }
    case .call(let function, _): function == "factor"
    case .group(let inner): isFactor(inner)
    default: false
    }
  }

  /// The levels of a factor, with a code for each row.
  func codes(_ node: FormulaNode) throws(DesignError) -> DataTable.Text {
    switch node.kind {
    case .name(let name):
      if case .text(let text) = table[name] { return text }
    case .call("factor", let arguments):
      guard arguments.count == 1 else {
        throw fault(node, .misplaced(what: "factor() of several values", expected: "one column"))
      }
      return try codes(arguments[0].value)
    case .group(let inner): return try codes(inner)
    default: break
    }
    return Self.levels(of: try numbers(node))
  }

  /// Distinct numbers as levels, by their value and not by their spelling.
  private static func levels(of values: [Double]) -> DataTable.Text {
    let (codes, distinct) = DataTable.Numbers.codes(values)
    return DataTable.Text(trusted: codes, levels: distinct.map(FormulaNode.digits))
  }

  /// The values of an expression, all finite and of a size that can be squared.
  func numbers(_ node: FormulaNode) throws(DesignError) -> [Double] {
    let values = try evaluate(node)
    let size = values.largestMagnitude
    if size == 0 || (DesignError.smallest...DesignError.largest).contains(size) { return values }
    for (row, value) in values.enumerated() where !value.isFinite {
      throw .notFinite(
        expression: node.text, row: originalRow(row),
        value: value.isNaN ? "not a number" : value < 0 ? "-infinity" : "infinity")
    }
    let largest = values.firstIndex { $0.magnitude == size } ?? 0
    throw .outOfScale(expression: node.text, row: originalRow(largest), value: values[largest])
  }

  private func evaluate(_ node: FormulaNode) throws(DesignError) -> [Double] {
    switch node.kind {
    case .number(let value):
      return [Double](repeating: value, count: rowCount)
    case .name(let name):
      guard case .numbers(let numbers) = table[name] else {
        throw fault(node, .textInArithmetic(column: name))
      }
      return numbers.values
    case .group(let inner):
      return try evaluate(inner)
    case .unary(let symbol, let operand):
      let values = try evaluate(operand)
      return symbol == "-" ? values.map { -$0 } : values
    case .binary(let symbol, let left, let right):
      let operation = try arithmetic(symbol, node)
      return zip(try evaluate(left), try evaluate(right)).map(operation)
    case .call(let name, let arguments):
      let function = try function(name, node)
      guard arguments.count == 1 else {
        throw fault(
          node, .misplaced(what: "\(name)() of several values", expected: "one expression"))
      }
      return try evaluate(arguments[0].value).map(function)
    }
  }

  private func arithmetic(
    _ symbol: String, _ node: FormulaNode
  ) throws(DesignError) -> (Double, Double) -> Double {
    switch symbol {
    case "+": return { $0 + $1 }
    case "-": return { $0 - $1 }
    case "*": return { $0 * $1 }
    case "/": return { $0 / $1 }
    case "^": return Self.power
    default:
      throw fault(
        node, .misplaced(what: "\"\(symbol)\"", expected: "arithmetic: + - * / ^"))
    }
  }

  /// x^n; by multiplication for small whole n, so that each power is rounded once a step.
  private static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 2 { return base * base }
    if exponent == exponent.rounded(), abs(exponent) < 1e9 { return .pow(base, Int(exponent)) }
    return .pow(base, exponent)
  }

  private func function(
    _ name: String, _ node: FormulaNode
  ) throws(DesignError) -> (Double) -> Double {
    switch name {
    case "I": return { $0 }
    case "log": return { .log($0) }
    case "exp": return { .exp($0) }
    case "sqrt": return { $0.squareRoot() }
    case "poly", "factor", "offset":
      throw fault(node, .misplaced(what: "\(name)()", expected: "a number at each row"))
    default:
      throw fault(node, .unknownFunction(name: name, known: FormulaFunction.names))
    }
  }

  private func fault(_ node: FormulaNode, _ kind: FormulaFault.Kind) -> DesignError {
    .formula(FormulaFault(text: formula.text, position: node.position, kind: kind))
  }
}

extension [Double] {
  /// The largest size, by the bits of the numbers, for which there are vectors; infinite or no number
  /// where one is.
  fileprivate var largestMagnitude: Double {
    withUnsafeBufferPointer { values in
      var largest: UInt64 = 0
      for value in values { largest = Swift.max(largest, value.bitPattern & ~(1 << 63)) }
      return Double(bitPattern: largest)
    }
  }
}
