import InteractionLog
import Testing
import WhatIf

/// The best thresholds that staff can keep up with.
@Suite struct CapacityTests {
  /// A log whose staff cost nothing, so that without a limit staff would get all they can.
  private static func report(_ hourly: HourlyCapacity?, hours: Double? = nil) throws
    -> OptimumReport
  {
    var world = ThresholdWorld()
    world.customers = 3_000
    world.explored = 0.3
    let table = world.table(seed: 4)
    let setting = try WhatIfSetting(
      try DecisionLog(table: table), table: table,
      options: .init(
        windowDays: 15, costs: .init(perInteraction: 5, perStaffMinute: 0.01, currency: "EUR")))
    let sweep = ThresholdSweep(
      setting, grid: try ThresholdGrid(parsing: "0.5:0.9:0.05"), byGroup: false, threads: 1)
    let choice = try #require(
      ThresholdChoice(
        setting, sweep: sweep, curves: CurveBuilder(setting, sweep: sweep).curves(), seed: 1,
        threads: 1))
    return choice.report(staffHours: hours, hourly: hourly, currency: "EUR")
  }

  @Test func staffInPlentyLimitNothing() throws {
    let free = try Self.report(nil)
    let limited = try Self.report(
      HourlyCapacity(staff: [Double](repeating: 1_000, count: 24)))
    let capacity = try #require(limited.capacity)
    #expect(free.capacity == nil && capacity.isMet)
    #expect(capacity.shadowPrice == 0)
    #expect(limited.choices[0].underCapacity == free.choices[0].threshold)
    #expect(capacity.queue?.count == 24)
  }

  @Test func aQueueThatCustomersGiveUpOnMovesTheThreshold() throws {
    let free = try Self.report(HourlyCapacity(staff: [Double](repeating: 1_000, count: 24)))
    let queue = try #require(free.capacity?.queue)
    let most = try #require(queue.map(\.staffHours).max())
    // So few that the free choice's busiest hour overwhelms them.
    let few = HourlyCapacity(
      staff: [Double](repeating: max(1, (most * 0.8).rounded(.down)), count: 24),
      mostAbandoned: 0.05)
    let limited = try Self.report(few)
    let capacity = try #require(limited.capacity)
    let (own, other) = (limited.choices[0].underCapacity, free.choices[0].underCapacity)
    if capacity.isMet {
      #expect((capacity.queue ?? []).allSatisfy { ($0.abandonment ?? 0) <= 0.05 })
      #expect(try #require(own) <= (try #require(other)))
    } else {
      #expect(capacity.shadowPrice == nil)
    }
    let nobody = try Self.report(
      HourlyCapacity(staff: [Double](repeating: 0, count: 24), mostAbandoned: 0.01))
    #expect(nobody.capacity?.isMet == false)
  }

  @Test func bothLimitsHoldTogether() throws {
    let hourly = HourlyCapacity(staff: [Double](repeating: 1_000, count: 24))
    let week = try #require(try Self.report(hourly).capacity?.staffHoursToday)
    let limited = try #require(try Self.report(hourly, hours: week).capacity)
    #expect(limited.isMet)
    #expect(try #require(limited.staffHoursChosen) <= week * (1 + 1e-9))
    #expect(limited.mostAbandoned == 0.05 && limited.staffHoursAWeek == week)
  }
}
