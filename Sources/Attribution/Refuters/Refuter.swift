import LinearAlgebra

/// One way of trying to show that an attribution is wrong.
///
/// A refuter knows what must come out where the attribution is sound, looks what does come out, and
/// says so for the parts of the split and for every failure mode. Verdicts that are tests are held to
/// a family error of 5 % over a refuter's figures (`RefuterVerdicts`).
protocol Refuter: Sendable {
  static var name: RefuterName { get }
  /// What is done and what it would show, for a reader without statistics.
  static var meaning: String { get }
  init()
  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult]
}

/// The refuters, in the order in which they are read.
public enum RefuterName: String, CaseIterable, Sendable {
  case permutedRows = "permuted_rows"
  case simulatedNull = "simulated_null"
  case placeboMode = "placebo_mode"
  case randomCommonCause = "random_common_cause"
  case subsetCustomers = "subset_customers"
  case subsetTime = "subset_time"
  case negativeControl = "negative_control"
  case rawCounts = "raw_counts"
  case discontinuity
  case hiddenCause = "hidden_cause"
  case windowSensitivity = "window_sensitivity"
  case linkChoice = "link_choice"

  var refuter: any Refuter.Type {
    switch self {
    case .permutedRows: PermutedRows.self
    case .simulatedNull: SimulatedNull.self
    case .placeboMode: PlaceboMode.self
    case .randomCommonCause: RandomCommonCause.self
    case .subsetCustomers: CustomerSubsets.self
    case .subsetTime: TimeHalves.self
    case .negativeControl: NegativeControl.self
    case .rawCounts: RawCounts.self
    case .discontinuity: ThresholdJump.self
    case .hiddenCause: HiddenCause.self
    case .windowSensitivity: WindowSensitivity.self
    case .linkChoice: LinkChoice.self
    }
  }
}

/// Runs refuters on a fitted attribution.
package struct Refutation: Sendable {
  let attempt: RefutationCase

  package init(_ attempt: RefutationCase) { self.attempt = attempt }

  /// - Parameters:
  ///   - names: the refuters to run; they come out in the order of `RefuterName`.
  ///   - progress: called with the share done.
  package func run(
    _ names: [RefuterName], progress: (Double) -> Void = { _ in }
  ) throws -> [AttributionReport.Refuter] {
    let chosen = RefuterName.allCases.filter { names.contains($0) }
    return try chosen.enumerated().map { place, name in
      let type = name.refuter
      let results = try Refutation.results(of: type, attempt)
      progress(Double(place + 1) / Double(chosen.count))
      return .init(
        refuter: name.rawValue, verdict: RefuterVerdicts.gravest(results.map(\.verdict)),
        meaning: type.meaning, results: results)
    }
  }

  /// What a refuter finds; where the log cannot carry what it fits, it says nothing of any figure, and
  /// why.
  private static func results(
    of type: any Refuter.Type, _ attempt: RefutationCase
  ) throws -> [AttributionReport.RefuterResult] {
    do {
      return try type.init().results(attempt)
    } catch AttributionError.notIdentified(let reason) {
      return RefuterVerdicts.notApplicable(attempt.targets, untold(reason))
    } catch let error as LinearAlgebraError {
      return RefuterVerdicts.notApplicable(attempt.targets, untold("\(error)"))
    }
  }

  private static func untold(_ reason: String) -> String {
    "Could not be tried: the data do not tell apart the parameters of a model that it fits. \(reason)"
  }
}
