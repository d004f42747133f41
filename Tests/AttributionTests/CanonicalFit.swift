import Attribution
import FailureModes
import InteractionLog

extension FittedAttribution {
  /// The model fitted to a log in the canonical columns, as a run without a study fits it.
  init(canonical table: InteractionTable) throws {
    let study = Study.canonical
    var options = AttributionOptions(seed: 1)
    options.modelChecks = false
    try self.init(
      AttributionInput(
        table: table, modes: try ModeTable.build(study: study, table: table), study: study,
        customers: nil, constantColumns: []),
      options: options)
  }
}

extension LinkTree {
  /// Expected number of the contacts that a removal avoids, and the variance of the realised number.
  func avoided(_ fraction: (Int) -> Double) -> (expected: Double, variance: Double) {
    let removal = Removal(self, fraction: fraction)
    let worth = hanging(removal, weight: nil)
    return (removal.expected(weight: nil), variance(removal, worth: worth))
  }
}
