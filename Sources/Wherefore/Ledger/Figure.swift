/// One figure of a report and what it is made of.
struct Figure: Sendable {
  /// What is counted or added up over interactions. A quantity is unknown on some interactions,
  /// which are then no part of the figure.
  enum Quantity: Sendable, Equatable {
    case interactions
    /// The first interaction of each customer.
    case customers
    case unlinked
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

  /// Whether the pairs that matter lie before an interaction (what brought it) or after it.
  var looksBack: Bool {
    switch quantity {
    case .avoided, .avoidedCost, .coincidental: true
    default: false
    }
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

extension Figure {
  /// Why a path of `attribution.json` that is no figure of the catalogue has nothing to open; nil
  /// where it is not known at all.
  static func reasonNotOpened(_ path: String) -> String? {
    let last = path.split(separator: ".").last.map(String.init) ?? ""
    if last.hasSuffix("ci95") || path.contains("_ci95.") || last == "rank_interval" {
      return "an interval comes from all customers' scores together and is no sum over interactions"
    }
    if path.contains("doubly_robust") || last == "e_value" {
      return
        "it is estimated from all interactions together (see the README) and is no sum over them"
    }
    if path.contains(".decomposition") {
      return "it compares two periods by the parts of the model and is no sum over interactions"
    }
    if path.contains(".examples_with_links.") {
      return "it is a pair of links.csv, or what an interaction's pairs add up to"
    }
    if last == "window_days" { return "the study declares it" }
    if last == "rank" || last == "step" { return "it is a place in an order" }
    if path.contains(".churn_cost_avoided") {
      return "it is what an outcome's model expects of the log, at a price"
    }
    let section = path.split(separator: ".").first.map(String.init) ?? ""
    return switch section {
    case "outcomes", "latency_dose":
      "it is estimated from all interactions together, and what each adds to it is not kept"
    case "checks": "a check's value is a statistic of the whole log"
    case "model": "it is a parameter of the model, fitted to all interactions together"
    case "provenance", "period", "schema_version": "it describes the run"
    case "inference", "refuters": "it is a statistic of the whole log"
    case "identity":
      "it is the result under another rule, or carried over to interactions that name no customer"
    case "staff", "staff_comparison", "staff_view":
      "what this log's members of staff did is not opened by interaction"
    default: nil
    }
  }
}
