import RepeatContacts

extension StaffModel {
  /// What each linked contact of some members adds to their `expected` and `observed`.
  ///
  /// - Parameter members: places among the compared members.
  func contacts(of members: [Int], _ fitted: FittedAttribution) -> [StaffWorkLedger.Contact] {
    guard !members.isEmpty else { return [] }
    let rate = fit.model.rate
    let coefficients = fit.parameters.coefficients
    let predictor = rate.design.linearPredictor(coefficients)
    let link = rate.form.link
    let data = fit.model.data
    return (0..<data.count).compactMap { i in
      let o = Int(data.cell[i])
      let member = Int(memberOfCell[o])
      guard member >= 0, members.contains(member) else { return nil }
      let column = memberColumns[member]
      let effect = column >= 0 ? coefficients[column] : 0
      let exposure = fitted.functionals.exposure(
        delay: fit.parameters.delay, left: data.end - data.time[i])
      var (expected, observed) = (0.0, 0.0)
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[entry])
        let e = cells.mixtureWeight[entry] * exposure[Int(rate.cellGroup[cell])]
        observed += e * link.mean(predictor[cell])
        expected += e * link.mean(predictor[cell] - effect + reference)
      }
      return .init(row: data.row[i], expected: expected, observed: observed)
    }
  }
}
