/// What customers' scores are taken for: the layout of the score vector and the fixed sparse rows
/// that turn a contact's sums into it.
///
/// By Fisher's identity a customer's score is the posterior expectation of the complete data's
/// score, so it is linear in the sums of one pass.
package struct ScorePlan: Sendable {
  package let parameterCount: Int
  /// dκ/dβ of observed cell × group, as sparse rows over the first parameters.
  package let rateStart: [Int32]
  package let rateColumn: [Int32]
  package let rateValue: [Double]
  /// First parameter of each group's delay logits (bins − 1 of them), and of its persistence.
  package let delayOffset: [Int]
  package let persistenceOffset: [Int]
  /// Derivatives of the prior's log weights: `priorDerivative[k][class * stride + r]`, and of the
  /// log probability of being seen.
  package let priorOffset: Int
  package let priorDerivative: [[Double]]
  package let seenDerivative: [Double]
  /// Parameter of log α, nil without own mixes; derivatives of the log rising factorials.
  package let mixOffset: Int?
  package let risingDerivative: [Double]
  package let risingTotalDerivative: [Double]
  /// Further scores of each contact that the pass knows nothing of (rates of modes), as sparse rows.
  package let extraStart: [Int32]
  package let extraColumn: [Int32]
  package let extraValue: [Double]

  package init(
    parameterCount: Int, rateStart: [Int32], rateColumn: [Int32], rateValue: [Double],
    delayOffset: [Int], persistenceOffset: [Int], priorOffset: Int, priorDerivative: [[Double]],
    seenDerivative: [Double], mixOffset: Int?, risingDerivative: [Double],
    risingTotalDerivative: [Double], extraStart: [Int32], extraColumn: [Int32],
    extraValue: [Double]
  ) {
    self.parameterCount = parameterCount
    self.rateStart = rateStart
    self.rateColumn = rateColumn
    self.rateValue = rateValue
    self.delayOffset = delayOffset
    self.persistenceOffset = persistenceOffset
    self.priorOffset = priorOffset
    self.priorDerivative = priorDerivative
    self.seenDerivative = seenDerivative
    self.mixOffset = mixOffset
    self.risingDerivative = risingDerivative
    self.risingTotalDerivative = risingTotalDerivative
    self.extraStart = extraStart
    self.extraColumn = extraColumn
    self.extraValue = extraValue
  }
}
