import ArgumentParser
import Wherefore

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells what one interaction brought, or what a figure is made of.",
    discussion: """
      Examples: wherefore explain I00000042 --in run-1
                wherefore explain --figure split.system_direct --topic refund --in run-1
                wherefore explain --figure list --in run-1
      """)

  @OptionGroup var options: ExplainOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    if let figure = options.figure { return try explain(figure: figure) }
    let explanation = try Explanation(
      interaction: options.interaction ?? "", directory: options.run.directory)
    if machine.json {
      try JSONOutput.print(explanation)
    } else {
      try StandardOutput.print(explanation.text)
    }
  }

  private func explain(figure: String) throws {
    let run = try LoadedRun(directory: options.run.directory)
    if figure == "list" {
      if machine.json { return try JSONOutput.print(run.figures) }
      for entry in run.figures {
        try StandardOutput.print(
          "\(entry.figure)  \(entry.value.map(Figures.text) ?? "(not told)")")
      }
      return
    }
    let answer = try run.explain(
      figure: figure, filter: options.filter, limit: options.limit,
      showStaff: options.run.showStaff)
    if let csv = options.csv {
      try run.writeInteractions(
        figure: figure, filter: options.filter, showStaff: options.run.showStaff, to: csv)
    }
    if machine.json { try JSONOutput.print(answer) } else { try StandardOutput.print(answer.text) }
  }
}
