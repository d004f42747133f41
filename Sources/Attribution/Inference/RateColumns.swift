import RepeatContacts

/// Where the coefficients of the modes' rates stand in a vector of parameters: after those of the
/// model that the rates serve.
package protocol RateColumns: Sendable {
  /// Modes whose rate is part of the vector, and where their coefficients start.
  var rateModes: [(mode: Int, offset: Int)] { get }
  /// Coordinates before those of the rates.
  var linkCount: Int { get }
  /// All coordinates.
  var count: Int { get }
}

extension RateColumns {
  /// The places of all rates that are modelled, and where they end.
  static func rateModes(_ rates: ModeRates, from start: Int) -> (
    modes: [(mode: Int, offset: Int)], count: Int
  ) {
    var at = start
    var modes: [(mode: Int, offset: Int)] = []
    for (m, rate) in rates.rates.enumerated() where rates.leftOut[m] == nil {
      guard let rate else { continue }
      modes.append((m, at))
      at += rate.coefficients.count
    }
    return (modes, at)
  }

  /// The modes' rates with one of their coefficients moved.
  package func movedRates(_ rates: ModeRates, _ index: Int, by h: Double, context: ContextTable)
    -> ModeRates
  {
    var copy = rates
    guard let (mode, offset) = rateModes.last(where: { $0.offset <= index }),
      var rate = copy.rates[mode]
    else { return copy }
    let k = index - offset
    rate.coefficients[k] += h
    let contextCount = rate.coefficients.count - rate.parents.count - 1
    if k == 0 {
      rate.contextLogit = rate.contextLogit.map { $0 + h }
    } else if k <= contextCount {
      for (c, columns) in context.columns.enumerated() where columns.contains(Int32(k - 1)) {
        rate.contextLogit[c] += h
      }
    }
    copy.rates[mode] = rate
    return copy
  }
}
