import RealModule

/// The response of a generalized linear mixed model, summed over equal rows.
struct MixedResponse: @unchecked Sendable {
  // Written by `init` only, so that threads may share it.

  let family: MixedFamily
  /// Successes or events times weight, a value a row of `MixedRows`.
  let responses: Scratch<Double>
  /// Trials or rows times weight, likewise.
  let sizes: Scratch<Double>
  /// What each row's log-likelihood is measured against, see `ResponseKernel`.
  let references: Scratch<Double>
  /// The log-likelihood of a perfect fit of the joined rows, with all that no parameter moves.
  let constant: Double
  /// How much higher the log-likelihood of a perfect fit of every input row is.
  let splitting: Double

  init(_ data: MixedModelData, _ structure: MixedStructure, _ family: MixedFamily) {
    self.family = family
    let rows = structure.rows
    var (responses, sizes) = (data.response, [Double](repeating: 1, count: data.count))
    var (constant, saturated) = (0.0, 0.0)
    for row in 0..<data.count {
      let weight = data.weights?[row] ?? 1
      let trials = family.isBinomial ? data.trials?[row] ?? 1 : 1
      let y = data.response[row]
      if weight > 0, trials > 0 {
        constant += weight * Self.constant(y, trials, family)
        saturated += weight * family.saturated(response: y, size: trials)
      }
      responses[row] *= weight
      sizes[row] = weight * trials
    }
    let (responseSums, sizeSums) = (structure.cells.sums(responses), structure.cells.sums(sizes))
    self.responses = Scratch(count: rows.count, repeating: 0)
    self.sizes = Scratch(count: rows.count, repeating: 0)
    references = Scratch(count: rows.count, repeating: 0)
    var joined = 0.0
    for i in 0..<rows.count {
      let (y, n) = (responseSums[Int(rows.order[i])], sizeSums[Int(rows.order[i])])
      self.responses.base[i] = y
      self.sizes.base[i] = n
      guard n > 0 else { continue }
      references.base[i] = family.reference(response: y, size: n)
      joined += family.saturated(response: y, size: n)
    }
    self.constant = constant + joined
    splitting = saturated - joined
  }

  /// - Throws: `.valueOutOfRange`, `.successesAboveTrials`, `.constantResponse`, `.allWeightsZero`.
  static func validate(_ data: MixedModelData, _ family: MixedFamily) throws(MixedModelError) {
    try data.requireWeights(positive: false)
    var (successes, failures) = (0.0, 0.0)
    for row in 0..<data.count {
      let y = data.response[row]
      if y < 0 {
        throw .valueOutOfRange(
          argument: "response", row: row, value: y, expected: "a number of 0 or more")
      }
      let weight = data.weights?[row] ?? 1
      successes += weight * y
      guard family.isBinomial else { continue }
      let trials = data.trials?[row] ?? 1
      if trials < 0 {
        throw .valueOutOfRange(
          argument: "trials", row: row, value: trials, expected: "a number of 0 or more")
      }
      if y > trials { throw .successesAboveTrials(row: row, successes: y, trials: trials) }
      failures += weight * (trials - y)
    }
    if successes == 0 { throw .constantResponse(value: 0) }
    if family.isBinomial, failures == 0 { throw .constantResponse(value: 1) }
  }

  private static func constant(_ y: Double, _ trials: Double, _ family: MixedFamily) -> Double {
    if !family.isBinomial { return -Double.logGamma(y + 1) }
    if trials == 1, y == 0 || y == 1 { return 0 }
    return Double.logGamma(trials + 1) - Double.logGamma(y + 1) - Double.logGamma(trials - y + 1)
  }
}
