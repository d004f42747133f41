import RepeatContacts

/// Links between interactions, for those that report them.
public typealias LinkTable = RepeatContacts.LinkTable

/// What each interaction brought: expected repeats and the four parts of their split, one entry a
/// row of the `InteractionTable`. Each row's parts add up to its expected repeats; the columns' sums
/// are the totals of `attribution.json`.
public struct InteractionLedger: Sendable {
  public var expectedRepeats: [Double]
  /// Parts are nil where the split does not tell them.
  public var systemDirect: [Double]?
  public var systemThroughStaff: [Double]?
  public var staffOwn: [Double]?
  public var baseline: [Double]
  /// Share of the repeat window after the interaction that the log covers, 0...1.
  public var exposure: [Double]
  /// Names of the modes known to hold, joined by `;`, with a `?` behind one that is unknown.
  public var modes: [String]
  /// What each mode brought at each interaction, what metrics count, and what the study declares.
  public var contributions: ModeContributions
  public var jointRemovals: JointRemovals
  public var facts: ContactFacts
  public var declaration: LedgerDeclaration
  /// Of the study's outcomes beside repeats; empty where it declares none.
  public var outcomes: [OutcomeLedger] = []
  /// nil where staff are not looked at.
  public var staffView: StaffViewLedger?
  /// Empty where no member of staff may be named.
  public var staffWork = StaffWorkLedger()
  /// nil where weeks are not compared.
  public var change: ChangeLedger?
  /// Latency that the response curves are drawn over, NaN where it does not count; empty where the log
  /// has none.
  public var doseLatency: [Double] = []

  public init(
    expectedRepeats: [Double], systemDirect: [Double]?, systemThroughStaff: [Double]?,
    staffOwn: [Double]?, baseline: [Double], exposure: [Double], modes: [String],
    contributions: ModeContributions = ModeContributions(),
    jointRemovals: JointRemovals = JointRemovals(), facts: ContactFacts = ContactFacts(),
    declaration: LedgerDeclaration = LedgerDeclaration()
  ) {
    self.expectedRepeats = expectedRepeats
    self.systemDirect = systemDirect
    self.systemThroughStaff = systemThroughStaff
    self.staffOwn = staffOwn
    self.baseline = baseline
    self.exposure = exposure
    self.modes = modes
    self.contributions = contributions
    self.jointRemovals = jointRemovals
    self.facts = facts
    self.declaration = declaration
  }
}
