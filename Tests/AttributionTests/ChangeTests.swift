import Attribution
import InteractionLog
import Statistics
import SyntheticWorld
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Why repeats changed", .serialized)
struct ChangeTests {
  /// The parts add up, and everything that is shown is a number.
  private func expectWhole(_ change: AttributionReport.ChangeDecomposition) throws {
    let difference = try #require(change.difference.estimate)
    let sum = change.mechanisms.reduce(0) { $0 + ($1.estimate ?? 0) }
    #expect(abs(sum - difference) < 1e-10)
    #expect(abs(change.to.repeatsPer100 - change.from.repeatsPer100 - difference) < 1e-10)
    #expect(
      abs(change.from.causedPer100 + change.from.coincidentalPer100 - change.from.repeatsPer100)
        < 1e-10)
    let background = try #require(change.mechanisms.last)
    let halves = try #require(change.baseline.estimate) + #require(change.coincidental.estimate)
    #expect(abs(try #require(background.estimate) - halves) < 1e-10)
    for share in change.mechanisms where share.note == nil {
      let (estimate, ci) = (try #require(share.estimate), try #require(share.ci95))
      #expect(estimate.isFinite && ci.allSatisfy(\.isFinite))
      #expect(ci[0] <= estimate && estimate <= ci[1])
    }
  }

  /// The mechanism is told from none, its interval holds the true change, and it is by far the largest.
  private func expectCause(_ world: ChangedWorld, _ mechanism: String) throws {
    try expectWhole(world.change)
    let truth = world.truth[1] - world.truth[0]
    let share = world.share(mechanism)
    let estimate = try #require(share.estimate)
    let ci = try #require(share.ci95)
    #expect(ci[0] > 0, "\(mechanism): \(share)")
    #expect(ci[0] < truth && truth < ci[1], "\(share), truth \(truth)")
    for other in world.change.mechanisms where other.mechanism != mechanism {
      #expect(abs(other.estimate ?? 0) < estimate / 2, "\(other) beside \(share)")
    }
  }

  @Test("An outage is how often the system failed, and its component is named")
  func outage() throws {
    let world = try ChangedWorld(interactions: 20_000, seed: 2, days: [15..<40, 46..<60]) {
      $0.outages.count = 5...5
      $0.outages.days = 14...14
      $0.outages.timeoutRate = 0.6...0.6
      $0.days = 60
    }
    // Most of this seed's outages, of billing, lie in the earlier period.
    try expectWhole(world.change)
    let truth = world.truth[1] - world.truth[0]
    let ci = try #require(world.share("system_failure_rates").ci95)
    #expect(ci[1] < 0 && ci[0] < truth && truth < ci[1], "\(ci), truth \(truth)")
    let moved = try #require(world.change.moved.first)
    #expect(moved.mode == "integration_timeout" && moved.component == "billing")
  }

  @Test("Failures that bring more repeats are what failures do")
  func effects() throws {
    let world = try ChangedWorld(interactions: 40_000, seed: 1) {
      WorldChange.worseFailures.edit(&$0, day: ChangedWorld.turn)
    }
    try expectCause(world, "failure_effects")
    #expect(world.change.moved.first?.mode == "action_failed")
    #expect(world.change.csatVerdict == .flat)
    #expect(world.change.sentence.hasPrefix("Satisfaction stayed flat"))
    #expect(world.change.sentence.contains("action failed"))
  }

  @Test("A lowered threshold is how often the system failed")
  func threshold() throws {
    let world = try ChangedWorld(interactions: 40_000, seed: 1) {
      WorldChange.thresholdLowered.edit(&$0, day: ChangedWorld.turn)
    }
    try expectCause(world, "system_failure_rates")
    let moved = try #require(world.change.moved.first)
    #expect(moved.mode == "near_threshold_automation" && moved.component == "routing")
  }

  @Test("A new team that errs more is who handled the contacts")
  func newTeam() throws {
    let world = try ChangedWorld(interactions: 40_000, seed: 1) {
      WorldChange.newTeam.edit(&$0, day: ChangedWorld.turn)
    }
    try expectCause(world, "staff_effects")
  }

  @Test("In a small log, too, a new team is no change of the system")
  func newTeamInSmallLog() throws {
    // Most situations occur in one of the periods only: their handlers are not to be taken from there.
    var (handled, system, truth) = (0.0, 0.0, 0.0)
    let worlds = 6
    for seed in 0..<worlds {
      let world = try ChangedWorld(interactions: 6_000, seed: 5_000 + UInt64(seed)) {
        WorldChange.newTeam.edit(&$0, day: ChangedWorld.turn)
      }
      try expectWhole(world.change)
      handled += try #require(world.share("staff_effects").estimate) / Double(worlds)
      system += try #require(world.share("system_failure_rates").estimate) / Double(worlds)
      truth += (world.truth[1] - world.truth[0]) / Double(worlds)
    }
    // Errors of one world are about 1.2: half of that for six.
    #expect(abs(handled - truth) < 1.2, "\(handled) of \(truth)")
    #expect(abs(system) < 1.2, "\(system)")
  }

