import ArgumentParser
import Wherefore

struct EffectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "effect",
    abstract: "Estimates what a treatment does to an outcome, adjusted for other columns.",
    discussion: """
      Doubly robust with cross-fitting: right when either who was treated or the outcome is modelled \
      right. Says how alike the treated and the others are, and how strong an unmeasured cause would \
      have to be to explain the effect away (the E-value).

      Example: wherefore effect calls.csv --outcome repeated --treatment timeout \
      --adjust channel,topic,hour --cluster customer_id
      """)

  @OptionGroup var options: EffectOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    let summary = try EffectAnalysis(
      path: options.table.path,
      request: EffectRequest(
        outcome: options.table.outcome, treatment: options.treatment, adjust: options.adjusted,
        cluster: options.cluster,
        weighting: CrossFittedWeighting(
          estimand: options.estimand == .ate ? .ate : .att,
          outcomeModel: options.outcomeModel == .linear ? .linear : .logistic,
          folds: options.folds, seed: options.seed)),
      threads: options.execution.threads ?? Machine.cores
    ).run()
    if machine.json {
      try JSONOutput.print(summary)
    } else {
      try StandardOutput.print(summary.text)
    }
  }
}

struct DiscontinuityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discontinuity",
    abstract: "Estimates how an outcome jumps where a running variable passes a cutoff.",
    discussion: """
      Local polynomials on both sides with bandwidths that minimise the mean squared error. Report \
      the robust interval: it allows for the bias that such a bandwidth has. The density test says \
      whether rows chose their side of the cutoff.

      Example: wherefore discontinuity calls.csv --outcome repeated --running confidence --cutoff 0.8
      """)

  @OptionGroup var options: DiscontinuityOptions
  @OptionGroup var machine: MachineOutput

  func run() throws {
    let summary = try DiscontinuityAnalysis(
      path: options.table.path,
      request: DiscontinuityRequest(
        outcome: options.table.outcome, running: options.running,
        design: Discontinuity(
          cutoff: options.cutoff, degree: options.degree, kernel: options.kernel.kernel,
          variance: options.variance.variance, rule: options.rule == .mserd ? .common : .bySide,
          bandwidth: options.bandwidth)),
      threads: options.execution.threads ?? Machine.cores
    ).run()
    if machine.json {
      try JSONOutput.print(summary)
    } else {
      try StandardOutput.print(summary.text)
    }
  }
}

extension DiscontinuityOptions.Kernel {
  fileprivate var kernel: LocalKernel {
    switch self {
    case .triangular: .triangular
    case .uniform: .uniform
    case .epanechnikov: .epanechnikov
    }
  }
}

extension DiscontinuityOptions.Variance {
  fileprivate var variance: DiscontinuityVariance {
    switch self {
    case .nn: .nearestNeighbour(matches: 3)
    case .hc0: .hc0
    case .hc1: .hc1
    case .hc2: .hc2
    case .hc3: .hc3
    }
  }
}
