import RealModule

/// A part of a formula as it was parsed, with its place.
public struct FormulaNode: Sendable {
  public indirect enum Kind: Sendable {
    case name(String)
    case number(Double)
    case call(String, [Argument])
    case unary(String, FormulaNode)
    case binary(String, FormulaNode, FormulaNode)
    /// Parentheses.
    case group(FormulaNode)
  }

  /// An argument of a call, with its name where it was given (`raw = TRUE`).
  public struct Argument: Sendable {
    public let label: String?
    public let value: FormulaNode
  }

  public let kind: Kind
  /// Byte offset in the formula: of an operator for operations, of the first byte otherwise.
  public let position: Int

  init(_ kind: Kind, at position: Int) {
    self.kind = kind
    self.position = position
  }

  /// The expression in R's spelling: what terms and coefficients are named by.
  public var text: String {
    switch kind {
    case .name(let name):
      return FormulaLexer.isPlainName(name) ? name : "`\(name)`"
    case .number(let value):
      return Self.digits(value)
    case .call(let name, let arguments):
      let inside = arguments.map { ($0.label.map { "\($0) = " } ?? "") + $0.value.text }
      return "\(name)(\(inside.joined(separator: ", ")))"
    case .unary(let symbol, let operand):
      return symbol + operand.text
    case .binary(let symbol, let left, let right):
      let spaced = ["^", ":", "/"].contains(symbol) ? symbol : " \(symbol) "
      return left.text + spaced + right.text
    case .group(let inner):
      return "(\(inner.text))"
    }
  }

  /// The names of columns in the expression, in order, with their places.
  public var columns: [(name: String, position: Int)] {
    switch kind {
    case .name(let name): return [(name, position)]
    case .number: return []
    case .call(_, let arguments):
      // `raw = TRUE` and its like name no column.
      return arguments.filter { $0.label == nil }.flatMap(\.value.columns)
    case .unary(_, let operand): return operand.columns
    case .binary(_, let left, let right): return left.columns + right.columns
    case .group(let inner): return inner.columns
    }
  }

  /// A number with at most 15 significant digits, as R writes it in names.
  static func digits(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
    var shortened = value
    if value != 0 {
      let power = 14 - Int(Double.log10(abs(value)).rounded(.down))
      // Rounding in decimal needs a power of ten that a double holds exactly.
      if (-22...22).contains(power) {
        let scale = Double.exp10(Double(abs(power))).rounded()
        shortened =
          power >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
      }
    }
    return shortened == shortened.rounded() && abs(shortened) < 1e15
      ? "\(Int(shortened))" : "\(shortened)"
  }
}
