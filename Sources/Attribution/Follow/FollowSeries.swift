import FailureModes
import InteractionLog

/// A stream of failures that is counted week by week: a failure mode at a component.
package struct FollowSeries: Sendable, Equatable {
  package let mode: String
  package let component: String

  package init(mode: String, component: String) {
    self.mode = mode
    self.component = component
  }

  package var name: String { "\(mode)@\(component)" }
}

/// What a follow-up looks at: the series of the fix, and series that the release leaves alone.
///
/// Controls are the same failure mode at the other components. Where it has no other component they
/// are the other failure modes of the system that neither bring the mode about nor follow from it.
package struct FollowDesign: Sendable, Equatable {
  package enum Controls: String, Sendable, Codable {
    case otherComponents = "other components"
    case otherModes = "other failure modes"
  }

  package let treated: FollowSeries
  package let controls: [FollowSeries]
  package let kind: Controls

  /// Most controls; the largest are taken. Series are bits of a word.
  private static let most = 60

  package init(treated: FollowSeries, controls: [FollowSeries], kind: Controls) {
    self.treated = treated
    self.controls = controls
    self.kind = kind
  }

  /// - Throws: `FollowError` where the log has no such series, or nothing to compare it with.
  package init(
    mode name: String, component: String, modes: ModeTable, study: Study, table: InteractionTable
  ) throws(FollowError) {
    guard let mode = modes.modes.firstIndex(where: { $0.name == name }) else {
      throw .modeNotInLog(mode: name, modes: modes.modes.map(\.name))
    }
    treated = FollowSeries(mode: name, component: component)
    let own = FollowDesign.counted(mode, modes, study, table)
    guard own.contains(where: { $0.component == component }) else {
      throw .componentNotInLog(mode: name, component: component, components: own.map(\.component))
    }
    let others = own.filter { $0.component != component }
    if !others.isEmpty {
      kind = .otherComponents
      controls = FollowDesign.largest(others.map { (name, $0.component, $0.count) })
      return
    }
    kind = .otherModes
    let (followers, causes) = (
      FollowDesign.reach(from: mode, modes),
      modes.modes.indices.filter {
        FollowDesign.reach(from: $0, modes).contains(mode)
      }
    )
    var list: [(String, String, Int)] = []
    for other in modes.modes.indices
    where other != mode && modes.modes[other].side == .system && !followers.contains(other)
      && !causes.contains(other)
    {
      list += FollowDesign.counted(other, modes, study, table).map {
        (modes.modes[other].name, $0.component, $0.count)
      }
    }
    controls = FollowDesign.largest(list)
    guard !controls.isEmpty else { throw .noControl(mode: name, component: component) }
  }

  /// Components at which a mode happened, with how often.
  private static func counted(
    _ mode: Int, _ modes: ModeTable, _ study: Study, _ table: InteractionTable
  ) -> [(component: String, count: Int)] {
    let column = modes.componentAtRisk(of: mode, study: study, table: table)
    var counts = [Int](repeating: 0, count: column.values.count)
    for row in 0..<table.count where modes.state[mode].storage[row] == 1 && column.codes[row] >= 0 {
      counts[Int(column.codes[row])] += 1
    }
    return column.values.indices.filter { counts[$0] > 0 }.map { (column.values[$0], counts[$0]) }
  }

  private static func largest(_ list: [(String, String, Int)]) -> [FollowSeries] {
    list.sorted { $0.2 == $1.2 ? ($0.0, $0.1) < ($1.0, $1.1) : $0.2 > $1.2 }.prefix(most)
      .map { FollowSeries(mode: $0.0, component: $0.1) }
  }

  /// Modes that a mode can bring about, directly or through others.
  private static func reach(from mode: Int, _ modes: ModeTable) -> Set<Int> {
    var found: Set<Int> = []
    var open = [mode]
    while let next = open.popLast() {
      for effect in modes.modes[next].causes where found.insert(effect).inserted {
        open.append(effect)
      }
    }
    return found
  }
}

/// One interaction as a follow-up sees it.
package struct FollowRecord: Sendable {
  package var id: String
  package var customer: String?
  /// Milliseconds since 1970.
  package var time: Int64
  /// Topic and channel.
  package var topic: String
  package var channel: String
  /// Bits of the series that it was looked at for (bit 0 is the fix's), and in which it failed.
  package var watched: UInt64
  package var failed: UInt64

  package init(
    id: String, customer: String?, time: Int64, topic: String, channel: String, watched: UInt64,
    failed: UInt64
  ) {
    self.id = id
    self.customer = customer
    self.time = time
    self.topic = topic
    self.channel = channel
    self.watched = watched
    self.failed = failed
  }

  /// The interactions of a log, in order of its rows.
  package static func records(
    _ design: FollowDesign, modes: ModeTable, study: Study, table: InteractionTable
  ) -> [FollowRecord] {
    let channel = table.text("channel")
    var records = (0..<table.count).map { row in
      FollowRecord(
        id: table.interactionID[row], customer: table.customer[row], time: table.startedAt[row],
        topic: table.topic[row] ?? "", channel: channel?[row] ?? "", watched: 0, failed: 0)
    }
    for (k, series) in ([design.treated] + design.controls).enumerated() {
      guard let mode = modes.modes.firstIndex(where: { $0.name == series.mode }) else { continue }
      let column = modes.componentAtRisk(of: mode, study: study, table: table)
      guard let code = column.values.firstIndex(of: series.component) else { continue }
      let state = modes.state[mode].storage
      let applies = modes.applies[mode].storage
      let bit: UInt64 = 1 << UInt64(k)
      for row in records.indices
      where column.codes[row] == Int32(code) && applies[row] == 1 && state[row] >= 0 {
        records[row].watched |= bit
        if state[row] == 1 { records[row].failed |= bit }
      }
    }
    return records
  }
}
