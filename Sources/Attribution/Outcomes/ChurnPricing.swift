import InteractionLog

extension AttributionReport {
  /// Fills in what each fix saves of customers who would not have left: the first outcome of kind churn
  /// that could be told, at its own price or the study's.
  mutating func priceChurn(study: Study) {
    guard
      let price = study.outcomes.first(where: { $0.kind == .churn })?.money
        ?? study.costs.perChurnedCustomer,
      let churn = outcomes?.first(where: { $0.kind == OutcomeDeclaration.Kind.churn.rawValue })
    else { return }
    for k in fixes.indices {
      guard churn.expected.estimate != nil else {
        fixes[k].churnCostAvoided = .init(estimate: nil, ci95: nil, note: churn.note)
        continue
      }
      let fix = fixes[k]
      let rows = churn.modes.filter { $0.mode == fix.mode }
      guard let row = rows.first(where: { $0.component == fix.component }) ?? rows.first else {
        let reason = churn.leftOut.first { $0.mode == fix.mode }?.reason
        fixes[k].churnCostAvoided = .init(
          estimate: nil, ci95: nil,
          note: reason ?? "the outcome \(churn.outcome) has no figure for this failure")
        continue
      }
      fixes[k].churnCostAvoided = .init(
        estimate: row.ifRemoved.estimate.map { $0 * price },
        ci95: row.ifRemoved.ci95.map { $0.map { $0 * price } }, note: row.ifRemoved.note)
    }
  }
}
