/// One figure of a report and what it is made of.
struct Figure: Sendable {
  /// What is counted or added up over interactions. A quantity is unknown on some interactions,
  /// which are then no part of the figure.
  enum Quantity: Sendable, Equatable {
    case interactions
    /// The first interaction of each customer.
    case customers
    case unlinked, linked
    /// Contacts with an earlier one within the window.
    case later
    case systemDirect, systemThroughStaff, staffOwn, baseline
    /// Both parts that begin with the system.
    case system
    case expectedRepeats
    /// 1 for a contact that has an earlier one within the window, less what it brings itself.
    case coincidental
    case followedByRule
    /// The same where the log covers the rule's whole window.
    case followedInCoveredWindow
    case intentResolved, actionSucceeded, csat, latency, exposure
    case mode(ModeField, ModeChoice)
    /// Contacts that would not have come under removals, added up with their signs.
    case avoided([Removal])
    /// What those contacts cost.
    case avoidedCost([Removal])
    /// Of an outcome beside repeats.
    case outcome(String, OutcomeField)
    case staffView(StaffViewField, ofStaffErrors: Bool)
    /// Of a named member's contacts: 1, repeats expected under the reference, under the own effect.
    case staffWork(StaffWorkField)
    case change(ChangeField)
    /// 1 for an interaction whose latency counts on the response curve of repeats, or of an outcome.
    case latencyOnCurve(outcome: String?)
  }

  enum OutcomeField: Sendable, Equatable {
    /// Interactions on which it could happen, and events.
    case interactions, events
    case expected, systemDirect, systemThroughStaff, staffOwn, baseline
    /// Both parts that begin with the system.
    case system
    case modeInteractions(ModeChoice)
    case caused(ModeChoice)
    case removed(ModeChoice)
    /// Of customers' last contacts: 1, days of silence, 1 less the chance of being that long silent, the
    /// probability of having left.
    case customers, daysSilent, telling, departed
  }

  /// Repeats that the rule counts after contacts of staff, and where they came from.
  enum StaffViewField: Int, Sendable, Equatable {
    case ownAccord, otherContact, baseline, systemDirect, systemThroughStaff, staffOwn
    case counted
  }

  enum StaffWorkField: Sendable, Equatable { case contacts, expected, observed }

  /// What an interaction adds to its week's side of a comparison; each is divided by what the week has
  /// of them, so that they add up to the week's figure.
  enum ChangeField: Sendable, Equatable {
    case interactions, caused, coincidental, repeats, csat, exposure
  }

  /// Failures that are taken away together, all of them or a share, and the sign with which what that
  /// avoids counts.
  struct Removal: Sendable, Equatable {
    var choices: [ModeChoice]
    /// Ranks of the fixes that they are; needed of several.
    var ranks: [Int] = []
    var share = 1.0
    var sign = 1.0
  }

  enum ModeField: Sendable, Equatable { case interactions, probability, caused, switchedOff }

  /// A mode as a whole or at one component.
  struct ModeChoice: Sendable, Equatable {
    var mode: String
    /// nil: the whole mode; `.some(nil)`: where it names no component.
    var component: String??
  }

  /// Which interactions a figure is about, and what each of them counts.
  struct Term: Sendable, Equatable {
    var week: String?
    var topic: String?
    /// `ai` or `staff`.
    var handler: String?
    var team: String?
    var staff: String?
    var scale = 1.0
  }

  enum Form: Sendable, Equatable {
    /// Σ quantity × scale of the term that the interaction falls in.
    case sum
    /// Interactions on which the quantity is known.
    case count
    /// Mean over the interactions on which the quantity is known.
    case mean
    /// Σ quantity over Σ of another.
    case ratio(Quantity)
    /// The smallest value that this percentage of the values does not exceed.
    case quantile(Int)
    /// The middle value, the upper of two.
    case median

    var kind: FigureAnswer.Kind {
      switch self {
      case .sum: .sum
      case .count: .count
      case .mean: .mean
      case .ratio: .ratio
      case .quantile, .median: .quantile
      }
    }

    /// Whether it is one of the values, so that interactions add nothing up.
    var isOrderStatistic: Bool {
      switch self {
      case .quantile, .median: true
      case .sum, .count, .mean, .ratio: false
      }
    }

    /// Place of the value among so many sorted ones.
    func place(of count: Int) -> Int {
      switch self {
      case .quantile(let percent): (count * percent + 99) / 100 - 1
      case .median, .sum, .count, .mean, .ratio: count / 2
      }
    }
  }

  /// Its place in `attribution.json`, entries of lists by name.
  var path: String
  /// nil where the report does not tell it; then `note` says why.
  var value: Double?
  var note: String?
  /// In plain words.
  var meaning: String
  var quantity: Quantity
  var form = Form.sum
  var terms = [Term()]

  /// The pairs that matter to a figure.
  enum Pairs: String, Sendable {
    /// After an interaction: what it brought; before it: what brought it.
    case later, earlier
    /// The one with the contact that the rule counts.
    case counted
    case none
  }

  var pairs: Pairs {
    switch quantity {
    case .avoided, .avoidedCost, .coincidental, .later: .earlier
    case .staffView: .counted
    case .outcome, .latencyOnCurve, .change(.interactions), .change(.csat), .change(.exposure):
      .none
    default: .later
    }
  }

  /// Whether its path names a member of staff.
  var namesStaff: Bool { terms.contains { $0.staff != nil } }

  /// In which order its interactions are listed.
  var order: FigureAnswer.Order {
    form.isOrderStatistic ? .upwards : lowestFirst ? .lowest : .largest
  }

  /// Whether the interactions to look at are those with the smallest values: what was not resolved.
  var lowestFirst: Bool {
    switch quantity {
    case .intentResolved, .actionSucceeded, .csat, .exposure: true
    default: false
    }
  }

  /// Whether the quantity is a yes-or-no question.
  var isRate: Bool {
    switch quantity {
    case .intentResolved, .actionSucceeded, .followedInCoveredWindow: form == .mean
    default: false
    }
  }
}
