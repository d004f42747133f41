import ArgumentParser
import Wherefore

struct RefuteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refute",
    abstract: "Tries to show that the attribution of a log is wrong.",
    discussion: """
      Analyses the log, then deals its rows out to other customers, simulates it without repeats, \
      moves failures' marks, adds random columns, parts customers and time, counts without the model, \
      looks across the threshold, and changes the window and the scale. Each attempt has a verdict for \
      the split and for every failure mode, and says what it means.

      Names for --only: \(RefuteNames.all.joined(separator: ", ")).

      Example: wherefore refute contacts.csv --study my-study.yaml --out refuters.json
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var options: RefuteOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    let job = RefuteAnalysis(
      input: log.input, customers: options.customers, only: try RefuteNames.parse(options.only),
      seed: options.seed, threads: options.execution.threads)
    let summary = try watched(removing: options.out.map { [PartialOutput.path(for: $0)] } ?? []) {
      try job.run(progress: $0)
    }
    if let out = options.out { try summary.write(to: out) }
    if machine.json {
      try JSONOutput.print(summary)
    } else {
      try StandardOutput.print(summary.text(colour: Terminal.outputUsesColor))
    }
  }
}
