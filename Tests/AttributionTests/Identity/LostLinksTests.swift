import Attribution
import InteractionLog
import RepeatContacts
import Testing

@Suite("Repeats that the record does not show")
struct LostLinksTests {
  private func lost(
    _ count: Int, seen: @escaping (Int, Int) -> Double,
    adopted: @escaping (Int, Int, Int) -> Double = { _, _, _ in 0 },
    orphaned: @escaping (Int, Int, Int) -> Double = { _, _, _ in 0 }
  ) -> LostLinks {
    LostLinks(
      count: count, within: 1, size: Array(repeating: 100, count: count),
      recordedSize: Array(repeating: 80, count: count), seen: seen, adopted: adopted,
      orphaned: orphaned)
  }

  @Test("Without lost links the record is all there is")
  func faithful() {
    let recorded = [0.1, 0.05, 0, 0.2]
    #expect(lost(2, seen: { _, _ in 1 }).all(recorded: recorded) == recorded)
    #expect(lost(2, seen: { _, _ in 1 }).factors(recorded: recorded, exposure: [1, 1]) == [1, 1])
  }

  @Test("Seen half as often, each recorded repeat stands for two")
  func halves() {
    let factors = lost(1, seen: { _, _ in 0.5 }).factors(recorded: [0.1], exposure: [3])
    #expect(abs(factors[0] - 2) < 1e-9)
  }

  @Test("Repeats taken on by earlier contacts and siblings are taken off again")
  func roundTrip() {
    // Recorded means computed from known ones by the stated equation.
    let all = [0.15, 0.1, 0.05, 0.2]
    let seen = { (k: Int, l: Int) in k == l ? 0.9 : 0.6 }
    let adopted = { (k: Int, m: Int, l: Int) in k == m ? 0.05 : 0.1 + 0.1 * Double(l) }
    let orphaned = { (k: Int, l: Int, m: Int) in 0.1 * Double(1 + k) }
    var recorded = [0.0, 0, 0, 0]
    for k in 0..<2 {
      for l in 0..<2 {
        recorded[2 * k + l] = all[2 * k + l] * seen(k, l)
        for m in 0..<2 {
          recorded[2 * k + l] += all[2 * k + m] * adopted(k, m, l) * all[2 * m + l]
          recorded[2 * k + l] +=
            100 * all[2 * m + k] * all[2 * m + l] * orphaned(m, k, l) / (2 * 80)
        }
      }
    }
    let found = lost(2, seen: seen, adopted: adopted, orphaned: orphaned).all(recorded: recorded)
    for (a, b) in zip(found, all) { #expect(abs(a - b) < 1e-9) }
  }
}

@Suite("A log's end")
struct IncompleteEndTests {
  private static let start: Int64 = 1_767_571_200_000

  /// A log with so many interactions on each of its days.
  private func log(_ days: [Int]) -> InteractionTable {
    var starts: [Int64] = []
    for (day, count) in days.enumerated() {
      for k in 0..<count {
        starts.append(
          Self.start + Int64(day) * 86_400_000 + Int64(k) * (86_400_000 / Int64(count)))
      }
    }
    return InteractionTable(
      interactionID: starts.indices.map { "\($0)" },
      customer: TextColumn(codes: starts.map { _ in 0 }, values: ["c"]), startedAt: starts,
      topic: TextColumn(codes: starts.map { _ in -1 }, values: []), columns: [:])
  }

  /// Eight weeks with quiet weekends.
  private var weeks: [Int] { (0..<56).map { $0 % 7 < 5 ? 100 : 40 } }

  @Test("An even log is complete, also where it ends on a weekend or at noon")
  func complete() {
    #expect(IncompleteEnd.find(log(weeks), zone: .utc) == .complete)
    var noon = log(weeks + [100])
    let end = Self.start + 56 * 86_400_000 + 43_200_000
    noon = noon.rows((0..<noon.count).filter { noon.startedAt[$0] < end })
    #expect(IncompleteEnd.find(noon, zone: .utc) == .complete)
  }

  @Test("A log that thins out is cut where it begins to")
  func thinning() throws {
    var days = weeks
    for (k, share) in [0.7, 0.5, 0.2].enumerated() {
      days[53 + k] = Int(Double(days[53 + k]) * share)
    }
    let table = log(days)
    guard case .incomplete(let end) = IncompleteEnd.find(table, zone: .utc) else {
      Issue.record("the end is not found")
      return
    }
    #expect(end.days == 3 && end.from == Self.start + 53 * 86_400_000)
    #expect(end.found == days[53...].reduce(0, +))
    #expect(end.cut(table).count == days[..<53].reduce(0, +))
  }

  @Test("Weeks of stragglers at the end are no end; it is looked for before them")
  func stragglers() throws {
    var days = weeks
    days[55] = 3
    days += (0..<60).map { $0 % 3 == 0 ? 2 : 1 }
    guard case .incomplete(let end) = IncompleteEnd.find(log(days), zone: .utc) else {
      Issue.record("the end is not found")
      return
    }
    #expect(end.from <= Self.start + 56 * 86_400_000 && end.days >= 60 && end.days < 64)
    #expect(end.found == days.suffix(end.days).reduce(0, +))
    #expect(end.expected > 20 * Double(end.found))
    // A business that shrinks to a third, or for a week, has not ended.
    let third = weeks + (0..<60).map { _ in 30 }
    #expect(IncompleteEnd.find(log(third), zone: .utc) == .complete)
  }

  @Test("A short or quiet log says nothing")
  func tooShort() {
    #expect(IncompleteEnd.find(log(Array(weeks.prefix(30))), zone: .utc) == .tooShort)
    #expect(IncompleteEnd.find(log((0..<90).map { _ in 2 }), zone: .utc) == .tooShort)
  }
}
