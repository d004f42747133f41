import ArgumentParser
import Wherefore

struct CustomerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "customer",
    abstract: "Tells the history of a customer: what brought what, what failed, what it cost.",
    discussion: """
      Ids of customers are in interactions.csv of the run, and in what 'wherefore
      explain INTERACTION' tells.

      Examples:
        wherefore customer C003863 --in out
        wherefore customer C003863 --in out --limit 5 --json
      """)

  @Argument(help: "The id of the customer.")
  var customer: String

  @OptionGroup var options: RunOptions

  @Option(help: "How many contacts to show; the latest where there are more.")
  var limit: Int = 50

  @OptionGroup var machine: MachineOutput

  mutating func validate() throws {
    guard (0...1_000_000).contains(limit) else {
      throw ValidationError("--limit is a number from 0 to 1000000, not \(limit).")
    }
  }

  func run() throws {
    let history = try LoadedRun(directory: options.directory)
      .history(customer: customer, limit: limit, showStaff: options.showStaff)
    if machine.json {
      try JSONOutput.print(history)
    } else {
      try StandardOutput.print(history.text)
    }
  }
}
