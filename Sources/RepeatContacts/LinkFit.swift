import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fitted link model and how the fit got there.
package struct LinkFit: Sendable {
  package let model: LinkModel
  package let parameters: LinkParameters
  package let logLikelihood: Double
  package let record: FitRecord

  /// How an iteration ended.
  package struct FitRecord: Sendable, Equatable {
    package enum Ending: String, Sendable {
      case converged
      case iterationLimit = "iteration limit"
    }
    package var ending: Ending
    /// Passes over the pairs.
    package var passes: Int
    package var cycles: Int
    /// Extrapolations that lost likelihood and were taken back.
    package var rejected: Int
    /// Largest change of a coefficient in the last cycle, and of the log-likelihood.
    package var lastStep: Double
    package var lastGain: Double
    package var tolerance: Double
    package var gainTolerance: Double
    package var criterion: String {
      "largest change of a coefficient of the repeat rate in an accelerated cycle below "
        + "\(tolerance), log-likelihood gain below \(gainTolerance)"
    }
  }

  package var tables: PassTables { PassTables(model: model, parameters: parameters) }
}

/// Fits the link model by EM, accelerated by squared extrapolation (Varadhan & Roland 2008, scheme
/// S3), each extrapolation kept only if the log-likelihood does not fall.
package struct LinkFitter: Sendable {
  package let executor: any LinkExecutor
  package var tolerance = 2e-3
  package var maximumCycles = 60
  package var freedom = RateFreedom.all
  package var gainTolerance = 0.05
  /// Cycles after which the shrinkage of m is no longer estimated anew.
  static let settledAfter = 6

  package init(executor: any LinkExecutor) { self.executor = executor }

  /// Where a fit starts without a better guess: a tenth of the contacts caused, delays log-uniform.
  package func start(_ model: LinkModel) -> LinkParameters {
    let data = model.data
    let bins = data.bins.count
    let groups = model.rate.form.groupCount
    var coefficients = [Double](repeating: 0, count: model.rate.columnNames.count)
    coefficients[0] = model.rate.form.link.linearPredictor(0.12)
    var shares = [Double](repeating: 0.5, count: data.topicCount)
    for topic in data.topic { shares[Int(topic)] += 1 }
    let total = shares.reduce(0, +)
    let perCustomer =
      0.8 * Double(data.count) / Double(max(data.customerCount + data.silentCustomers.count, 1))
    let mean = perCustomer / max(data.end, 1)
    var components = [RatePrior.Component(weight: 1, shape: 1.2, mean: mean * 0.8)]
    if model.background.components == 2 {
      components = [
        .init(weight: 0.8, shape: 1.5, mean: mean * 0.6),
        .init(weight: 0.2, shape: 1.5, mean: mean * 2),
      ]
    }
    let intervals = model.grid.intervals
    let weights = intervals.map { interval -> Double in
      let whole = model.grid.borders[interval.upper] - model.grid.borders[interval.lower]
      return whole == data.dayCount ? 0.7 : 0.3 / Double(max(intervals.count - 1, 1))
    }
    return LinkParameters(
      coefficients: coefficients,
      delay: (0..<groups).map { _ in
        [Double](repeating: 1 / Double(bins), count: bins)
      },
      persistence: [Double](repeating: 0.6, count: groups),
      topicShare: shares.map { $0 / total },
      prior: RatePrior(components: components, intervalWeights: weights),
      mixConcentration: model.background.ownTopicMix ? 10 : .infinity,
      intensity: [Double](repeating: 1, count: data.topicCount * data.dayCount))
  }

  /// Runs EM from `start` until the stated criterion holds or the cycles run out.
  package func fit(_ model: LinkModel, from start: LinkParameters? = nil) throws -> LinkFit {
    let update = LinkUpdate(model: model, freedom: freedom)
    var current = start ?? self.start(model)
    var record = LinkFit.FitRecord(
      ending: .iterationLimit, passes: 0, cycles: 0, rejected: 0, lastStep: .infinity,
      lastGain: .infinity, tolerance: tolerance, gainTolerance: gainTolerance)
    func step(
      _ parameters: LinkParameters, _ tables: PassTables, _ sums: PassSums
    ) throws -> (LinkParameters, Double) {
      (
        try update.updated(
          parameters, tables: tables, sums: sums, settled: record.cycles > LinkFitter.settledAfter),
        sums.logLikelihood - penalty(parameters, model)
      )
    }
    func map(_ parameters: LinkParameters) throws -> (LinkParameters, Double) {
      let tables = PassTables(model: model, parameters: parameters)
      record.passes += 1
      return try step(parameters, tables, executor.pass(model.data, tables))
    }
    /// nil where the likelihood has no value: an extrapolation may leave what doubles can hold.
    func extrapolated(_ parameters: LinkParameters) throws -> (LinkParameters, Double)? {
      let tables = PassTables(model: model, parameters: parameters)
      let sums = executor.pass(model.data, tables)
      record.passes += 1
      return sums.logLikelihood.isFinite ? try step(parameters, tables, sums) : nil
    }
    var previous = -Double.infinity
    let coefficientCount = current.coefficients.count
    // Plain steps first: far from the optimum extrapolation only overshoots.
    if start == nil { for _ in 0..<4 { current = try map(current).0 } }
    for _ in 0..<maximumCycles {
      record.cycles += 1
      let x0 = current.coordinates()
      let (first, value0) = try map(current)
      let (second, value1) = try map(first)
      let x1 = first.coordinates()
      let x2 = second.coordinates()
      var rr = 0.0
      var vv = 0.0
      for k in x0.indices {
        let r = x1[k] - x0[k]
        let v = x2[k] - x1[k] - r
        rr += r * r
        vv += v * v
      }
      var next = second
      let alpha = vv > 0 ? min(max(-(rr / vv).squareRoot(), -24), -1) : -1
      if alpha < -1 {
        let x = x0.indices.map { k -> Double in
          let r = x1[k] - x0[k]
          let v = x2[k] - x1[k] - r
          return x0[k] - 2 * alpha * r + alpha * alpha * v
        }
        if let (stabilised, value) = try extrapolated(current.moved(to: x)),
          value >= value1 - 0.1
        {
          next = stabilised
        } else {
          record.rejected += 1
        }
      }
      var step = 0.0
      let x3 = next.coordinates()
      for k in 0..<coefficientCount { step = max(step, abs(x3[k] - x0[k])) }
      // Measured on log κ, whatever the link: dlogκ = κ^(−γ) dη, at a typical κ.
      step /= model.rate.coefficientScale
      record.lastStep = step
      record.lastGain = value0 - previous
      previous = value0
      current = next
      if step < tolerance && abs(record.lastGain) < gainTolerance {
        record.ending = .converged
        break
      }
    }
    let tables = PassTables(model: model, parameters: current)
    let sums = executor.pass(model.data, tables)
    return LinkFit(
      model: model, parameters: current, logLikelihood: sums.logLikelihood, record: record)
  }

  private func penalty(_ parameters: LinkParameters, _ model: LinkModel) -> Double {
    var sum = 0.0
    for (k, lambda) in model.rate.ridge.enumerated() {
      sum += lambda * parameters.coefficients[k] * parameters.coefficients[k] / 2
    }
    return sum
  }
}
