import RepeatContacts

/// Later contacts that nobody's failure or success brought: the customer would have come anyway.
///
/// Each contact with another of the same customer before it in the window counts once, at its nearest
/// predecessor, with the probability that it came on its own. A period's rate is its expected count
/// over its contacts' exposures, where the share of a window that the log covers is weighed by the
/// delays that such contacts have in the whole log: as had every window been covered.
struct CoincidentalContacts: Sendable {
  /// By contact: the probability that the next one came on its own, and the exposure.
  private(set) var count: [Double]
  private(set) var exposure: [Double]
  /// By period.
  private(set) var counts: [Double]
  private(set) var exposures: [Double]

  /// - Parameter own: probability that each contact came on its own.
  init(_ data: LinkData, own: [Double], periodOfContact: [Int32], periods: Int) {
    let bins = data.bins
    count = [Double](repeating: 0, count: data.count)
    exposure = count
    var inBin = [Double](repeating: 0, count: bins.count)
    for j in 0..<data.count where data.pairStart[j + 1] > data.pairStart[j] {
      count[j - 1] = own[j]
      inBin[Int(data.pairBin[data.pairStart[j + 1] - 1])] += own[j]
    }
    var covered = [Double](repeating: 0, count: bins.count)
    for i in 0..<data.count {
      for b in 0..<bins.count { covered[b] += bins.coverage(b, data.end - data.time[i]) }
    }
    var mass = (0..<bins.count).map { covered[$0] > 0 ? inBin[$0] / covered[$0] : 0 }
    let total = mass.reduce(0, +)
    mass = mass.map { total > 0 ? $0 / total : 1 / Double(bins.count) }
    for i in 0..<data.count {
      let left = data.end - data.time[i]
      if left >= bins.window {
        exposure[i] = 1
        continue
      }
      for b in 0..<bins.count { exposure[i] += mass[b] * bins.coverage(b, left) }
    }
    counts = [Double](repeating: 0, count: periods)
    exposures = counts
    for i in 0..<data.count where periodOfContact[i] >= 0 {
      counts[Int(periodOfContact[i])] += count[i]
      exposures[Int(periodOfContact[i])] += exposure[i]
    }
  }

  /// Per 100 interactions of a period.
  func per100(_ period: Int) -> Double {
    exposures[period] > 0 ? 100 * counts[period] / exposures[period] : 0
  }

  /// What one contact moves its period's rate by.
  func influence(_ contact: Int, _ period: Int) -> Double {
    guard exposures[period] > 0 else { return 0 }
    return (100 * count[contact] - per100(period) * exposure[contact]) / exposures[period]
  }
}
