import FailureModes
import InteractionLog

/// What an attribution is made from.
public struct AttributionInput: Sendable {
  public var table: InteractionTable
  public var modes: ModeTable
  public var study: Study
  public var customers: CustomerTable?
  /// Columns that never change within an interaction of an event log.
  public var constantColumns: [String]
  /// The log under each identity rule; the last is the table above.
  public var identity: IdentityResolution
  /// Whether the log's last days are all in; nil: nobody has looked.
  package var end: IncompleteEnd.Finding?

  public init(
    table: InteractionTable, modes: ModeTable, study: Study, customers: CustomerTable?,
    constantColumns: [String], identity: IdentityResolution? = nil
  ) {
    self.table = table
    self.modes = modes
    self.study = study
    self.customers = customers
    self.constantColumns = constantColumns
    self.identity = identity ?? IdentityResolution(table: table, customers: customers)
  }
}

/// How an attribution is carried out.
public struct AttributionOptions: Sendable {
  public enum Intervals: String, Sendable { case sandwich, jackknife }

  /// What is drawn up.
  public enum Scope: Sendable {
    /// All that a report shows.
    case report
    /// The same figures and checks without fixes, failures by component and change from week to week:
    /// what a validation judges, in half the time.
    case figures
    /// Those, outcomes and latency.
    case outcomes
  }

  public var seed: UInt64
  public var threads: Int
  public var intervals: Intervals
  /// Whether to refit the model for the checks that need it.
  public var modelChecks: Bool
  public var scope: Scope
  /// Whether members of staff are compared, and from which volume on one may be named.
  public var comparesStaff = true
  public var staffGuard = StaffGuard()
  /// Refuters to run (`AttributionReport.refuters`); none unless asked for.
  public var refuters: [RefuterName] = []

  public init(
    seed: UInt64 = 1, threads: Int = 1, intervals: Intervals = .sandwich, modelChecks: Bool = true,
    scope: Scope = .report
  ) {
    self.seed = seed
    self.threads = threads
    self.intervals = intervals
    self.modelChecks = modelChecks
    self.scope = scope
  }
}

/// Why a log cannot be attributed.
public enum AttributionError: Error, Sendable, Equatable {
  case noLinkedContacts
  case tooShort(days: Double, windowDays: Double)
  case tooFewRepeats(pairs: Int)
  case tooFewCustomers(count: Int)
  case tooManyModes(count: Int)
  case tooManyModesAtOnce(count: Int)
  /// The fit's information cannot be inverted.
  case notIdentified(reason: String)
}

extension AttributionError: CustomStringConvertible {
  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .noLinkedContacts:
      "No interaction names a customer, so no repeat contact can be joined to what came before it. "
        + "Expected a customer id on most rows: map the right column to customer_id in a study."
    case .tooShort(let days, let window):
      "The log spans \(tenths(days)) days, the repeat window is \(tenths(window)). Expected a log of at "
        + "least twice the window, else hardly any interaction has had time to bring a repeat: take a "
        + "longer log, or a shorter repeat.window_days in the study."
    case .tooFewRepeats(let pairs):
      "Only \(pairs) pairs of contacts of one customer lie within the repeat window. Expected at least "
        + "50: take a longer log, or check that customer_id is the customer and not the interaction."
    case .tooManyModesAtOnce(let count):
      "One interaction carries \(count) failure modes at once, expected at most 16: merge those that "
        + "go together in the study."
    case .tooFewCustomers(let count):
      "Only \(count) customers have contacts in the log. Expected at least 10, for intervals come of the "
        + "differences between customers: check that customer_id is the customer, or take a longer log."
    case .notIdentified(let reason):
      "The data do not tell the model's parameters apart, so no interval can be given. \(reason) "
        + "Expected modes and context that vary apart from each other: leave out a mode or a context "
        + "column that others determine, or take a longer log."
    case .tooManyModes(let count):
      "\(count) failure modes are declared, expected at most 62: merge those that somebody would repair "
        + "together."
    }
  }

  private func tenths(_ x: Double) -> String { "\((x * 10).rounded() / 10)" }
}