  @Test("Effects that do not settle are told so, never shown")
  func notConverged() throws {
    let world = try ChangedWorld(interactions: 6_000, seed: 3)
    let spans = [15..<45, 45..<75].map { days in
      CalendarSpan(
        "\(days)",
        days: (days.lowerBound + ChangedWorld.firstDay)..<(days.upperBound + ChangedWorld.firstDay))
    }
    #expect {
      _ = try ChangeAnalysis(
        world.fitted, spans: spans, probability: world.fitted.tree().probability,
        coefficientCovariance: world.fitted.coefficientCovariance(), rounds: 1)
    } throws: { error in
      guard case .notConverged(1, let step) = error as? ChangeError else { return false }
      return step > 1e-4 && "\(error)".contains("did not settle within 1 rounds")
    }
  }

  @Test("Where nothing changes the intervals hold 0")
  func noChange() throws {
    let count = getenv("WHEREFORE_CHANGE_WORLDS").flatMap { Int(String(cString: $0)) } ?? 4
    var held: [String: Int] = [:]
    var sums: [String: (Double, Double, Double)] = [:]
    for seed in 0..<count {
      let world = try ChangedWorld(interactions: 10_000, seed: 900 + UInt64(seed))
      try expectWhole(world.change)
      var all = try world.change.mechanisms.map {
        (
          mechanism: $0.mechanism, estimate: try #require($0.estimate),
          ci95: try #require($0.ci95)
        )
      }
      all.append(
        (
          "all", try #require(world.change.difference.estimate),
          try #require(world.change.difference.ci95)
        ))
      for share in all {
        held[share.mechanism, default: 0] += share.ci95[0] <= 0 && share.ci95[1] >= 0 ? 1 : 0
        let se = (share.ci95[1] - share.ci95[0]) / (2 * NormalDistribution.quantile975)
        let old = sums[share.mechanism] ?? (0, 0, 0)
        sums[share.mechanism] = (
          old.0 + share.estimate, old.1 + share.estimate * share.estimate, old.2 + se
        )
      }
    }
    let n = Double(count)
    for name in held.keys.sorted() {
      let s = sums[name] ?? (0, 0, 0)
      print(
        "no change, \(name): held \(held[name] ?? 0) of \(count), mean \(s.0 / n), "
          + "rmse \((s.1 / n).squareRoot()), mean se \(s.2 / n)")
      // Fewer would have a chance below 1 in 1,000 at 95 %.
      #expect((held[name] ?? 0) >= count - max(2, count / 6), "\(name)")
    }
  }

  @Test("The order of periods turns the signs")
  func antisymmetry() throws {
    let world = try ChangedWorld(interactions: 6_000, seed: 3)
    let fitted = world.fitted
    let spans = [45..<75, 15..<45].map { days in
      CalendarSpan(
        "\(days)",
        days: (days.lowerBound + ChangedWorld.firstDay)..<(days.upperBound + ChangedWorld.firstDay))
    }
    let back = try ChangeAnalysis.compare(
      fitted, from: spans[0], to: spans[1],
      probability: fitted.tree().probability,
      coefficientCovariance: fitted.coefficientCovariance())
    for (a, b) in zip(world.change.mechanisms, back.mechanisms) {
      let (there, here) = (try #require(a.estimate), try #require(b.estimate))
      #expect(abs(there + here) < 1e-9)
      let (one, other) = (try #require(a.ci95), try #require(b.ci95))
      let (width, otherWidth) = (one[1] - one[0], other[1] - other[0])
      #expect(abs(width - otherWidth) < 1e-8)
    }
  }

  @Test("Where no staff error is on record, their rate is not told, and not told to be even")
  func noStaffErrors() throws {
    let world = try ChangedWorld(interactions: 10_000, seed: 31) {
      $0.staffWork.wrongInformation.base = -1e3
      $0.staffWork.procedureMissed.base = -1e3
    }
    try expectWhole(world.change)
    let share = try #require(
      world.change.mechanisms.first { $0.mechanism == "staff_error_rates" })
    #expect(share.estimate == nil && share.ci95 == nil)
    #expect(share.note == "the log records no staff errors")
    #expect(world.share("staff_effects").estimate != nil)
  }

  @Test("Periods that cannot be compared are refused by name")
  func refusals() throws {
    let world = try ChangedWorld(interactions: 6_000, seed: 3)
    func compare(_ from: Range<Int>, _ to: Range<Int>) throws {
      func span(_ days: Range<Int>) -> CalendarSpan {
        CalendarSpan(
          "P\(days.lowerBound)",
          days: (days.lowerBound + ChangedWorld.firstDay)..<(days.upperBound + ChangedWorld.firstDay)
        )
      }
      _ = try ChangeAnalysis.compare(
        world.fitted, from: span(from), to: span(to), probability: world.fitted.tree().probability,
        coefficientCovariance: world.fitted.coefficientCovariance())
    }
    #expect(throws: ChangeError.overlap(from: "P10", to: "P15")) { try compare(10..<20, 15..<25) }
    #expect(
      throws: ChangeError.outsideLog(period: "P200", first: "2026-01-05", last: "2026-04-04")
    ) { try compare(10..<20, 200..<207) }
    #expect(throws: ChangeError.hardlyCovered(period: "P88", exposure: 0)) {
      do { try compare(10..<40, 88..<90) } catch let error as ChangeError {
        guard case .hardlyCovered(let period, let exposure) = error else { throw error }
        #expect(exposure < 0.25)
        throw ChangeError.hardlyCovered(period: period, exposure: 0)
      }
    }
    #expect { try compare(10..<11, 30..<60) } throws: { error in
      guard case .tooFew("P10", let count) = error as? ChangeError else { return false }
      return count > 0 && count < 100
    }
  }
}
