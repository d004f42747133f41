import InteractionLog
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Days at a log's end that hold fewer interactions than their weekday did before: rows that are not in
/// yet.
///
/// A day's volume is expected to be its weekday's share of a week times the level of the three weeks
/// before the tail; its variance is φ times that, φ from the days before. The tail is the last k days,
/// at most two weeks, whose deficit is the clearest, and it is cut where the sum of what each day lacks,
/// beyond a slack of 10 %, is the largest (the change point of a cumulative sum, Page 1954).
///
/// An extract may also end in weeks of stragglers, far below what went before; the log's end is then
/// looked for before those.
public struct IncompleteEnd: Sendable, Equatable {
  /// Start of the first day that is left out, milliseconds since 1970.
  public let from: Int64
  public let days: Int
  /// Interactions that are left out, and how many such days would have had.
  public let found: Int
  public let expected: Double

  /// Deficit in standard errors from which it is no chance: 3.5 is exceeded in one log of a thousand,
  /// over all lengths of a tail.
  private static let leastDeficit = 3.5
  private static let longest = 14
  private static let slack = 0.1
  /// Interactions a day below which days are too uneven to say.
  private static let leastPerDay = 8.0

  /// Whether the end could be looked at: long and busy enough.
  package enum Finding: Sendable, Equatable {
    case tooShort
    case complete
    case incomplete(IncompleteEnd)
  }

  package static func find(_ table: InteractionTable, zone: ZoneOffsets) -> Finding {
    let day = 86_400_000
    guard let first = table.startedAt.min(), let last = table.startedAt.max() else {
      return .tooShort
    }
    let origin = CivilDate.floorDivide(Int(zone.local(fromUTC: first)), day)
    let count = CivilDate.floorDivide(Int(zone.local(fromUTC: last)), day) - origin + 1
    var volume = [Double](repeating: 0, count: count)
    var byHour = [Double](repeating: 0, count: 24)
    for start in table.startedAt {
      let local = Int(zone.local(fromUTC: start))
      let own = CivilDate.floorDivide(local, day)
      let place = own - origin
      volume[place] += 1
      if place < count - 1 { byHour[(local - own * day) / 3_600_000] += 1 }
    }
    // The last day lasts until the last interaction.
    let hour = Double((Int(zone.local(fromUTC: last)) % day + day) % day) / 3_600_000
    let elapsed = (0..<24).reduce(0.0) { $0 + byHour[$1] * min(max(hour - Double($1), 0), 1) }
    let share = elapsed / max(byHour.reduce(0, +), 1)
    func end(_ kept: Int, found: Double, expected: Double) -> Finding {
      .incomplete(
        IncompleteEnd(
          from: utc(Int64((origin + kept) * day), zone), days: count - kept, found: Int(found),
          expected: expected))
    }
    guard let stragglers = stragglers(volume) else {
      switch thinning(volume, origin: origin, lastDay: share) {
      case .untold: return .tooShort
      case .none: return .complete
      case .days(let days, let found, let expected):
        return end(count - days, found: found, expected: expected)
      }
    }
    let found = volume[stragglers.from...].reduce(0, +)
    let expected = stragglers.perDay * Double(count - stragglers.from)
    let busy = Array(volume[..<stragglers.from])
    guard case .days(let days, let kept, let usual) = thinning(busy, origin: origin, lastDay: 1)
    else { return end(stragglers.from, found: found, expected: expected) }
    return end(stragglers.from - days, found: found + kept, expected: expected + usual)
  }

  /// The first day after which no week has a tenth of what a busy one has, and what those have a day;
  /// nil where no two weeks at the end are so quiet, or fewer than five come before them. Half of the
  /// interactions lie in weeks that are at least as busy.
  private static func stragglers(_ volume: [Double]) -> (from: Int, perDay: Double)? {
    let weeks = stride(from: 0, through: volume.count - 7, by: 7).map {
      volume[$0..<($0 + 7)].reduce(0, +)
    }
    let half = weeks.reduce(0, +) / 2
    var sum = 0.0
    guard
      let busy = weeks.sorted(by: >).first(where: {
        sum += $0
        return sum >= half
      }), busy >= 7 * leastPerDay
    else { return nil }
    let last = (weeks.lastIndex { $0 >= 0.1 * busy } ?? 0) + 1
    return last >= 5 && weeks.count - last >= 2 ? (7 * last, busy / 7) : nil
  }

