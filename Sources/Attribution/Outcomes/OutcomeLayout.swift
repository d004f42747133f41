import RepeatContacts

/// The parameters that an outcome's intervals account for, as one vector: the outcome's coefficients,
/// what its model has besides (the customers' rhythm), and the coefficients of the modes' rates.
struct OutcomeLayout: RateColumns {
  let coefficientCount: Int
  let linkCount: Int
  let rateModes: [(mode: Int, offset: Int)]
  let count: Int

  init(coefficientCount: Int, further: Int, rates: ModeRates) {
    self.coefficientCount = coefficientCount
    linkCount = coefficientCount + further
    (rateModes, count) = Self.rateModes(rates, from: linkCount)
  }
}
