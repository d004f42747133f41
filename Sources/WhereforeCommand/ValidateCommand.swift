import ArgumentParser
import Wherefore

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks estimates against worlds with known truth.",
    discussion: """
      For each part of the split and each mode: the mean truth, bias, root mean square error beside \
      the mean reported standard error, and in how many worlds the 95 % interval holds the truth.

      Example: wherefore validate --regime additive --worlds 20
      """)

  @OptionGroup var options: ValidateOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    if options.list {
      let names = Regime.allCases.map(\.rawValue)
      if machine.json {
        try JSONOutput.print(names)
      } else {
        try StandardOutput.print(names.joined(separator: "\n"))
      }
      return
    }
    let validation = Validation(
      regimes: try RegimeArgument.regimes(options.regime), worlds: options.worlds,
      interactions: options.interactions, firstSeed: options.seed,
      threads: options.execution.threads ?? Machine.cores)
    let result = try watched { try validation.run(progress: $0) }
    if let out = options.out { try result.write(to: out) }
    if machine.json { try JSONOutput.print(result) } else { try StandardOutput.print(result.text) }
  }
}
