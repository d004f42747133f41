import ArgumentParser
import Wherefore

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells what one interaction brought, or what a figure is made of.",
    discussion: """
      A figure is named by its place in attribution.json, entries of lists by
      name. 'list' lists all that open, 'fixes.*' those that match, and a number
      as the report shows it the figures that are shown so.

      Examples:
        wherefore explain I00000042 --in out
        wherefore explain --figure headline.system_caused_repeats --in out
        wherefore explain --figure split.system_direct --topic refund --in out
        wherefore explain --figure modes.MODE@COMPONENT.if_removed --in out
        wherefore explain --figure staff_view.parts.staff_own --in out
        wherefore explain --figure metrics.csat.overall --csv all.csv --in out
        wherefore explain --figure list --in out
        wherefore explain --figure 1,416 --in out
      """)

  @OptionGroup var options: ExplainOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    if !options.figure.isEmpty { return try explainFigures() }
    let explanation = try Explanation(
      interaction: options.interaction ?? "", directory: options.run.directory)
    if machine.json {
      try JSONOutput.print(explanation)
    } else {
      try StandardOutput.print(explanation.text)
    }
  }

  private func explainFigures() throws {
    let run = try LoadedRun(directory: options.run.directory)
    if let pattern = options.pattern {
      return try list(
        run.figures(
          matching: pattern == "list" ? "*" : pattern, showStaff: options.run.showStaff))
    }
    let answers = try options.figure.map {
      try run.explain(
        figure: $0, filter: options.filter, limit: options.limit,
        showStaff: options.run.showStaff)
    }
    if let csv = options.csv, let figure = options.figure.first {
      try run.writeInteractions(
        figure: figure, filter: options.filter, showStaff: options.run.showStaff, to: csv)
    }
    guard machine.json else {
      return try StandardOutput.print(answers.map(\.text).joined(separator: "\n\n"))
    }
    if answers.count == 1, let answer = answers.first { return try JSONOutput.print(answer) }
    try JSONOutput.print(answers)
  }

  private func list(_ entries: [LoadedRun.Entry]) throws {
    if machine.json { return try JSONOutput.print(entries) }
    for entry in entries {
      try StandardOutput.print(
        "\(entry.figure)  \(entry.value.map(Figures.text) ?? "(not told)")")
    }
  }
}
