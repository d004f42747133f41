/// What one episode's value under a policy is made of, decision by decision, where decisions of an
/// episode share the threshold that they met, or there is one: to be checked elsewhere.
package struct EpisodeTrace: Sendable {
  /// Policy's chance of the logged decision over its propensity.
  package let ratios: [Double]
  package let rewards: [Double]
  /// The outcome model's value of the logged decision, and of the policy's.
  package let predicted: [Double]
  package let values: [Double]

  /// Every unit inside support whose outcome is known, under one threshold for all.
  package static func all(
    _ setting: WhatIfSetting, threshold: Double, outcome: PolicyOutcome
  ) -> [EpisodeTrace] {
    guard let m = setting.rewards.index(of: outcome) else { return [] }
    var kernel = setting.kernel
    var traces: [EpisodeTrace] = []
    for customer in 0..<setting.log.customers {
      kernel.load(customer: customer)
      let handling = kernel.contact.map { i -> Int8 in
        guard setting.log.action[i] >= 0 else { return Handling.asLogged.rawValue }
        return (setting.log.score[i] >= threshold ? Handling.above : .below).rawValue
      }
      for u in kernel.units.indices {
        if let trace = kernel.trace(u, handling, outcome: m) { traces.append(trace) }
      }
    }
    return traces
  }
}

extension EpisodeKernel {
  /// Nil outside support, or where the outcome is unknown.
  func trace(_ u: Int, _ handling: [Int8], outcome m: Int) -> EpisodeTrace? {
    let unit = units[u]
    guard part(unit.lowerBound, handling).isSupported, !reward(unit.lowerBound, m).isNaN else {
      return nil
    }
    let used = outcomeIsOfEpisode(m) ? unit : unit.lowerBound..<unit.lowerBound + 1
    return EpisodeTrace(
      ratios: used.map { part($0, handling).ratio }, rewards: used.map { reward($0, m) },
      predicted: used.map { predicted($0, m) },
      values: used.map { value($0, part($0, handling).place, m) })
  }
}
