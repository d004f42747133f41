import InteractionLog
import RepeatContacts
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Signs that customers have an id of their own on each channel.
///
/// Contacts of one id then keep to one channel more than their topics explain. So do customers who
/// prefer a channel, but otherwise: a preference is a matter of degree (a Dirichlet mixture over ids),
/// an id of a channel's own is never seen on another (a share of ids that are pure). Which of the two
/// fits better tells them apart, as far as the data can.
package struct SplitIdentities {
  /// Pairs of contacts of one id, further apart than most repeats come; how often their channels agree,
  /// and how often their topics would make them.
  package private(set) var pairs = 0
  private(set) var agreement = 0.0
  private(set) var expected = 0.0
  private var variance = 0.0
  /// Channel counts of ids with three such contacts or more.
  private var counts: [[Double]] = []
  private var shares: [Double] = []

  var z: Double {
    variance > 0 ? (agreement - expected) * Double(pairs) / variance.squareRoot() : 0
  }
  /// Log-likelihood of a share of pure ids less that of preferences.
  package private(set) var pureOverPreference = 0.0
  /// Share of the ids that keep to one channel for good, if none has a preference.
  package private(set) var pureShare = 0.0

  /// Share of the pairs that would be left if every customer had an id on each channel.
  private var kept = 0.0

  /// Upper bound, at 95 % one-sided, of the share of the contacts that are those of customers with an id
  /// on each channel: a pair of such an id always agrees, and of a customer's pairs `kept` are left.
  package var mostUnseen: Double {
    guard pairs > 0, kept > 0, expected < 1 else { return 1 }
    let error = variance.squareRoot() / Double(pairs)
    let upper = max(agreement - expected, 0) + NormalDistribution.quantile(0.95) * error
    let pure = min(upper / (1 - expected), 1)
    return pure / (kept + pure * (1 - kept))
  }

  private static let leastZ = 3.3
  package var isSuspicious: Bool { pairs >= 50 && z > Self.leastZ && pureOverPreference > -2 }

  /// nil where the log has no channel, or one only.
  package init?(data: LinkData, table: InteractionTable, delay: [Double]) {
    guard let channel = table.text("channel"), channel.values.count > 1 else { return nil }
    let width = channel.values.count
    let topics = table.topic.values.count + 1
    var rows = [Double](repeating: 0.5, count: topics * width)
    for i in 0..<data.count {
      let code = Int(channel.codes[Int(data.row[i])])
      if code >= 0 { rows[(Int(data.topic[i]) + 1) * width + code] += 1 }
    }
    let share = (0..<topics * width).map { k -> Double in
      let topic = k / width
      return rows[k] / rows[(topic * width)..<((topic + 1) * width)].reduce(0, +)
    }
    var all = [Double](repeating: 0, count: width)
    for k in rows.indices { all[k % width] += rows[k] }
    let total = all.reduce(0, +)
    shares = all.map { $0 / total }
    let gap = Self.gap(delay, data.bins)
    var agreed = 0.0
    var within = 0
    for c in 0..<data.customerCount {
      var last: Int?
      var excess = 0.0
      var own = [Double](repeating: 0, count: width)
      var lastOnChannel = [Int](repeating: -1, count: width)
      for i in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) {
        let code = Int(channel.codes[Int(data.row[i])])
        guard code >= 0 else { continue }
        let same = lastOnChannel[code]
        if same < 0 || data.time[i] - data.time[same] > gap {
          if same >= 0 { within += 1 }
          lastOnChannel[code] = i
        }
        if let before = last {
          guard data.time[i] - data.time[before] > gap else { continue }
          let other = Int(channel.codes[Int(data.row[before])])
          let (a, b) = ((Int(data.topic[i]) + 1) * width, (Int(data.topic[before]) + 1) * width)
          let p = (0..<width).reduce(0.0) { $0 + share[a + $1] * share[b + $1] }
          pairs += 1
          expected += p
          excess += (code == other ? 1 : 0) - p
          if code == other { agreed += 1 }
        }
        own[code] += 1
        last = i
      }
      // An id's pairs hang together.
      variance += excess * excess
      if own.reduce(0, +) >= 3 { counts.append(own) }
    }
    kept = Double(within) / Double(max(pairs, 1))
    agreement = agreed / Double(max(pairs, 1))
    expected /= Double(max(pairs, 1))
    compare()
  }

  /// The delay within which four fifths of the repeats come.
  private static func gap(_ delay: [Double], _ bins: DelayBins) -> Double {
    var sum = 0.0
    for b in delay.indices {
      sum += delay[b]
      if sum >= 0.8 { return bins.edges[b + 1] }
    }
    return bins.window
  }

  /// Fits both explanations to the ids' counts: the concentration of preferences, the share of pure
  /// ids.
  private mutating func compare() {
    guard !counts.isEmpty else { return }
    let free = counts.map { logPreference($0, concentration: 1e6) }
    let pure = counts.map { own -> Double in
      let used = own.indices.filter { own[$0] > 0 }
      return used.count == 1 ? log(shares[used[0]]) : -.infinity
    }
    var (share, best) = (0.0, free.reduce(0, +))
    for step in 1...60 {
      let s = 0.01 * Double(step)
      let value = counts.indices.reduce(0.0) {
        $0 + Self.logSum(log(1 - s) + free[$1], log(s) + pure[$1])
      }
      if value > best { (share, best) = (s, value) }
    }
    pureShare = share
    var preference = free.reduce(0, +)
    for step in 0...24 {
      let concentration = exp(-1.5 + 0.4 * Double(step))
      let value = counts.reduce(0.0) { $0 + logPreference($1, concentration: concentration) }
      preference = max(preference, value)
    }
    pureOverPreference = best - preference
  }

  /// log(exp a + exp b), of probabilities too small for a number: those of thousands of contacts.
  private static func logSum(_ a: Double, _ b: Double) -> Double {
    let top = max(a, b)
    return top == -.infinity ? top : top + log1p(exp(min(a, b) - top))
  }

  /// Log-probability of an id's channels in their order, its shares being Dirichlet around the common
  /// ones.
  private func logPreference(_ own: [Double], concentration: Double) -> Double {
    var (sum, n) = (0.0, 0.0)
    for k in own.indices {
      for step in 0..<Int(own[k]) {
        sum += log(concentration * shares[k] + Double(step)) - log(concentration + n)
        n += 1
      }
    }
    return sum
  }
}
