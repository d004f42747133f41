import ArgumentParser
import Wherefore

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Looks at a log and drafts a study for it.",
    discussion: """
      Guesses the delimiter, how times are written and which column is what, by names and values, \
      and writes a commented study. Then it reads the whole log by the draft and says what it found, \
      what it guessed and what it did not understand.

      Examples:
        wherefore init tickets.csv --out tickets.yaml
        wherefore init tickets.csv > tickets.yaml
      """)

  @Argument(help: "The log: CSV with any delimiter, or JSON Lines.", completion: .file())
  var log: String

  @Option(
    help: ArgumentHelp(
      "The file to write the study to, which must not be there yet. Default: standard output.",
      valueName: "study"), completion: .file(extensions: ["yaml", "yml"]))
  var out: String?

  @OptionGroup var machine: MachineOutput

  func run() throws {
    let job = StudyDrafting(log: log, out: out)
    let summary = try watched { try job.run(progress: $0) }
    if machine.json {
      try JSONOutput.print(summary)
    } else if out == nil {
      try StandardOutput.print(summary.yaml)
      // The study alone goes to a file that the output is sent to.
      Terminal.writeError(summary.text + "\n")
    } else {
      try StandardOutput.print(summary.text)
    }
    if !summary.missing.isEmpty || summary.problem != nil { throw ExitCode(65) }
  }
}
