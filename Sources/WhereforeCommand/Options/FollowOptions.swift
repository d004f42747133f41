import ArgumentParser

/// What `wherefore follow` takes beside the log.
struct FollowOptions: ParsableArguments {
  /// How much of the failures the release was to take away.
  struct Expectation: ExpressibleByArgument {
    var share: Double

    init(share: Double) { self.share = share }

    init?(argument: String) {
      switch argument {
      case "removed": share = 1
      case "halved": share = 0.5
      default:
        guard let value = Double(argument), value > 0, value <= 1 else { return nil }
        share = value
      }
    }

    var defaultValueDescription: String { "removed" }
  }

  @Argument(
    help: "The fix: mode@component, or its rank in the run.", completion: .none)
  var fix: String

  @Option(
    help: ArgumentHelp(
      "When it was released: a date, or a time with its zone.", valueName: "date"))
  var released: String

  @Option(
    name: .customLong("in"),
    help: ArgumentHelp(
      "The folder that 'wherefore analyze' wrote before the release.", valueName: "dir"),
    completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp(
      "The log before the release, where the log begins after it. Default: the run's own.",
      valueName: "log"),
    completion: .file())
  var before: String?

  @Option(
    help: ArgumentHelp(
      "What was to become of the failures: removed, halved, or a share from 0 to 1.",
      valueName: "cut"))
  var expect = Expectation(share: 1)
}
