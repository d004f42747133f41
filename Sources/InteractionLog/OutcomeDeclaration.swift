/// One outcome beside repeats, as a study declares it.
public struct OutcomeDeclaration: Sendable, Equatable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case escalation, churn, conversion, resolution

    /// Whether more of it is what one wants.
    public var isGood: Bool { self == .conversion || self == .resolution }
  }

  public var name: String
  public var kind: Kind
  /// The condition under which it happened on an interaction, as written; nil where churn is told
  /// from silence.
  public var when: String?
  /// Whether more of it is what one wants.
  public var isGood: Bool
  /// What one event costs, or is worth where it is good, in the study's currency.
  public var money: Double?
  /// Failure modes that come after it and so cannot have brought it about.
  public var without: [String]

  public init(
    name: String, kind: Kind, when: String?, isGood: Bool? = nil, money: Double? = nil,
    without: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.when = when
    self.isGood = isGood ?? kind.isGood
    self.money = money
    self.without = without
  }
}

extension Study {
  /// The columns that a condition reads, those behind derived columns included; empty where it does
  /// not parse.
  package func columnsRead(by condition: String) -> Set<String> {
    var seen = Set<String>()
    var open = [condition]
    while let text = open.popLast() {
      guard let expression = try? Expression.parse(text, place: "") else { continue }
      for name in expression.columnNames where seen.insert(name).inserted {
        if let behind = derived[name] { open.append(behind) }
      }
    }
    return seen
  }
}

extension Expression {
  /// Names of the columns that it reads, in the order of the text.
  package var columnNames: [String] {
    switch kind {
    case .column(let name): [name]
    case .literal: []
    case .negative(let a), .not(let a), .missing(let a, _), .member(let a, _, _), .round(let a, _):
      a.columnNames
    case .arithmetic(_, let a, let b), .comparison(_, let a, let b), .and(let a, let b),
      .or(let a, let b):
      a.columnNames + b.columnNames
    case .aggregate(_, let a): a?.columnNames ?? []
    }
  }
}
