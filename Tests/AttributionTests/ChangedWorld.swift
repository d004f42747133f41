import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import SyntheticWorld

/// A generated world in which something becomes otherwise on a day, and its two halves compared.
struct ChangedWorld {
  static let turn = 45
  /// 2026-01-05, the log's first day, in days since 1970.
  static let firstDay = 20_458

  let log: GeneratedLog
  let fitted: FittedAttribution
  let change: AttributionReport.ChangeDecomposition
  /// Expected caused repeats per 100 interactions in both periods, by the generator.
  let truth: [Double]

  /// - Parameters:
  ///   - edit: what to change of the base world, which has no outages here.
  ///   - days: days of the log in the earlier and the later period.
  init(
    interactions: Int, seed: UInt64, days: [Range<Int>] = [15..<45, 45..<75],
    edit: (inout WorldParameters) -> Void = { _ in }
  ) throws {
    var parameters = WorldParameters()
    parameters.outages.count = 0...0
    edit(&parameters)
    let world = World(
      regime: .logLinear, parameters: parameters, interactions: interactions, seed: seed)
    log = world.generate(includeTotals: false, without: [])
    let modes = try ModeTable.build(study: .canonical, table: log.table)
    fitted = try FittedAttribution(
      AttributionInput(
        table: log.table, modes: modes, study: .canonical, customers: log.customers,
        constantColumns: []),
      options: AttributionOptions(threads: 2))
    let spans = days.map { days in
      CalendarSpan(
        "\(days)", days: (days.lowerBound + Self.firstDay)..<(days.upperBound + Self.firstDay))
    }
    change = try ChangeAnalysis.compare(
      fitted, from: spans[0], to: spans[1],
      probability: fitted.tree().probability,
      coefficientCovariance: fitted.coefficientCovariance())
    let table = log.table
    truth = days.map { Self.truth(table, modes, parameters, days: $0) }
  }

  /// 100 × the mean of the generator's own expectation.
  private static func truth(
    _ table: InteractionTable, _ modes: ModeTable, _ parameters: WorldParameters, days: Range<Int>
  ) -> Double {
    var later = parameters.repeats
    if let effects = parameters.turn?.effects { later.effects = effects }
    let responses = [RepeatResponse(parameters.repeats), RepeatResponse(later)]
    let channels = Catalogue.channels.map(\.name)
    let topics = Catalogue.topics.map(\.name)
    guard let channel = table.text("channel") else { return .nan }
    var (sum, count) = (0.0, 0.0)
    for row in 0..<table.count {
      let day = Int(table.startedAt[row] / 86_400_000) - firstDay
      guard days.contains(day) else { continue }
      var set: ModeSet = []
      for (m, mode) in modes.modes.enumerated() where modes.state[m].storage[row] == 1 {
        if let injected = InjectedMode(rawValue: mode.name) { set.insert(injected.flag) }
      }
      guard let t = topics.firstIndex(of: table.topic[row] ?? ""),
        let c = channels.firstIndex(of: channel[row] ?? "")
      else { return .nan }
      let isLater = day >= (parameters.turn?.day ?? .max)
      sum += responses[isLater ? 1 : 0](topic: UInt8(t), channel: UInt8(c), modes: set)
      count += 1
    }
    return 100 * sum / count
  }

  /// A mechanism's part of the change.
  func share(_ mechanism: String) -> AttributionReport.Estimate {
    guard let share = change.mechanisms.first(where: { $0.mechanism == mechanism }) else {
      return .init(estimate: nil, ci95: nil)
    }
    return .init(estimate: share.estimate, ci95: share.ci95)
  }
}
