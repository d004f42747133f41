import OrderedCollections

/// What must be read from a file, and what becomes of it: a study's mappings, derived columns,
/// conditions and context, resolved against the file's header before a row is read.
struct ReadingPlan {
  /// A source column read as one kind.
  struct Request: Hashable {
    var column: Int
    var kind: FieldKind
  }

  /// Where an interaction's value comes from.
  enum Origin {
    /// The field itself (one row per interaction).
    case field(Request)
    /// One field over the events of the interaction.
    case reduced(Expression.Aggregate, Request)
    /// Computed from source values.
    case computed(TypedExpression)
  }

  /// A value of the source for each interaction: a column (of its first event) or an aggregate.
  struct SourceValue: Hashable {
    var name: String
    var type: ValueType
  }

  enum SourceOrigin {
    case field(Request)
    case aggregate(Expression.Aggregate, TypedExpression?)
  }

  var header: [String]
  /// In the order of the file's columns.
  var requests: [Request] = []
  var identifier: Request
  var order: Request?
  /// Every canonical column that the log has, the interaction id apart, in canonical order.
  var canonical: [(column: CanonicalColumn, origin: Origin)] = []
  var sourceValues: OrderedDictionary<SourceValue, SourceOrigin> = [:]
  var derived: [(name: String, expression: TypedExpression)] = []
  /// Source values that conditions, derived columns and context name: kept in the table.
  var published: OrderedDictionary<String, ValueType> = [:]

  /// An empty column for each request, which reads as the source says.
  func emptyColumns(_ source: Study.Source) -> [FieldColumn] {
    let missing = MissingTokens(source.missing)
    let times = TimeParser(source: source)
    return requests.map {
      FieldColumn(column: $0.column, kind: $0.kind, missing: missing, times: times)
    }
  }

  /// The name of the source column that a canonical column is, empty where it is computed.
  func sourceName(of origin: Origin) -> String {
    switch origin {
    case .field(let request), .reduced(_, let request): header[request.column]
    case .computed: ""
    }
  }
}
