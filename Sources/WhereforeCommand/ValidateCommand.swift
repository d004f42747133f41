import ArgumentParser
import Wherefore

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks estimates against worlds with known truth.",
    discussion: """
      For each part of the split and each mode: the mean truth, bias (as a count, in per cent, in \
      points of the caused repeats), root mean square error beside the mean reported standard error, \
      and in how many worlds the 95 % interval holds the truth, with what chance leaves open. Cells \
      are judged: coverage 92.5 to 97.5 %, bias at most 0.3 points and two Monte Carlo errors, root \
      mean square error at most 1.2 times the mean reported one, modes that do nothing by a binomial \
      test.

      Examples:
        wherefore validate --regime additive --worlds 20
        wherefore validate --refuters --worlds 20 --interactions 20000
        wherefore validate --thresholds --worlds 200 --interactions 20000 --resume proof
        wherefore validate --worlds 1000 --interactions 10000 --check-every 20 --resume proof
      The last keeps each world in the folder as it is done. Started again after an interruption it \
      goes on there; with more worlds it adds those.
      """)

  @OptionGroup var options: ValidateOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    if options.list {
      let names =
        options.refuters
        ? FlawedWorld.allCases.map(\.rawValue)
        : options.thresholds
          ? ThresholdRegime.allCases.map(\.rawValue) : Regime.allCases.map(\.rawValue)
      if machine.json {
        try JSONOutput.print(names)
      } else {
        try StandardOutput.print(names.joined(separator: "\n"))
      }
      return
    }
    if options.refuters {
      let validation = RefuterValidation(
        worlds: try FlawedWorldArgument.worlds(options.regime), count: options.worlds,
        interactions: options.interactions, firstSeed: options.seed,
        threads: options.execution.threads ?? Machine.cores)
      let result = watched { validation.run(progress: $0) }
      if let out = options.out { try result.write(to: out) }
      if machine.json {
        try JSONOutput.print(result)
      } else {
        try StandardOutput.print(result.text)
      }
      return
    }
    if options.thresholds {
      let validation = ThresholdValidation(
        regimes: try RegimeArgument.thresholds(options.regime), worlds: options.worlds,
        interactions: options.interactions, firstSeed: options.seed,
        threads: options.execution.threads ?? Machine.cores, folder: options.resume)
      let result = try watched { try validation.run(progress: $0) }
      if let out = options.out { try result.write(to: out) }
      if machine.json {
        try JSONOutput.print(result)
      } else {
        try StandardOutput.print(result.text)
      }
      return
    }
    let validation = Validation(
      regimes: try RegimeArgument.regimes(options.regime), worlds: options.worlds,
      interactions: options.interactions, firstSeed: options.seed,
      threads: options.execution.threads ?? Machine.cores, checkEvery: options.checkEvery,
      folder: options.resume)
    let result = try watched { try validation.run(progress: $0) }
    if let out = options.out { try result.write(to: out) }
    if machine.json { try JSONOutput.print(result) } else { try StandardOutput.print(result.text) }
  }
}

/// Kinds of worlds for the refuters, by their names.
private enum FlawedWorldArgument {
  static func worlds(_ name: String) throws -> [FlawedWorld] {
    if name == "all" { return FlawedWorld.allCases }
    if let world = FlawedWorld(rawValue: name) { return [world] }
    throw ValidationError(
      "No kind of world is called '\(name)'. Expected all or one of "
        + FlawedWorld.allCases.map(\.rawValue).joined(separator: ", ") + ".")
  }
}
