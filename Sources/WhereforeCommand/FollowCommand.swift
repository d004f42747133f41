import ArgumentParser
import Wherefore

struct FollowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "follow",
    abstract: "Compares what a released fix did with what was predicted.",
    discussion: """
      The run before the release holds the prediction; the log shows what happened. Failures of the \
      fix's component are compared with those of the components that the release left alone, and so \
      are the later contacts of their customers.

      Example: wherefore follow integration_timeout@payments --released 2026-03-02 --in run-1 \
      contacts.csv
      """)

  @OptionGroup var options: FollowOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    let job = FollowAnalysis(
      fix: options.fix, released: options.released, directory: options.directory, input: log.input,
      before: options.before, expectedCut: options.expect.share)
    let result = try watched { try job.run(progress: $0) }
    if machine.json { try JSONOutput.print(result) } else { try StandardOutput.print(result.text) }
  }
}
