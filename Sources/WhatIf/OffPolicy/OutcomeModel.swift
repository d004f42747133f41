/// The outcome model behind the direct and the doubly robust estimates: mean outcomes by handler,
/// topic and score bin, of first contacts and of later ones.
///
/// What follows a contact is in proportion to the share of the window that is left; what the contact
/// itself brings is not. Cells of what follows are shrunk to a ``RateSurface``, on which topics differ in
/// what AI does with them; those of what a contact itself brings to the bin's mean over topics, where a
/// handler never seen in a bin takes the mean of the nearest bin in which it was (an extrapolation, which
/// only the direct method relies on). Fitted on all customers but one of five parts, used on that part
/// (cross-fitting, Chernozhukov et al. 2018).
package struct OutcomeModel: Sendable {
  package static let folds = 5
  private static let pseudoCount = 20.0
  /// Whole windows that a cell of what follows is shrunk by.
  private static let pseudoWindows = 40.0

  let outcomes: Int
  let ofEpisode: Int
  private let topics: Int
  private let bins: Int
  /// Own and later means by fold, class (0 first, 1 later), handler, topic, bin, outcome.
  private let own: [Double]
  private let later: [Double]

  @inline(__always)
  private func cell(_ fold: Int, _ later: Int, _ action: Int, _ topic: Int, _ bin: Int) -> Int {
    ((((fold * 2 + later) * 2 + action) * topics + topic) * bins + bin) * outcomes
  }

  /// Writes the expected outcomes of a contact handled so, with this share of the window left.
  @inline(__always)
  func predict(
    customer: Int, isFirst: Bool, action: Int, topic: Int, bin: Int, left: Double,
    into target: UnsafeMutablePointer<Double>
  ) {
    let at = cell(customer % OutcomeModel.folds, isFirst ? 0 : 1, action, topic, bin)
    let used = isFirst ? outcomes : ofEpisode
    for m in 0..<used { target[m] = own[at + m] + left * later[at + m] }
    for m in used..<outcomes { target[m] = 0 }
  }

  /// Writes what a later contact handled so brings itself, without what follows it.
  func own(
    customer: Int, action: Int, topic: Int, bin: Int, into target: inout [Double], at place: Int
  ) {
    let at = cell(customer % OutcomeModel.folds, 1, action, topic, bin)
    for m in 0..<ofEpisode { target[place + m] = own[at + m] }
  }

  init(
    _ log: DecisionLog, _ episodes: Episodes, _ rewards: PolicyRewards, _ routing: RoutingModel
  ) {
    let (topics, bins, outcomes) = (
      log.topicNames.count, routing.bins.count, rewards.outcomes.count
    )
    (self.topics, self.bins, self.outcomes) = (topics, bins, outcomes)
    ofEpisode = rewards.ofEpisode
    let cells = 4 * topics * bins
    let size = cells * outcomes
    let folds = OutcomeModel.folds
    // Per fold and cell: known rewards, their sum, share of window left, later rewards.
    var (known, sum) = (
      [Double](repeating: 0, count: folds * size), [Double](repeating: 0, count: folds * size)
    )
    var (left, after) = (known, known)
    let repeats = rewards.index(of: .repeats)
    var toGo = [Double](repeating: 0, count: outcomes)
    let window = Double(episodes.windowMilliseconds)
    for u in 0..<episodes.count {
      let first = Int(episodes.first[u])
      let fold = Int(episodes.customer[u]) % folds
      for m in 0..<outcomes { toGo[m] = 0 }
      for i in (first..<first + Int(episodes.length[u])).reversed() {
        if log.action[i] >= 0 {
          let group = (i == first ? 0 : 1) * 2 + Int(log.action[i])
          let at =
            fold * size
            + ((group * topics + Int(log.topic[i])) * bins + Int(routing.bin[i])) * outcomes
          let share = max(0, 1 - Double(log.time[i] - log.time[first]) / window)
          for m in 0..<(i == first ? outcomes : rewards.ofEpisode) {
            let value = m == repeats ? 0 : rewards.values[m][i]
            guard !value.isNaN else { continue }
            known[at + m] += 1
            sum[at + m] += value
            left[at + m] += share
            after[at + m] += toGo[m]
          }
        }
        for m in 0..<rewards.ofEpisode {
          toGo[m] += m == repeats ? (i == first ? 0 : 1) : rewards.values[m][i]
        }
      }
    }
    let basis = ScoreBasis(log, bin: routing.bin, bins: bins)
    var (own, later) = ([Double](), [Double]())
    own.reserveCapacity(folds * size)
    later.reserveCapacity(folds * size)
    for fold in 0..<folds {
      func others(_ sums: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: size)
        for other in 0..<folds where other != fold {
          for k in 0..<size { result[k] += sums[other * size + k] }
        }
        return result
      }
      own += OutcomeModel.means(others(sum), others(known), topics, bins, outcomes)
      later += OutcomeModel.rates(
        others(after), others(left), topics, basis, outcomes, counted: repeats ?? 0,
        ofEpisode: rewards.ofEpisode)
    }
    (self.own, self.later) = (own, later)
  }

  /// Rates of what follows by cell, shrunk to their surface; where there is none, to the bin's over
  /// topics.
  private static func rates(
    _ sums: [Double], _ windows: [Double], _ topics: Int, _ basis: ScoreBasis, _ outcomes: Int,
    counted: Int, ofEpisode: Int
  ) -> [Double] {
    var result = means(sums, windows, topics, basis.bins, outcomes)
    let cells = sums.count / outcomes
    let counts = (0..<cells).reduce(0) { $0 + sums[$1 * outcomes + counted] }
    for m in 0..<ofEpisode {
      let all = (0..<cells).reduce(0) { $0 + sums[$1 * outcomes + m] }
      guard all > 0, counts > 0 else { continue }
      // Minutes and money in units of what follows one contact: as many events.
      let unit = all / counts
      guard
        let surface = RateSurface(
          sums: (0..<cells).map { sums[$0 * outcomes + m] / unit },
          exposures: (0..<cells).map { windows[$0 * outcomes + m] }, topics: topics, basis: basis)
      else { continue }
      for cell in 0..<cells {
        let (bin, topic) = (cell % basis.bins, cell / basis.bins % topics)
        let group = cell / (basis.bins * topics)
        let rate = unit * surface.rate(group / 2, group % 2, topic, bin)
        let at = cell * outcomes + m
        result[at] = (sums[at] + pseudoWindows * rate) / (windows[at] + pseudoWindows)
      }
    }
    return result
  }

  /// Ratios by cell, shrunk to the bin's over topics.
  private static func means(
    _ sums: [Double], _ weights: [Double], _ topics: Int, _ bins: Int, _ outcomes: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: sums.count)
    for group in 0..<4 {
      for m in 0..<outcomes {
        func at(_ topic: Int, _ bin: Int) -> Int {
          ((group * topics + topic) * bins + bin) * outcomes + m
        }
        var parent = [Double?](repeating: nil, count: bins)
        for b in 0..<bins {
          let (s, w) = (0..<topics).reduce((0.0, 0.0)) {
            ($0.0 + sums[at($1, b)], $0.1 + weights[at($1, b)])
          }
          if w > 0 { parent[b] = s / w }
        }
        guard parent.contains(where: { $0 != nil }) else { continue }
        for b in 0..<bins {
          let nearest = parent.indices.filter { parent[$0] != nil }
            .min { abs($0 - b) < abs($1 - b) }
          let common = nearest.flatMap { parent[$0] } ?? 0
          for k in 0..<topics {
            result[at(k, b)] =
              (sums[at(k, b)] + pseudoCount * common) / (weights[at(k, b)] + pseudoCount)
          }
        }
      }
    }
    return result
  }
}
