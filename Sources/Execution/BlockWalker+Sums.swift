import RepeatContacts
import Statistics

/// What one block contributes to a pass beside the two columns by contact.
struct BlockSums: Sendable {
  var delay: [Double]
  var linked: [Double]
  var kept: [Double]
  var drawn: [Double]
  /// Expected customers by class and number of own contacts, `class * rows + r`.
  var histogram: [Double]
  /// Expected (customer, topic) pairs by topic and number of own contacts, `topic * rows + r`.
  var topicHistogram: [Double]
  var rows: Int
  /// Without the compensator of the triggers.
  var logLikelihood = 0.0
  var seen = 0
  var heavy = 0
}

extension BlockWalker {
  /// The E step of the block.
  ///
  /// - Parameters:
  ///   - caused: Σ_j p_ij by contact of the whole log and group; the block's own places are zero.
  ///   - own: posterior probability of own by contact of the whole log.
  func sums(
    caused: UnsafeMutablePointer<Double>, own: UnsafeMutablePointer<Double>
  ) -> BlockSums {
    let groups = tables.groups
    let rows = largestExact + 1
    let delay = Scratch<Double>(count: groups * contacts.bins, repeating: 0)
    let linked = Scratch<Double>(count: groups, repeating: 0)
    let kept = Scratch<Double>(count: groups, repeating: 0)
    let drawn = Scratch<Double>(count: tables.topicCount, repeating: 0)
    let histogram = Scratch<Double>(count: tables.classCount * rows, repeating: 0)
    let topicHistogram = Scratch<Double>(
      count: tables.ownTopicMix ? tables.topicCount * rows : 0, repeating: 0)
    var logLikelihood = 0.0
    var heavy = 0
    for c in customers {
      let range = contacts.range(c)
      let (value, solution) = solve(c)
      logLikelihood += value
      let counts = histogram.base + Int(tables.customerClass[c]) * rows
      switch solution {
      case .heavy: heavy += 1
      case .allOwn: counts[range.count] += 1
      case .exact:
        for r in 0...range.count { counts[r] += posterior.ownCount[r] }
      }
      forEachTopicCount(solution) { topic, r, p in topicHistogram.base[topic * rows + r] += p }
      for j in range { own[j] = posterior.own[j - range.lowerBound] }
      if solution == .allOwn { continue }
      let target = PairSums(
        caused: caused + range.lowerBound * groups, delay: delay.base, linked: linked.base,
        kept: kept.base)
      sumPairs(range, into: target) { topic, anew in drawn.base[topic] += anew }
    }
    let seen = customers.count - heavy
    return BlockSums(
      delay: delay.array, linked: linked.array, kept: kept.array, drawn: drawn.array,
      histogram: histogram.array, topicHistogram: topicHistogram.array, rows: rows,
      logLikelihood: logLikelihood - Double(seen) * tables.logSeen, seen: seen, heavy: heavy)
  }
}
