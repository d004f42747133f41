/// Columns by name, all of one length: what a typed expression is evaluated on.
package protocol ExpressionFrame {
  var count: Int { get }
  /// The column of that name and type; asked only for what typing has settled.
  func column(_ name: String, _ type: ValueType) -> Column
}

extension TypedExpression {
  /// The expression's value on every row.
  ///
  /// Flags follow Kleene's logic: a comparison with a missing operand is unknown, `unknown and
  /// false` is false, `unknown or true` is true. Arithmetic with a missing operand, and what is not
  /// finite (a division by zero), is missing. O(rows) for every operation.
  package func evaluate<Frame: ExpressionFrame>(on frame: Frame) -> Column {
    let count = frame.count
    switch self {
    case .column(let name, let type):
      return frame.column(name, type)
    case .number(let value):
      return .number(NumberColumn(storage: Array(repeating: value, count: count)))
    case .text(let value):
      return .text(TextColumn(codes: Array(repeating: 0, count: count), values: [value]))
    case .time(let value):
      return .time(TimeColumn(milliseconds: Array(repeating: value, count: count)))
    case .flag(let value):
      return .flag(FlagColumn(storage: Array(repeating: value ? 1 : 0, count: count)))
    case .negative, .arithmetic, .timeDifference, .round:
      return .number(NumberColumn(storage: numbers(on: frame)))
    case .comparison(let comparison, let left, let right):
      return .flag(
        FlagColumn(storage: Self.compare(comparison, left, right, on: frame)))
    case .not(let operand):
      return .flag(FlagColumn(storage: operand.flags(on: frame).map(Kleene.not)))
    case .and(let left, let right):
      return .flag(
        FlagColumn(storage: Self.zipped(left.flags(on: frame), right.flags(on: frame), Kleene.and)))
    case .or(let left, let right):
      return .flag(
        FlagColumn(storage: Self.zipped(left.flags(on: frame), right.flags(on: frame), Kleene.or)))
    case .missing(let operand, let negated):
      return .flag(FlagColumn(storage: Self.missing(operand.evaluate(on: frame), negated: negated)))
    case .memberOfTexts(let operand, let texts, let negated):
      let column = operand.texts(on: frame)
      let wanted = Set(texts)
      let holds: [Int8] = column.values.map { wanted.contains($0) != negated ? 1 : 0 }
      return .flag(FlagColumn(storage: column.codes.map { $0 < 0 ? -1 : holds[Int($0)] }))
    case .memberOfNumbers(let operand, let wanted, let negated):
      return .flag(
        FlagColumn(
          storage: operand.numbers(on: frame).map { value in
            value.isNaN ? -1 : wanted.contains(value) != negated ? 1 : 0
          }))
    }
  }

  /// The condition's value on every row: 1, 0, −1 unknown.
  package func flags<Frame: ExpressionFrame>(on frame: Frame) -> [Int8] {
    guard case .flag(let column) = evaluate(on: frame) else {
      preconditionFailure("typing lets only conditions be evaluated as flags")
    }
    return column.storage
  }

  private func numbers<Frame: ExpressionFrame>(on frame: Frame) -> [Double] {
    switch self {
    case .negative(let operand):
      return operand.numbers(on: frame).map { -$0 }
    case .arithmetic(let operation, let left, let right):
      let (left, right) = (left.numbers(on: frame), right.numbers(on: frame))
      return Self.zipped(left, right) { (a, b) -> Double in
        let value: Double
        switch operation {
        case .add: value = a + b
        case .subtract: value = a - b
        case .multiply: value = a * b
        case .divide: value = a / b
        }
        return value.isFinite ? value : .nan
      }
    case .timeDifference(let left, let right):
      return Self.zipped(left.times(on: frame), right.times(on: frame)) { (a, b) -> Double in
        a == TimeColumn.missing || b == TimeColumn.missing ? .nan : Double(a - b) / 1000
      }
    case .round(let operand, let digits):
      let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
      return operand.numbers(on: frame).map { value in
        let rounded = (value * scale).rounded() / scale
        return rounded.isFinite ? rounded : value
      }
    default:
      guard case .number(let column) = evaluate(on: frame) else {
        preconditionFailure("typing lets only numbers be computed with")
      }
      return column.storage
    }
  }

