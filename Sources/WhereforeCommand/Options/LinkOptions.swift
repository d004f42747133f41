import ArgumentParser
import Wherefore

/// How `wherefore link` joins contacts.
enum LinkMethod: String, CaseIterable, ExpressibleByArgument {
  case lastTouch = "last-touch"
  case firstTouch = "first-touch"
  case linear

  var linkRule: LinkRule {
    switch self {
    case .lastTouch: .lastTouch
    case .firstTouch: .firstTouch
    case .linear: .linear
    }
  }
}

/// What `wherefore link` takes beside the log.
struct LinkOptions: ParsableArguments {
  @Option(help: "How contacts are joined.")
  var rule: LinkMethod = .lastTouch

  @Option(
    help: ArgumentHelp(
      "Longest time between two contacts that are joined (default: 7).", valueName: "days"))
  var windowDays: Double?

  @Flag(help: "Join contacts of a customer whatever their topics.")
  var anyTopic = false

  @Option(help: "The file to write, usually links.csv.", completion: .file(extensions: ["csv"]))
  var out: String

  var window: Double { windowDays ?? 7 }

  mutating func validate() throws {
    guard window > 0, window <= 3_650 else {
      throw ValidationError("--window-days is more than 0 and at most 3650, not \(window).")
    }
  }
}
