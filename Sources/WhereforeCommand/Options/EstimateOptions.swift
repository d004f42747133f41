import ArgumentParser
import Wherefore

/// The file that `wherefore effect` and `wherefore discontinuity` read.
struct TableOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("A CSV file with a header.", valueName: "data"), completion: .file())
  var path: String

  @Option(help: "The column of the outcome.")
  var outcome: String
}

/// What `wherefore effect` takes.
struct EffectOptions: ParsableArguments {
  @OptionGroup var table: TableOptions

  @Option(help: "The column of the treatment: 0 or 1.")
  var treatment: String

  @Option(
    help: ArgumentHelp(
      "Columns to adjust for, with commas between; text becomes one indicator a level.",
      valueName: "a,b,c"))
  var adjust: String = ""

  @Option(help: "Average over everybody (ate) or over the treated (att).")
  var estimand: Estimand = .ate

  @Option(help: "How the outcome follows the adjusting columns: linear, or logistic for 0...1.")
  var outcomeModel: OutcomeModel = .linear

  @Option(help: "Parts of the data; models are fitted to all but one and used on that one.")
  var folds: Int = 5

  @Option(help: "Seed of the split into folds.")
  var seed: UInt64 = 1

  @Option(help: "A column of what rows belong to (customers, teams): errors allow for it.")
  var cluster: String?

  @OptionGroup var execution: ExecutionOptions

  enum Estimand: String, CaseIterable, ExpressibleByArgument { case ate, att }
  enum OutcomeModel: String, CaseIterable, ExpressibleByArgument { case linear, logistic }

  mutating func validate() throws {
    guard folds >= 2 else { throw ValidationError("--folds is 2 or more, not \(folds).") }
    if adjusted.contains("") && !adjust.isEmpty {
      throw ValidationError("--adjust has an empty name in '\(adjust)'.")
    }
  }

  /// The names in `--adjust`.
  var adjusted: [String] {
    adjust.isEmpty
      ? [] : adjust.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

/// What `wherefore discontinuity` takes.
struct DiscontinuityOptions: ParsableArguments {
  @OptionGroup var table: TableOptions

  @Option(help: "The column of the running variable.")
  var running: String

  @Option(
    parsing: .unconditional,
    help: "Where the running variable switches: rows at or above it are on the right.")
  var cutoff: Double

  @Option(help: "How weight falls with the distance from the cutoff.")
  var kernel: Kernel = .triangular

  @Option(help: "Of the local polynomials: 1 or 2.")
  var degree: Int = 1

  @Option(
    parsing: .unconditional, help: "Half-width of the window; chosen where it is not given.")
  var bandwidth: Double?

  @Option(
    help: "What a chosen bandwidth minimises: the error of the jump, or of each side's level.")
  var rule: Rule = .mserd

  @Option(help: "Variance of single outcomes: from nearest neighbours, or from residuals.")
  var variance: Variance = .nn

  @OptionGroup var execution: ExecutionOptions

  enum Kernel: String, CaseIterable, ExpressibleByArgument {
    case triangular, uniform, epanechnikov
  }
  enum Rule: String, CaseIterable, ExpressibleByArgument { case mserd, msetwo }
  enum Variance: String, CaseIterable, ExpressibleByArgument { case nn, hc0, hc1, hc2, hc3 }

  mutating func validate() throws {
    guard degree == 1 || degree == 2 else {
      throw ValidationError("--degree is 1 or 2, not \(degree).")
    }
    guard cutoff.isFinite else { throw ValidationError("--cutoff is a number, not \(cutoff).") }
    if let bandwidth, !(bandwidth > 0 && bandwidth.isFinite) {
      throw ValidationError("--bandwidth is a number above 0, not \(bandwidth).")
    }
  }
}
