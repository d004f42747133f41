/// What is wrong in a formula, and at which place of it.
public struct FormulaFault: Error, Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case syntax(found: String, expected: String)
    case unknownFunction(name: String, known: [String])
    /// The columns that there are come with it, so that the nearest can be named.
    case unknownColumn(name: String, columns: [String])
    /// A text column where a number is computed.
    case textInArithmetic(column: String)
    /// Something that stands where its kind has no meaning.
    case misplaced(what: String, expected: String)
  }

  /// The formula, as written.
  public let text: String
  /// Byte offset in `text` of what is wrong.
  public let position: Int
  public let kind: Kind

  public init(text: String, position: Int, kind: Kind) {
    self.text = text
    self.position = position
    self.kind = kind
  }
}

extension FormulaFault: CustomStringConvertible {
  public var description: String { wording(nearest: []) }

  /// The message with names that come close to an unknown one, and a caret under the place.
  public func wording(nearest: [String]) -> String {
    let (excerpt, marker) = excerpt
    return "The formula cannot be used: \(message(nearest: nearest))\n  \(excerpt)\n  \(marker)"
  }

  private func message(nearest: [String]) -> String {
    let hint =
      nearest.isEmpty
      ? "" : "; nearest: " + nearest.map { "\"\($0)\"" }.joined(separator: ", ")
    switch kind {
    case .syntax(let found, let expected):
      return "expected \(expected), found \(found)."
    case .unknownFunction(let name, let known):
      return "there is no function \"\(name)\"; there are \(known.joined(separator: ", "))."
    case .unknownColumn(".", _):
      return "\".\" for all other columns is not known here: name the columns."
    case .unknownColumn(let name, let columns):
      let shown = columns.prefix(40).joined(separator: ", ") + (columns.count > 40 ? ", …" : "")
      return "there is no column \"\(name)\"\(hint). The columns are: \(shown)."
    case .textInArithmetic(let column):
      return "\"\(column)\" is a column of text, expected numbers here."
    case .misplaced(let what, let expected):
      return "\(what) cannot stand here; expected \(expected)."
    }
  }

  /// The formula, of a long one what surrounds the place, and a caret under it, in characters.
  private var excerpt: (text: String, marker: String) {
    let before = String(decoding: Array(text.utf8.prefix(position)), as: UTF8.self)
    let characters = Array(text)
    let (margin, place) = (100, min(before.count, characters.count))
    let shown = max(place - margin, 0)..<min(place + margin, characters.count)
    let (head, tail) = (shown.lowerBound > 0 ? "…" : "", shown.upperBound < characters.count)
    return (
      head + String(characters[shown]) + (tail ? "…" : ""),
      String(repeating: " ", count: place - shown.lowerBound + head.count) + "^"
    )
  }
}
