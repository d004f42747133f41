import InteractionLog

/// A generated log with its truth.
public struct GeneratedLog: Sendable {
  /// The log, as reading its CSV gives it.
  public var table: InteractionTable
  public var truth: Truth
  /// By row: the row that brought it; −1 nothing did (background), −2 a contact before the log did.
  public var cause: [Int32]
  /// Rows in time order, the order of the CSV and of the interaction ids.
  public var timeOrder: [Int32]
  /// When customers were active, where the regime has customers who are not always; else nil.
  public var customers: CustomerTable?
  /// The ids in `customers`, in byte order.
  package var customerIDs: [String]
  /// What would be expected of the log up to the start of a day, where the last days are not all in.
  package var expectedByEndDay: [Int: Truth.Expected] = [:]
}

/// When one customer of the population was active.
struct CustomerActivity: Sendable {
  var number: Int
  /// Days of the log; nil: always.
  var active: ClosedRange<Double>?
}
