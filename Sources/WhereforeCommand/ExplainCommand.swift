import ArgumentParser
import Wherefore

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells what one interaction brought, and what brought it.",
    discussion: "Example: wherefore explain I00000042 --in run-1")

  @OptionGroup var options: ExplainOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    let explanation = try Explanation(
      interaction: options.interaction, directory: options.directory)
    if machine.json {
      try JSONOutput.print(explanation)
    } else {
      try StandardOutput.print(explanation.text)
    }
  }
}