  /// The last days, as far as they hold less than they should.
  private enum Thinning {
    /// The log is too short or too quiet to say.
    case untold
    case none
    case days(_ count: Int, found: Double, expected: Double)
  }

  /// - Parameter lastDay: the share of the last day that the log covers.
  private static func thinning(
    _ volume: [Double], origin: Int, lastDay: Double
  ) -> Thinning {
    let count = volume.count
    let tail = min(longest, count / 4)
    let base = count - tail
    guard tail >= 1, base >= 28, let model = VolumeModel(volume, upTo: base, origin: origin),
      model.level >= leastPerDay
    else { return .untold }
    let expected = (base..<count).map { d in
      model.expected(d) * (d == count - 1 ? max(lastDay, 0.02) : 1)
    }
    var clearest = 0.0
    var best = (sum: 0.0, length: 0)
    var lacking = 0.0
    var (found, wanted) = (0.0, 0.0)
    for k in 1...tail {
      let d = tail - k
      found += volume[base + d]
      wanted += expected[d]
      guard wanted > 0 else { continue }
      let error = (model.dispersion * wanted * (1 + wanted / model.support)).squareRoot()
      // A dip that the last days do not share is no thinning.
      if found < 0.85 * wanted { clearest = max(clearest, (wanted - found) / error) }
      lacking += (1 - slack) * expected[d] - volume[base + d]
      if lacking > best.sum { best = (lacking, k) }
    }
    let k = best.length
    guard clearest > leastDeficit, k > 0 else { return .none }
    return .days(
      k, found: volume[(count - k)...].reduce(0, +), expected: expected[(tail - k)...].reduce(0, +))
  }

  /// The moment at which clocks of the zone show this local time.
  private static func utc(_ local: Int64, _ zone: ZoneOffsets) -> Int64 {
    let guess = local - (zone.local(fromUTC: local) - local)
    return local - (zone.local(fromUTC: guess) - guess)
  }

  /// The table without the days that are left out.
  public func cut(_ table: InteractionTable) -> InteractionTable {
    table.rows((0..<table.count).filter { table.startedAt[$0] < from })
  }

  /// Daily volumes before the tail.
  private struct VolumeModel {
    let level: Double
    let dispersion: Double
    /// Interactions that the level is taken from.
    let support: Double
    private let weekday: [Double]
    private let origin: Int

    /// nil where some weekday never occurs.
    init?(_ volume: [Double], upTo end: Int, origin: Int) {
      self.origin = origin
      let start = end - 7 * min(end / 7, 8)
      var sums = [Double](repeating: 0, count: 7)
      var total = 0.0
      for d in start..<end {
        sums[Self.weekday(d, origin)] += volume[d]
        total += volume[d]
      }
      guard total > 0 else { return nil }
      let shares = sums.map { $0 / total }
      weekday = shares
      let recent = min(21, end - start)
      support = volume[(end - recent)..<end].reduce(0, +)
      level = support / Double(recent)
      var chi = 0.0
      var used = 0.0
      for week in stride(from: start, to: end, by: 7) {
        let own = volume[week..<(week + 7)].reduce(0, +)
        for d in week..<(week + 7) {
          let mean = own * shares[Self.weekday(d, origin)]
          guard mean > 0 else { continue }
          chi += (volume[d] - mean) * (volume[d] - mean) / mean
          used += 1
        }
      }
      let weeks = Double((end - start) / 7)
      // Weeks differ too: what the level of three of them says of the next.
      var between = 0.0
      let mean = total / weeks
      for week in stride(from: start, to: end, by: 7) {
        let own = volume[week..<(week + 7)].reduce(0, +)
        between += (own - mean) * (own - mean) / mean
      }
      dispersion = max(1, chi / max(used - weeks - 6, 1), between / max(weeks - 1, 1))
    }

    private static func weekday(_ day: Int, _ origin: Int) -> Int {
      ((origin + day) % 7 + 7) % 7
    }

    func expected(_ day: Int) -> Double { 7 * level * weekday[Self.weekday(day, origin)] }
  }
}
