import OrderedCollections

/// The interactions of a log, one a row, columnar.
///
/// Rows are in canonical order whatever the order of the file: by customer (UTF-8 bytes, unknown
/// customers last), then start, then interaction id. A customer's interactions are therefore
/// neighbours, in time order.
public struct InteractionTable: Sendable {
  /// Distinct texts, one a row.
  public var interactionID: [String]
  /// Who made contact; a code of −1 is unknown: kept for metrics, never linked.
  public var customer: TextColumn
  /// When the interaction began, milliseconds since 1970 (UTC).
  public var startedAt: [Int64]
  /// What it was about: the actual intent, else the predicted one.
  public var topic: TextColumn
  /// Every other canonical, derived or context column, by its canonical name.
  public var columns: OrderedDictionary<String, Column>

  public init(
    interactionID: [String], customer: TextColumn, startedAt: [Int64], topic: TextColumn,
    columns: OrderedDictionary<String, Column>
  ) {
    self.interactionID = interactionID
    self.customer = customer
    self.startedAt = startedAt
    self.topic = topic
    self.columns = columns
  }

  /// Rows.
  public var count: Int { startedAt.count }

  public func text(_ name: String) -> TextColumn? {
    if case .text(let column)? = columns[name] { column } else { nil }
  }

  public func number(_ name: String) -> NumberColumn? {
    if case .number(let column)? = columns[name] { column } else { nil }
  }

  public func time(_ name: String) -> TimeColumn? {
    if case .time(let column)? = columns[name] { column } else { nil }
  }

  public func flag(_ name: String) -> FlagColumn? {
    if case .flag(let column)? = columns[name] { column } else { nil }
  }
}

/// A row of the input that was not used, and why.
public struct RejectedRow: Sendable, Equatable {
  public var file: String
  /// Line in the file, from 1; a record over several lines counts by its first.
  public var line: Int
  /// The column at fault, empty where the whole row is.
  public var column: String
  public var value: String
  public var reason: String

  public init(file: String, line: Int, column: String, value: String, reason: String) {
    self.file = file
    self.line = line
    self.column = column
    self.value = value
    self.reason = reason
  }
}

/// What reading a log gave.
public struct LogReading: Sendable {
  public var table: InteractionTable
  /// Rows of the file after the header (events where the layout is events).
  public var rowsRead: Int
  public var rejected: [RejectedRow]
  /// Columns that are constant within every interaction of an event log although some interactions
  /// have several events: candidates for values known only at the end. Empty for one-row layouts.
  public var constantWithinInteraction: [String]

  public init(
    table: InteractionTable, rowsRead: Int, rejected: [RejectedRow],
    constantWithinInteraction: [String]
  ) {
    self.table = table
    self.rowsRead = rowsRead
    self.rejected = rejected
    self.constantWithinInteraction = constantWithinInteraction
  }
}

/// When each customer could have made contact, from the customers file.
public struct CustomerTable: Sendable {
  /// By customer id: milliseconds since 1970, nil where open.
  public struct Row: Sendable {
    public var activeFrom: Int64?
    public var activeTo: Int64?
    public var segment: String?
    public var aliasOf: String?

    public init(activeFrom: Int64?, activeTo: Int64?, segment: String?, aliasOf: String?) {
      self.activeFrom = activeFrom
      self.activeTo = activeTo
      self.segment = segment
      self.aliasOf = aliasOf
    }
  }

  public var rows: [String: Row]
  /// Rows of the file after the header.
  public var rowsRead: Int
  public var rejected: [RejectedRow]

  public init(rows: [String: Row], rowsRead: Int = 0, rejected: [RejectedRow] = []) {
    self.rows = rows
    self.rowsRead = rowsRead
    self.rejected = rejected
  }
}
