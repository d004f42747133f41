import Attribution
import Statistics
import Testing

@Suite("A follow-up")
struct FollowUpTests {
  private static let day: Int64 = 86_400_000
  private static let released = 70 * day
  private static let design = FollowDesign(
    treated: FollowSeries(mode: "timeout", component: "payments"),
    controls: [FollowSeries(mode: "timeout", component: "crm")], kind: .otherComponents)

  /// 140 days with ten interactions a day at each of two components. After a failure the customer is
  /// back the next day, about something else; the fix's failures fall by `cut` on day 70.
  private func records(cut: Double, seed: UInt64 = 5, days: Int = 140) -> [FollowRecord] {
    var stream = RandomStream(seed: seed)
    var records: [FollowRecord] = []
    for day in 0..<days {
      for k in 0..<20 {
        let series = k % 2
        let rate = series == 0 && day >= 70 ? 0.5 * (1 - cut) : 0.5
        let failed = stream.bernoulli(rate)
        let bit: UInt64 = 1 << UInt64(series)
        let time = Int64(day) * Self.day + Int64(k) * 3_600_000
        records.append(
          FollowRecord(
            id: "\(day)-\(k)", customer: "c\(day)-\(k)", time: time,
            topic: "t\(k % 3)", channel: "chat", watched: bit, failed: failed ? bit : 0))
        if failed && stream.bernoulli(0.8) {
          records.append(
            FollowRecord(
              id: "\(day)-\(k)r", customer: "c\(day)-\(k)", time: time + Self.day, topic: "t1",
              channel: "chat", watched: 0, failed: 0))
        }
      }
    }
    return records
  }

  private let prediction = FixPrediction(
    rank: 1, mode: "timeout", component: "payments", perFailure: 0.8, standardError: 0.05)

  private func follow(
    _ records: [FollowRecord], expectedCut: Double = 1, released: Int64 = released
  ) throws -> FollowUp {
    try FollowUp(
      prediction, design: Self.design, records: records, released: released,
      expectedCut: expectedCut, windowDays: 5)
  }

  @Test("A fix that does what it should is as predicted")
  func asPredicted() throws {
    let found = try follow(records(cut: 1))
    #expect(found.verdict == .asPredicted && found.moreWeeks == nil)
    #expect(found.weeksBefore == 10 && found.weeksAfter == 10)
    #expect(found.failures.cut.estimate == 1)
    // 65 days of ten interactions, half of which would have failed and 80 % of those come back.
    let predicted = try #require(found.repeats.predicted.estimate)
    #expect(abs(predicted - 0.8 * found.repeats.expectedFailures) < 1e-9)
    #expect(abs(found.repeats.expectedFailures - 325) < 25)
    let realised = try #require(found.repeats.realised.ci95)
    #expect(realised[0] <= 260 && 260 <= realised[1] && realised[0] > 150)
  }

  @Test("One that does less is told so, in failures and in repeats")
  func less() throws {
    let found = try follow(records(cut: 0.4))
    #expect(found.failures.verdict == .lessThanPredicted && found.verdict == .lessThanPredicted)
    #expect(found.sentence.hasPrefix("Less than predicted: timeout at payments became rarer by"))
    let none = try follow(records(cut: 0))
    #expect(none.verdict == .lessThanPredicted)
    // Its interval holds a small cut: nothing is shown, neither that it works nor that it does not.
    #expect(none.sentence.contains("that it became rarer at all cannot be told"))
    let worse = try follow(records(cut: -0.6))
    #expect(worse.sentence.contains("the release did not work"))
    let nearly = try follow(records(cut: 0.985))
    #expect(nearly.failures.after > 0 && nearly.failures.verdict == .asPredicted)
    let halved = try follow(records(cut: 0.5), expectedCut: 0.5)
    #expect(halved.verdict == .asPredicted)
  }

  @Test("Failures that only hide bring customers back as before: the count of contacts tells")
  func hidden() throws {
    // The flag is gone and the customers are not: what happened is a control's failure without a flag.
    let hidden = records(cut: 0).map { record in
      var record = record
      if record.time >= Self.released { record.failed &= ~1 }
      return record
    }
    let found = try follow(hidden)
    #expect(found.failures.verdict == .asPredicted)
    #expect(found.repeats.verdict == .lessThanPredicted && found.verdict == .lessThanPredicted)
    #expect(found.sentence.contains("Repeats fell less than predicted"))
  }

  @Test("A small effect needs more weeks, as many as the error says")
  func moreWeeks() throws {
    // 2.8 errors of 1 at 10 weeks on both sides, v = 5: 1/after = (e/2.8)²/5 − 1/10.
    func weeks(_ effect: Double) -> Int? {
      FollowUp.weeksToTell(effect: effect, error: 1, before: 10, after: 10)
    }
    #expect(weeks(2.8) == 1 && weeks(-2.8) == 1)
    // (2.24 / 2.8)² / 5 − 0.1 = 0.028: 35.7 weeks after it, 25.7 more.
    #expect(weeks(2.24) == 26)
    #expect(weeks(1.9) == nil && weeks(0) == nil)
    // An effect that is small against the noise, of which nothing is seen.
    let small = FixPrediction(
      rank: 1, mode: "timeout", component: "payments", perFailure: 0.02, standardError: 0.001)
    let found = try FollowUp(
      small, design: Self.design,
      records: records(cut: 1).filter { !$0.id.hasSuffix("r") }
        + records(cut: 0, seed: 8).filter { $0.id.hasSuffix("r") },
      released: Self.released, expectedCut: 1, windowDays: 5)
    #expect(found.verdict == .cannotTell && found.moreWeeks == nil)
    #expect(found.sentence.contains("no longer wait will tell it"))
    // Short after the release no window has passed at all.
    let early = try follow(records(cut: 1, days: 92), released: 70 * Self.day)
    #expect(early.weeksAfter == 3)
    let tooEarly = try FollowUp(
      prediction, design: Self.design, records: records(cut: 1, days: 92), released: Self.released,
      expectedCut: 1, windowDays: 30)
    #expect(tooEarly.repeats.realised.estimate == nil && tooEarly.verdict == .cannotTell)
    // Three weeks of windows of 30 days have passed 51 days after the release; 22 are over.
    #expect(tooEarly.moreWeeks == 5)
    #expect(tooEarly.sentence.contains("it needs about 5 more weeks"))
  }

  @Test("What cannot be followed is refused, with what was expected")
  func errors() throws {
    let log = records(cut: 1)
    func message(_ released: Int64, _ records: [FollowRecord]) -> String {
      do {
        _ = try follow(records, released: released)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message(-Self.day, log).contains("is outside the log, which goes from 1970-01-01"))
    #expect(message(500 * Self.day, log).contains("is outside the log"))
    #expect(
      message(10 * Self.day, log).contains(
        "has 1 whole weeks before the release, expected at least 3"))
    #expect(message(130 * Self.day, log).contains("wait, and follow it again with a longer log"))
    let none = log.map { record in
      var record = record
      record.failed = 0
      return record
    }
    #expect(message(Self.released, none).contains("timeout at payments happened 0 times"))
    let alone = log.map { record in
      var record = record
      record.failed &= 1
      return record
    }
    #expect(message(Self.released, alone).contains("Nothing is left to compare with"))
  }
}
