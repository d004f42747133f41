import Statistics

/// How many later contacts fewer came with a release, counted raw: a difference in differences.
///
/// The units are episodes: a contact without an earlier one of its customer within the window, with the
/// later contacts within the window after it. No contact is counted twice, and neither is a repeat of a
/// repeat. Over episodes whose window lies before the release, or after it and within the log,
///
///     E[later contacts] = component + topic + channel + week + θ × failures expected × after
///
/// is fitted by least squares. Failures expected are those of the fix in an episode, its first contact's
/// and the later ones', as they were on average before the release: by the first contact's component
/// and topic, so that episodes elsewhere, in which there are few, are the controls. −θ is what each
/// failure that is taken away saves with all that follows, times the share taken away. Errors are
/// clustered by customer (Liang & Zeger 1986).
///
/// Raw counts, not the links' probabilities: those come of a model that knows no release, so that a
/// change which the flags do not show would be split between causes as before. Raw counts are noisier
/// and assume nothing but that other episodes moved alike.
package struct LaterContactChange: Sendable {
  /// Later contacts that a failure which is taken away saves, times the share taken away.
  package let perFailure: Double
  package let standardError: Double
  /// Episodes before and after, and how many weeks their first contacts span.
  package let before: (episodes: Int, weeks: Double)
  package let after: (episodes: Int, weeks: Double)
  /// Failures to be expected in the episodes after the release, had nothing been released.
  package let expectedFailures: Double

  private static let week = 7 * 86_400_000.0
  /// Episodes that the mean of all is worth before a topic's and channel's own are looked at.
  private static let prior = 50.0

  /// One first contact with what follows within the window.
  private struct Episode {
    let first: Int
    let later: Int
    let failures: Int
    let isAfter: Bool
  }

  /// - Parameters:
  ///   - records: of all interactions, sorted by customer, time and id.
  ///   - window: the repeat window in milliseconds.
  /// - Returns: nil where no interaction after the release has had its window yet.
  package init?(
    _ records: [FollowRecord], released: Int64, window: Int64
  ) throws(FollowError) {
    let episodes = LaterContactChange.episodes(records, released: released, window: window)
    guard episodes.contains(where: \.isAfter) else { return nil }
    guard episodes.contains(where: { !$0.isAfter }) else {
      throw .notEstimable(
        what: "The change of the later contacts",
        reason:
          "no interaction before the release has its whole repeat window in the log; give a log "
          + "that begins at least two windows before the release.")
    }
    func span(_ side: Bool) -> (Int, Double) {
      let times = episodes.filter { $0.isAfter == side }.map { records[$0.first].time }
      guard let from = times.min(), let to = times.max() else { return (0, 0) }
      return (times.count, Double(to - from) / LaterContactChange.week)
    }
    (before, after) = (span(false), span(true))
    let expected = LaterContactChange.expected(episodes, records)
    expectedFailures = episodes.reduce(0) { $1.isAfter ? $0 + expected($1) : $0 }
    let factors: [(String, [String])] = [
      ("component", episodes.map { String(records[$0.first].component) }),
      ("topic", episodes.map { records[$0.first].topic }),
      ("channel", episodes.map { records[$0.first].channel }),
      (
        "week",
        episodes.map {
          let weeks = Double(records[$0.first].time - released) / LaterContactChange.week
          return String(Int(weeks.rounded(.down)))
        }
      ),
    ].filter { Set($0.1).count > 1 }
    let fit = try FollowRegression(
      "later ~ \((factors.map(\.0) + ["released"]).joined(separator: " + "))", family: .gaussian,
      clusters: "customer",
      columns: [("later", .numbers(episodes.map { Double($0.later) }))]
        + factors.map { ($0.0, FollowRegression.Column.text($0.1)) } + [
          ("released", .numbers(episodes.map { $0.isAfter ? expected($0) : 0 })),
          ("customer", .codes(DataTable.Text(episodes.map { records[$0.first].customer }))),
        ], what: "The change of the later contacts")
    let found = try fit.coefficient("released", .clustered(["customer"]))
    perFailure = -found.estimate
    standardError = found.standardError
  }

  /// Episodes whose window is wholly before the release, or after it and in the log; the log's first
  /// window only says what came before.
  private static func episodes(
    _ records: [FollowRecord], released: Int64, window: Int64
  ) -> [Episode] {
    guard let start = records.map(\.time).min(), let end = records.map(\.time).max() else {
      return []
    }
    var episodes: [Episode] = []
    for k in records.indices where records[k].customer != nil {
      let time = records[k].time
      guard time >= start + window, time + window <= end,
        time >= released || time + window <= released
      else { continue }
      let isFirst =
        k == 0 || records[k - 1].customer != records[k].customer
        || records[k - 1].time < time - window
      guard isFirst else { continue }
      var (j, failures) = (k + 1, Int(records[k].failed & 1))
      while j < records.count, records[j].customer == records[k].customer,
        records[j].time <= time + window
      {
        failures += Int(records[j].failed & 1)
        j += 1
      }
      episodes.append(
        Episode(first: k, later: j - k - 1, failures: failures, isAfter: time >= released))
    }
    return episodes
  }

  /// Failures of the fix that an episode holds on average without the release, by the first contact's
  /// place: whether it is at the fix's component, its topic and its channel.
  private static func expected(
    _ episodes: [Episode], _ records: [FollowRecord]
  ) -> (Episode) -> Double {
    struct Sum {
      var failures = 0.0
      var count = 0.0
    }
    func side(_ episode: Episode) -> Int { Int(records[episode.first].watched & 1) }
    func key(_ episode: Episode) -> String {
      let record = records[episode.first]
      return "\(side(episode))\u{1F}\(record.topic)\u{1F}\(record.channel)"
    }
    var sides = [Sum(), Sum()]
    var byKey: [String: Sum] = [:]
    for episode in episodes where !episode.isAfter {
      let one = Double(episode.failures)
      sides[side(episode)].failures += one
      sides[side(episode)].count += 1
      byKey[key(episode), default: Sum()].failures += one
      byKey[key(episode), default: Sum()].count += 1
    }
    let means = sides.map { $0.failures / max($0.count, 1) }
    return { episode in
      let mean = means[side(episode)]
      let own = byKey[key(episode)] ?? Sum()
      return (own.failures + prior * mean) / (own.count + prior)
    }
  }
}

extension FollowRecord {
  /// Which series the interaction is at: the lowest bit of those that watch it, −1 none.
  var component: Int { watched == 0 ? -1 : watched.trailingZeroBitCount }
}
