import Attribution
import FailureModes
import Foundation
import InteractionLog
import Statistics
import SyntheticWorld

/// A generated world whose outcomes are drawn by known laws.
struct OutcomeWorld {
  static let isEvidence = ProcessInfo.processInfo.environment["WHEREFORE_EVIDENCE"] != nil

  let log: GeneratedLog
  let study: Study

  /// Effects of misclassification, timeout, error, slowness, near threshold, unneeded escalation,
  /// failed action, wrong information and a missed procedure.
  static let effects = [0.6, 0.7, 0.5, 0, 0, 0, 0.9, 0.8, 0.4]

  init(
    interactions: Int, seed: UInt64, laws: [OutcomeLaw], outcomes: [OutcomeDeclaration],
    edit: (inout WorldParameters) -> Void = { _ in }
  ) {
    var parameters = WorldParameters()
    parameters.outcomes = laws
    edit(&parameters)
    log = World(
      regime: .logLinear, parameters: parameters, interactions: interactions, seed: seed
    ).generate(includeTotals: false, without: [])
    var study = Study.canonical
    study.outcomes = outcomes
    self.study = study
  }

  func problem(_ place: Int, table: InteractionTable? = nil) throws -> OutcomeProblem {
    let table = table ?? log.table
    return try OutcomeProblem(
      study.outcomes[place], table: table, modes: try ModeTable.build(study: study, table: table),
      study: study, contextNames: ["topic", "channel", "handled_by"], componentTerms: false,
      base: nil)
  }

  func truth(_ name: String) -> OutcomeTruth? { log.truth.outcomes?.first { $0.outcome == name } }

  func fitted() throws -> FittedAttribution {
    var options = AttributionOptions(seed: 1, threads: 2)
    options.modelChecks = false
    return try FittedAttribution(
      AttributionInput(
        table: log.table, modes: try ModeTable.build(study: study, table: log.table),
        study: study, customers: nil, constantColumns: []), options: options)
  }
}

/// Bias, coverage and errors of estimates over worlds, by name.
struct OutcomeTally {
  private struct Cell {
    var errors: [Double] = []
    var ses: [Double] = []
    var truths: [Double] = []
    var covered = 0
  }
  private var cells: [String: Cell] = [:]

  mutating func add(_ name: String, estimate: Double, se: Double, truth: Double) {
    cells[name, default: Cell()].errors.append(estimate - truth)
    cells[name, default: Cell()].ses.append(se)
    cells[name, default: Cell()].truths.append(truth)
    if abs(estimate - truth) <= 1.959964 * se { cells[name, default: Cell()].covered += 1 }
  }

  /// The parts, and what switching each mode off alone takes away.
  mutating func add(
    _ estimation: OutcomeEstimation, _ problem: OutcomeProblem, _ truth: OutcomeTruth
  ) {
    let e = truth.expected
    let parts = [
      ("system_direct", e.systemDirect), ("system_through_staff", e.systemThroughStaff),
      ("staff_own", e.staffOwn), ("baseline", e.baseline),
    ]
    for (k, part) in parts.enumerated() {
      let (value, se) = estimation.estimates.combination([(k, 1)])
      add(part.0, estimate: value, se: se, truth: part.1)
    }
    for name in ["misclassified_intent", "integration_timeout", "action_failed"] {
      guard let m = problem.cells.modes.firstIndex(where: { $0.name == name }),
        let value = truth.modesDirect[name]
      else { continue }
      let places = problem.cells.parts.indices.filter { problem.cells.parts[$0].mode == m }
      let (found, se) = estimation.estimates.combination(
        places.map { (estimation.layout.switchedOff($0), 1) })
      add(name, estimate: found, se: se, truth: value)
    }
  }

  var names: [String] { cells.keys.sorted() }
  func coverage(_ name: String) -> Double {
    guard let cell = cells[name] else { return 0 }
    return Double(cell.covered) / Double(cell.errors.count)
  }
  /// Mean error in its own Monte Carlo errors.
  func biasInErrors(_ name: String) -> Double {
    guard let cell = cells[name] else { return .infinity }
    let n = Double(cell.errors.count)
    let mean = cell.errors.reduce(0, +) / n
    let variance = cell.errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
    return mean / max((variance / n).squareRoot(), 1e-12)
  }
  func table() -> String {
    names.map { name in
      let cell = cells[name] ?? Cell()
      let n = Double(cell.errors.count)
      let mean = cell.errors.reduce(0, +) / n
      let sd = (cell.errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1))
        .squareRoot()
      return "\(name): truth \(cell.truths.reduce(0, +) / n) bias \(mean) sd \(sd) mean se "
        + "\(cell.ses.reduce(0, +) / n) coverage \(coverage(name)) of \(Int(n))"
    }.joined(separator: "\n")
  }
}
