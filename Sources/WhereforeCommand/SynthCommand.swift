import ArgumentParser
import Wherefore

struct SynthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Generates a log with known truth.",
    discussion: """
      Writes interactions.csv, truth.json (what was really caused, by part and by mode) and, where \
      customers come and go, customers.csv.

      Example: wherefore synth --out world --interactions 20000 --seed 7
      """)

  @OptionGroup var options: SynthOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    var world = try RegimeArgument.world(
      options.regime, interactions: options.interactions, seed: options.seed)
    if let fix = options.release {
      world = try world.releasing(fix, day: options.releaseDay, cut: options.releaseCut)
    }
    if let change = options.change {
      world = world.changing(change, day: options.changeDay ?? SynthOptions.usualChangeDay)
    }
    let asked = world
    let log = try watched { progress in
      let stage = progress.stage("generating", from: 0, to: 0.6)
      let log = asked.generate()
      stage(1)
      progress.stage("writing", from: 0.6, to: 1)
      try log.write(toDirectory: options.out)
      return log
    }
    if machine.json {
      try StandardOutput.print(String(decoding: try log.truth.json(), as: UTF8.self))
      return
    }
    try StandardOutput.print(
      """
      \(options.out)/interactions.csv: \(log.truth.contacts) interactions of \(log.truth.customers) customers
      \(options.out)/truth.json: regime \(log.truth.regime), seed \(log.truth.seed)
      """)
  }
}

/// Regimes by name, with an error that lists them.
enum RegimeArgument {
  static func regimes(_ name: String) throws -> [Regime] {
    name == "all" ? Regime.allCases : [try one(name, or: "all or ")]
  }

  static func thresholds(_ name: String) throws -> [ThresholdRegime] {
    if name == "all" { return ThresholdRegime.allCases }
    if let regime = ThresholdRegime(rawValue: name) { return [regime] }
    throw ValidationError(
      "No regime of thresholds is called '\(name)'. Expected all or one of "
        + ThresholdRegime.allCases.map(\.rawValue).joined(separator: ", ") + ".")
  }

  /// A world of the regime of this name, one of those with thresholds among them.
  static func world(_ name: String?, interactions: Int, seed: UInt64) throws -> World {
    if let thresholds = name.flatMap({ ThresholdRegime(rawValue: $0) }) {
      return World(thresholds: thresholds, interactions: interactions, seed: seed)
    }
    let others = ThresholdRegime.allCases.map(\.rawValue)
    let regime = try name.map { try one($0, and: others) } ?? .logLinear
    return World(regime: regime, interactions: interactions, seed: seed)
  }

  /// The regime of this name.
  ///
  /// - Parameter others: further names that could be meant.
  static func one(
    _ name: String, or other: String = "", and others: [String] = []
  ) throws -> Regime {
    if let regime = Regime(rawValue: name) { return regime }
    let names = (Regime.allCases.map(\.rawValue) + others).joined(separator: ", ")
    throw ValidationError("No regime is called '\(name)'. Expected \(other)one of \(names).")
  }
}