  private func times<Frame: ExpressionFrame>(on frame: Frame) -> [Int64] {
    guard case .time(let column) = evaluate(on: frame) else {
      preconditionFailure("typing lets only times be subtracted as times")
    }
    return column.milliseconds
  }

  private func texts<Frame: ExpressionFrame>(on frame: Frame) -> TextColumn {
    guard case .text(let column) = evaluate(on: frame) else {
      preconditionFailure("typing lets only text be looked up in a list of texts")
    }
    return column
  }

  // MARK: Comparison

  private static func compare<Frame: ExpressionFrame>(
    _ comparison: Expression.Comparison, _ left: TypedExpression, _ right: TypedExpression,
    on frame: Frame
  ) -> [Int8] {
    switch (left.evaluate(on: frame), right.evaluate(on: frame)) {
    case (.number(let a), .number(let b)):
      return zipped(a.storage, b.storage) { (a, b) -> Int8 in
        a.isNaN || b.isNaN ? -1 : comparison.holds(a, b) ? 1 : 0
      }
    case (.time(let a), .time(let b)):
      return zipped(a.milliseconds, b.milliseconds) { (a, b) -> Int8 in
        a == TimeColumn.missing || b == TimeColumn.missing ? -1 : comparison.holds(a, b) ? 1 : 0
      }
    case (.flag(let a), .flag(let b)):
      return zipped(a.storage, b.storage) { (a, b) -> Int8 in
        a < 0 || b < 0 ? -1 : comparison.holds(a, b) ? 1 : 0
      }
    case (.text(let a), .text(let b)):
      let (left, right) = TextColumn.aligned(a, b)
      return zipped(left, right) { (a, b) -> Int8 in
        a < 0 || b < 0 ? -1 : comparison.holds(a, b) ? 1 : 0
      }
    default:
      preconditionFailure("typing lets only values of one type be compared")
    }
  }

  private static func missing(_ column: Column, negated: Bool) -> [Int8] {
    let (absent, present): (Int8, Int8) = negated ? (0, 1) : (1, 0)
    switch column {
    case .text(let column): return column.codes.map { $0 < 0 ? absent : present }
    case .number(let column): return column.storage.map { $0.isNaN ? absent : present }
    case .time(let column):
      return column.milliseconds.map { $0 == TimeColumn.missing ? absent : present }
    case .flag(let column): return column.storage.map { $0 < 0 ? absent : present }
    }
  }

  @inline(__always) private static func zipped<A, B, Result>(
    _ a: [A], _ b: [B], _ combine: (A, B) -> Result
  ) -> [Result] {
    precondition(a.count == b.count, "columns of one frame have one length")
    return [Result](unsafeUninitializedCapacity: a.count) { buffer, initialized in
      for row in 0..<a.count {
        (buffer.baseAddress! + row).initialize(to: combine(a[row], b[row]))
      }
      initialized = a.count
    }
  }
}

/// Three-valued logic over 1, 0 and −1 (unknown).
package enum Kleene {
  package static func not(_ a: Int8) -> Int8 { a < 0 ? -1 : 1 - a }

  package static func and(_ a: Int8, _ b: Int8) -> Int8 {
    a == 0 || b == 0 ? 0 : a < 0 || b < 0 ? -1 : 1
  }

  package static func or(_ a: Int8, _ b: Int8) -> Int8 {
    a == 1 || b == 1 ? 1 : a < 0 || b < 0 ? -1 : 0
  }
}

extension Expression.Comparison {
  @inline(__always) func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
    switch self {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}
