import ArgumentParser
import Wherefore

struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Attributes repeat contacts and writes the report.",
    discussion: """
      Writes attribution.json, report.html, interactions.csv, links.csv, rejected.csv, charts/ and \
      run.json to the folder, which appears when it is whole.

      Example: wherefore analyze contacts.csv --study my-study.yaml --out run-1
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var analyze: AnalyzeOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    var job = AnalysisRun(
      input: log.input, customers: analyze.customers, out: analyze.out, seed: analyze.seed,
      threads: analyze.execution.threads,
      intervals: analyze.intervals == .jackknife ? .jackknife : .sandwich)
    job.refutes = analyze.refute
    job.staffTable = analyze.staffTable
    job.staffGuard.minimumContacts = analyze.staffMinimum
    let analysis = job
    let summary = try watched(removing: [PartialOutput.path(for: analyze.out)]) {
      try analysis.run(progress: $0)
    }
    if machine.json {
      try JSONOutput.print(summary)
    } else {
      try StandardOutput.print(summary.text(colour: Terminal.outputUsesColor))
    }
  }
}
