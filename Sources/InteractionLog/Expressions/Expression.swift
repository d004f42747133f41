/// A condition or column expression of a study, as parsed: names are not resolved yet.
///
/// Grammar, loosest binding first:
///
///     or          and ("or" and)*
///     and         not ("and" not)*
///     not         "not" not | comparison
///     comparison  sum (("==" | "!=" | "<" | "<=" | ">" | ">=") sum
///                      | ["not"] "in" "[" literal ("," literal)* "]"
///                      | "is" ["not"] "missing")?
///     sum         term (("+" | "-") term)*
///     term        factor (("*" | "/") factor)*
///     factor      "-" factor | number | text | "true" | "false" | "(" or ")"
///                 | name | function "(" … ")"
///
/// A name is letters, digits, `_` and `.`, or anything between backticks.
package struct Expression: Sendable, Equatable {
  package indirect enum Kind: Sendable, Equatable {
    case column(String)
    case literal(Literal)
    case negative(Expression)
    case arithmetic(Arithmetic, Expression, Expression)
    case comparison(Comparison, Expression, Expression)
    case not(Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    case missing(Expression, negated: Bool)
    case member(Expression, of: [Literal], negated: Bool)
    case aggregate(Aggregate, Expression?)
    case round(Expression, digits: Int)
  }

  package enum Literal: Sendable, Equatable {
    case number(Double)
    case text(String)
    case flag(Bool)
  }

  package enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
  }

  package enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case
      greaterOrEqual = ">="

    /// Whether only equality is asked for.
    package var isEquality: Bool { self == .equal || self == .notEqual }
  }

  /// Reduces the events of an interaction to one value.
  package enum Aggregate: String, Sendable, CaseIterable {
    case first, last, any, changed, max, min, count
  }

  package var kind: Kind
  /// Byte offset in the text it was parsed from.
  package var position: Int

  package init(_ kind: Kind, at position: Int) {
    self.kind = kind
    self.position = position
  }
}

extension Expression: CustomStringConvertible {
  /// The expression written in one way, whatever spaces and parentheses it was read with: two
  /// expressions of one spelling compute the same.
  package var description: String {
    switch kind {
    case .column(let name): Expression.spelled(name)
    case .literal(let literal): literal.description
    case .negative(let operand): "-\(nested(operand))"
    case .arithmetic(let operation, let left, let right):
      "\(nested(left)) \(operation.rawValue) \(nested(right))"
    case .comparison(let comparison, let left, let right):
      "\(nested(left)) \(comparison.rawValue) \(nested(right))"
    case .not(let operand): "not \(nested(operand))"
    case .and(let left, let right): "\(nested(left)) and \(nested(right))"
    case .or(let left, let right): "\(nested(left)) or \(nested(right))"
    case .missing(let operand, let negated):
      "\(nested(operand)) is \(negated ? "not " : "")missing"
    case .member(let operand, let literals, let negated):
      "\(nested(operand)) \(negated ? "not " : "")in ["
        + literals.map(\.description).joined(separator: ", ") + "]"
    case .aggregate(let aggregate, let operand):
      "\(aggregate.rawValue)(\(operand?.description ?? ""))"
    case .round(let operand, let digits): "round(\(operand), \(digits))"
    }
  }

  private func nested(_ operand: Expression) -> String {
    switch operand.kind {
    case .column, .literal, .aggregate, .round: operand.description
    default: "(\(operand))"
    }
  }

  private static func spelled(_ name: String) -> String {
    let plain = ExpressionLexer.isPlainName(name)
    return plain ? name : "`\(name)`"
  }
}

extension Expression.Literal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    case .text(let text):
      "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) } + "\""
    case .flag(let flag): flag ? "true" : "false"
    }
  }
}
