/// The wording of why a row was rejected: what was expected, in a few words, without the value.
package enum RejectionReason {
  static let missingInteractionID = "no value; every row needs an interaction id"
  static let missingStart = "no value; every interaction needs a start"
  static let duplicateID = "duplicate interaction id; only the first row with it is used"
  static let endsBeforeStart = "the interaction ends before it starts"
  static let activeToBeforeFrom = "active_to is before active_from"
  static let aliasOfItself = "a customer cannot be an alias of itself"
  static let missingCustomerID = "no value; every row of the customers file needs a customer id"
  static let duplicateCustomer = "duplicate customer id; only the first row with it is used"

  static func of(_ fault: FieldFault, kind: FieldKind, times: TimeParser) -> String {
    switch fault {
    case .notUTF8: "not valid UTF-8; save the file as UTF-8"
    case .notNumber: "expected a number"
    case .decimalComma: "expected a number with a decimal point, without separators"
    case .outOfRange: "expected \(range(of: kind))"
    case .notTime: "expected \(times.expectation)"
    case .withoutZone:
      "expected a time with its zone, like 2026-01-05T09:30:00Z; or name the zone in the study "
        + "(source.time.zone)"
    case .unknownChoice: "expected \(choices(of: kind))"
    case .notFlag: "expected true or false (or yes/no, 1/0, blank)"
    case .notOrder: "expected a number or \(times.expectation), to order events by"
    case .missingOrder: "no value; every event needs one to be ordered by"
    }
  }

  package static func of(_ defect: RecordDefect) -> String {
    switch defect {
    case .textAfterQuote:
      "text after a closing quote; quotes inside a quoted field are doubled (\"\")"
    case .wrongFieldCount(let found, let expected):
      "\(found) fields, the header has \(expected)"
    case .notJSONObject: "expected one JSON object per line"
    }
  }

  /// The bounds or choices that a computed value does not keep.
  static func outside(_ kind: FieldKind) -> String {
    if case .choice = kind { return "expected \(choices(of: kind))" }
    return "expected \(range(of: kind))"
  }

  private static func choices(of kind: FieldKind) -> String {
    guard case .choice(let choices) = kind else { return "another value" }
    return "one of " + choices.joined(separator: ", ") + " or blank"
  }

  private static func range(of kind: FieldKind) -> String {
    guard case .number(let minimum, let maximum) = kind else { return "another number" }
    return maximum.isFinite
      ? "a number from \(Expression.Literal.number(minimum)) to \(Expression.Literal.number(maximum))"
      : "a number of \(Expression.Literal.number(minimum)) or more"
  }
}
