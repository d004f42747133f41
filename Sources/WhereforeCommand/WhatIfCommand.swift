import ArgumentParser
import Wherefore

struct WhatIfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whatif",
    abstract: "Says what another threshold or change would do, as far as the log can know.",
    discussion: """
      Values each threshold by what it would bring per first contact of an episode: repeats, staff \
      minutes, cost, resolution. Where thresholds changed, differed or traffic was explored, by \
      doubly robust and inverse-propensity estimates; at each threshold in force by a regression \
      discontinuity; outside support by bounds, or not at all.

      Examples:
        wherefore whatif contacts.csv --threshold 0.5:0.9:0.01 --by topic
        wherefore whatif contacts.csv --threshold 0.6 --study my-study.yaml --out whatif --report
        wherefore whatif contacts.csv --change 'integration_timeout@payments*0.5'
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var options: WhatIfOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    let job = WhatIfAnalysis(
      input: log.input, grid: try options.threshold.map { try ThresholdGrid(parsing: $0) },
      changes: options.change, showsCalibration: options.calibration,
      score: options.score, by: options.by, out: options.out,
      writesPage: options.report, run: options.run,
      ceiling: options.ceiling, halfWidth: options.halfWidth, staffHours: options.staffHours,
      staffByHour: options.staffByHour?.hours, patienceMinutes: options.patienceMinutes,
      mostAbandoned: options.mostGiveUp.map { $0 / 100 },
      seed: options.seed, threads: options.execution.threads)
    let summary = try watched(removing: job.partialOutputs) { try job.run(progress: $0) }
    if machine.json {
      try JSONOutput.print(summary)
    } else {
      let page = job.page.map { "\n\nReport: \($0)" } ?? ""
      try StandardOutput.print(summary.text + page)
    }
  }
}
