import ArgumentParser
import Wherefore

extension WorldChange: ExpressibleByArgument {}

/// What `wherefore synth` takes.
struct SynthOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder to write interactions.csv and truth.json to.", valueName: "dir"),
    completion: .directory)
  var out: String

  @Option(help: "Interactions to generate, about.")
  var interactions: Int

  @Option(help: "Seed: the same seed gives the same world.")
  var seed: UInt64

  @Option(
    help:
      """
      The kind of world; 'wherefore validate --list' names them. Besides, where repeats respond to \
      the confidence threshold: \(ThresholdRegime.allCases.map(\.rawValue).joined(separator: ", ")).
      """)
  var regime: String?

  @Option(
    help: ArgumentHelp(
      "A fix that is released in the log: a failure that becomes rarer at a component.",
      valueName: "mode@component"))
  var release: String?

  @Option(help: "The day of the log, from 0, on which the fix is released.")
  var releaseDay: Int = 45

  @Option(help: "The share of the failures that the fix takes away, above 0 to 1.")
  var releaseCut: Double = 1

  @Option(
    help:
      """
      Something that becomes otherwise in the log, to be found by 'wherefore change': \
      \(WorldChange.allCases.map(\.rawValue).joined(separator: ", ")).
      """)
  var change: WorldChange?

  static let usualChangeDay = 42

  @Option(
    help: "The day of the log, from 0, on which it becomes otherwise. Default: \(usualChangeDay).")
  var changeDay: Int?

  mutating func validate() throws {
    try WorldSize.validate(interactions)
    let days = World.days
    if let changeDay {
      guard change != nil else { throw ValidationError("--change-day goes with --change.") }
      guard (1..<days).contains(changeDay) else {
        throw ValidationError("--change-day is a day from 1 to \(days - 1), not \(changeDay).")
      }
    }
    if change != nil, regime != nil || release != nil {
      throw ValidationError(
        "--change goes with neither --regime nor --release: a world has one cause to be found.")
    }
    guard release != nil else { return }
    guard (1..<days).contains(releaseDay) else {
      throw ValidationError("--release-day is a day from 1 to \(days - 1), not \(releaseDay).")
    }
    guard releaseCut > 0, releaseCut <= 1 else {
      throw ValidationError("--release-cut is a share above 0, at most 1, not \(releaseCut).")
    }
  }
}

/// What `wherefore validate` takes.
struct ValidateOptions: ParsableArguments {
  @Flag(help: "Print the names of the regimes, one a line, and do nothing else.")
  var list = false

  @Option(help: "Worlds to generate and analyse in each regime.")
  var worlds: Int = 20

  @Option(help: "One regime by name, or all.")
  var regime: String = "all"

  @Option(help: "Interactions of each world, about.")
  var interactions: Int = 30_000

  @Option(help: "Seed of the first world; each further world has the next.")
  var seed: UInt64 = 1

  @Flag(
    help: "Judge the refuters instead: alarms in sound worlds, and in worlds built to be wrong.")
  var refuters = false

  @Flag(
    help: ArgumentHelp(
      "Judge what-ifs on thresholds instead: coverage, bounds, errors, cost of the policy found, "
        + "the warning of a moved scale."))
  var thresholds = false

  @Option(
    help: ArgumentHelp(
      "Run the checks that refit the model in every so many worlds; 0: in none.",
      valueName: "worlds"))
  var checkEvery: Int = 0

  @Option(
    help: ArgumentHelp(
      "Keep each world in this folder as it is done, and go on from what is there.",
      valueName: "dir"),
    completion: .directory)
  var resume: String?

  @Option(help: "Also write the results to this file as JSON.", completion: .file())
  var out: String?

  @OptionGroup var execution: ExecutionOptions

  mutating func validate() throws {
    guard (1...100_000).contains(worlds) else {
      throw ValidationError("--worlds is a number from 1 to 100000, not \(worlds).")
    }
    guard checkEvery >= 0 else {
      throw ValidationError("--check-every is a number of worlds or 0, not \(checkEvery).")
    }
    guard seed <= UInt64.max - UInt64(worlds) else {
      throw ValidationError("--seed is at most \(UInt64.max - UInt64(worlds)), not \(seed).")
    }
    try WorldSize.validate(interactions)
  }
}

private enum WorldSize {
  /// Below this a world has hardly any repeat; above it a row index would not fit.
  static let limits = 100...1_000_000_000

  static func validate(_ interactions: Int) throws {
    guard limits.contains(interactions) else {
      throw ValidationError(
        "--interactions is a number from \(limits.lowerBound) to \(limits.upperBound), not "
          + "\(interactions).")
    }
  }
}
