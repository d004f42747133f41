import LinearAlgebra

/// Fits to up to eight samples, each going on from the one to all rows.
struct SampleRefits {
  /// Of each sample, by standardised column.
  private(set) var coefficients: [SampledRows.Lanes]
  private(set) var samples: [Sample]

  /// How far a sample's fit has come.
  struct Sample {
    fileprivate(set) var iterations = 0
    /// Of the last step.
    fileprivate(set) var decrement = Double.infinity
    fileprivate(set) var converged = false
    /// Of the information that serves the steps until it no longer does.
    fileprivate var factor: CholeskyFactor?
  }

  /// Fits by Newton's method with the information of each sample at the old coefficients, so that
  /// all but the first step need gradients only.
  init(
    _ rows: SampledRows, _ counts: SampleCounts, samples count: Int
  ) throws(FractionError) {
    coefficients = rows.fit.coefficients.map { SampledRows.Lanes(repeating: $0) }
    samples = [Sample](repeating: Sample(), count: count)
    var sums = rows.sumsAtFit(counts)
    while true {
      for sample in samples.indices where !samples[sample].converged {
        try step(sample, sums)
      }
      if samples.allSatisfy(\.converged) { return }
      let renew = samples.contains { !$0.converged && $0.factor == nil }
      sums = rows.sums(counts, at: coefficients, information: renew)
    }
  }

  private mutating func step(_ sample: Int, _ sums: SampleSums) throws(FractionError) {
    var state = samples[sample]
    let factor: CholeskyFactor
    if let known = state.factor {
      factor = known
    } else {
      factor = try PatternedLogistic.factor(
        sums.information(of: sample), order: coefficients.count)
    }
    let gradient = sums.gradient(of: sample)
    let step = factor.solve(gradient)
    for (column, change) in step.enumerated() { coefficients[column][sample] += change }
    let (last, decrement) = (state.decrement, dot(step, gradient))
    // The next decrement falls at least as far again.
    let fall = last.isFinite ? min(decrement / last, 1) : 1
    state.converged = decrement * fall <= PatternedLogistic.tolerance
    state.iterations += 1
    state.decrement = decrement
    // Where the old information no longer serves, that at the new coefficients does.
    state.factor = decrement > last / 10 ? nil : factor
    samples[sample] = state
    if !state.converged && state.iterations == PatternedLogistic.maximumIterations {
      throw .notConverged(iterations: state.iterations, decrement: decrement)
    }
  }
}
