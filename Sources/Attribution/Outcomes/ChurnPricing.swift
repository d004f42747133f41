import InteractionLog

extension AttributionReport {
  /// Fills in what each fix saves of customers who would not have left: the first outcome of kind churn
  /// that has a price, its own or the study's, and could be told; where none could, why the first
  /// could not.
  package mutating func priceChurn(study: Study) {
    let priced = zip(study.outcomes, outcomes ?? []).compactMap { declaration, result in
      (declaration.kind == .churn ? declaration.money ?? study.costs.perChurnedCustomer : nil)
        .map { (price: $0, result: result) }
    }
    guard
      let (price, churn) = priced.first(where: { $0.result.expected.estimate != nil })
        ?? priced.first
    else { return }
    for k in fixes.indices {
      guard churn.expected.estimate != nil else {
        fixes[k].churnCostAvoided = .init(estimate: nil, ci95: nil, note: churn.note)
        continue
      }
      let fix = fixes[k]
      let rows = churn.modes.filter { $0.mode == fix.mode }
      guard let row = rows.first(where: { $0.component == fix.component }) ?? rows.first else {
        let reason = churn.leftOut.first { $0.mode == fix.mode }.map { "\($0.mode) \($0.reason)" }
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
