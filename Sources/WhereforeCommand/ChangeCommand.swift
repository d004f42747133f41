import ArgumentParser
import Wherefore

struct ChangeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change",
    abstract: "Says why repeats differ between two periods.",
    discussion: """
      Splits the difference of repeats per 100 interactions among what customers contact about, how \
      often the system fails, what a failure does, how often staff err, who handled the contact, and \
      the background. The parts add up to the difference.

      Example: wherefore change contacts.csv --from 2026-W03 --to 2026-W04
      """)

  @OptionGroup var log: LogOptions

  @Option(
    help: ArgumentHelp(
      "The earlier period: a week (2026-W03), a day, or a range (2026-01-01..2026-01-14).",
      valueName: "period"), transform: CalendarSpan.named)
  var from: CalendarSpan

  @Option(
    help: ArgumentHelp("The period to explain, named likewise.", valueName: "period"),
    transform: CalendarSpan.named)
  var to: CalendarSpan

  @Option(help: "When each customer could have made contact (CSV).", completion: .file())
  var customers: String?

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    let comparison = PeriodComparison(
      input: log.input, from: from, to: to, customers: customers, threads: execution.threads)
    let change = try watched { try comparison.run(progress: $0) }
    if machine.json {
      try JSONOutput.print(change)
    } else {
      try StandardOutput.print(PeriodComparison.text(change))
    }
  }
}

extension CalendarSpan {
  /// The days that an argument names, or an error that says how to name them.
  @Sendable fileprivate static func named(_ text: String) throws -> CalendarSpan {
    if let span = CalendarSpan(text) { return span }
    throw ValidationError(
      "'\(text)' names no days of the calendar. Expected a week (2026-W03; a year has 52 or 53), a day "
        + "(2026-01-14) or a range of days or weeks whose end is not before its start "
        + "(2026-01-01..2026-01-14).")
  }
}
