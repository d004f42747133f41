/// How the bytes of a field are read and what they may be.
enum FieldKind: Hashable, Sendable {
  case text
  /// One of these, in any case; stored in lower case.
  case choice([String])
  /// Within these bounds, both included.
  case number(minimum: Double, maximum: Double)
  case time
  case flag
  /// What orders events: a number or a time, stored as a number.
  case order

  static let anyNumber = FieldKind.number(minimum: -.infinity, maximum: .infinity)

  var type: ValueType {
    switch self {
    case .text, .choice: .text
    case .number, .order: .number
    case .time: .time
    case .flag: .flag
    }
  }
}

extension ValueType {
  /// How a source column is read that is used as this type.
  var fieldKind: FieldKind {
    switch self {
    case .text: .text
    case .number: .anyNumber
    case .time: .time
    case .flag: .flag
    }
  }
}

/// One of the columns of the canonical interaction log.
package struct CanonicalColumn: Sendable {
  package let name: String
  let kind: FieldKind
  let isRequired: Bool

  package var type: ValueType { kind.type }

  private init(_ name: String, _ kind: FieldKind, required: Bool = false) {
    self.name = name
    self.kind = kind
    isRequired = required
  }

  /// Every canonical column, in the order of the format's description.
  package static let all: [CanonicalColumn] = [
    CanonicalColumn("interaction_id", .text, required: true),
    CanonicalColumn("customer_id", .text, required: true),
    CanonicalColumn("started_at", .time, required: true),
    CanonicalColumn("ended_at", .time),
    CanonicalColumn("handle_seconds", .number(minimum: 0, maximum: .infinity)),
    CanonicalColumn("channel", .text),
    CanonicalColumn("intent_predicted", .text),
    CanonicalColumn("intent_actual", .text),
    CanonicalColumn("intent_confidence", .number(minimum: 0, maximum: 1)),
    CanonicalColumn("confidence_threshold", .number(minimum: 0, maximum: 1)),
    CanonicalColumn("model_version", .text),
    CanonicalColumn("explored", .flag),
    CanonicalColumn("handled_by", .choice(["ai", "staff"])),
    CanonicalColumn("staff_id", .text),
    CanonicalColumn("team", .text),
    CanonicalColumn("integration", .text),
    CanonicalColumn("integration_status", .choice(["ok", "timeout", "error"])),
    CanonicalColumn("integration_latency_ms", .number(minimum: 0, maximum: .infinity)),
    CanonicalColumn("action", .text),
    CanonicalColumn(
      "action_status", .choice(["ok", "completed", "partial", "failed", "abandoned"])),
    CanonicalColumn("staff_error", .text),
    CanonicalColumn("qa_reviewed", .flag),
    CanonicalColumn("intent_reviewed", .flag),
    CanonicalColumn("reviewed_at", .time),
    CanonicalColumn("resolved", .flag),
    CanonicalColumn("csat", .anyNumber),
    CanonicalColumn("nps", .anyNumber),
  ]

  package static func named(_ name: String) -> CanonicalColumn? { all.first { $0.name == name } }
}
