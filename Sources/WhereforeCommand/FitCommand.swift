import ArgumentParser
import Wherefore

struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fits a regression to the columns of a CSV file.",
    discussion: """
      Columns of text are factors against their first level in sorted order. Rows with a missing \
      value in a column of the model are left out and counted.

      Example: wherefore fit "returned ~ topic + log(seconds)" log.csv --family binomial \
      --cluster customer
      Random terms as lme4 writes them: wherefore fit "csat ~ channel + (1 | staff)" log.csv
      """)

  @OptionGroup var options: FitOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    let result = try options.analysis.run(path: options.data)
    if machine.json { try JSONOutput.print(result) } else { try StandardOutput.print(result.text) }
  }
}
