import ArgumentParser
import Wherefore

/// How `wherefore link` joins contacts.
enum LinkMethod: String, CaseIterable, ExpressibleByArgument {
  case branching
  case lastTouch = "last-touch"
  case firstTouch = "first-touch"
  case linear

  /// The rule, nil for the model.
  var linkRule: LinkRule? {
    switch self {
    case .branching: nil
    case .lastTouch: .lastTouch
    case .firstTouch: .firstTouch
    case .linear: .linear
    }
  }
}

/// What `wherefore link` takes beside the log.
struct LinkOptions: ParsableArguments {
  @Option(help: "How contacts are joined: by the model (branching) or by a customary rule.")
  var rule: LinkMethod = .branching

  @Option(
    help: ArgumentHelp(
      "Longest time between two contacts that are joined (default: 15 for branching, 7 for rules).",
      valueName: "days"))
  var windowDays: Double?

  @Flag(help: "Join contacts of a customer whatever their topics.")
  var anyTopic = false

  @Option(help: "The file to write, usually links.csv.", completion: .file(extensions: ["csv"]))
  var out: String

  @OptionGroup var execution: ExecutionOptions

  @Option(
    help: "When each customer could have made contact (CSV); for branching.", completion: .file())
  var customers: String?

  /// The window asked for; nil leaves it to the study where the model links.
  var window: Double { windowDays ?? (rule == .branching ? 15 : 7) }

  mutating func validate() throws {
    guard window > 0, window <= 3_650 else {
      throw ValidationError("--window-days is more than 0 and at most 3650, not \(window).")
    }
    if rule == .branching && anyTopic {
      throw ValidationError("--any-topic is for the rules; the model weighs topics itself.")
    }
    if rule != .branching && (customers != nil || execution.threads != nil) {
      throw ValidationError("--customers and --threads are for --rule branching.")
    }
  }
}
