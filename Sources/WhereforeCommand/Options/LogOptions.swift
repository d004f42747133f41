import ArgumentParser
import Wherefore

/// What every command that reads a log takes.
struct LogOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The interaction log: CSV or JSON Lines.", valueName: "log"),
    completion: .file())
  var logPath: String

  @Option(
    help: "The study that declares columns and failure modes (YAML). Default: canonical columns.",
    completion: .file(extensions: ["yaml", "yml"]))
  var study: String?

  @Option(
    help: ArgumentHelp(
      "Percentage of rows that may be unusable before this is an error.", valueName: "percent"))
  var maxRejected: Double = 5

  @Option(
    help: ArgumentHelp(
      "Replace the study's personal columns by pseudonyms under the key in this file.",
      valueName: "keyfile"), completion: .file())
  var pseudonymise: String?

  mutating func validate() throws {
    guard (0...100).contains(maxRejected) else {
      throw ValidationError("--max-rejected is a percentage from 0 to 100, not \(maxRejected).")
    }
  }

  var input: LogInput {
    var input = LogInput(log: logPath, study: study, maximumRejectedShare: maxRejected / 100)
    input.pseudonymKey = pseudonymise
    return input
  }
}

/// `--json`, which every command has.
struct MachineOutput: ParsableArguments {
  @Flag(help: "Print the result as JSON on standard output.")
  var json = false
}
