import InteractionLog
import Report

/// Which interactions of a run to look at; what is nil does not restrict.
public struct InteractionFilter: Codable, Sendable, Equatable {
  public var topic: String?
  /// ISO week, as `2026-W03`.
  public var week: String?
  /// A failure mode that is known to hold.
  public var mode: String?
  /// The component at which a failure mode (the one named, or any) is known to hold.
  public var component: String?
  /// `ai` or `staff`.
  public var handler: String?
  public var channel: String?
  public var team: String?
  public var staff: String?

  public init(
    topic: String? = nil, week: String? = nil, mode: String? = nil, component: String? = nil,
    handler: String? = nil, channel: String? = nil, team: String? = nil, staff: String? = nil
  ) {
    self.topic = topic
    self.week = week
    self.mode = mode
    self.component = component
    self.handler = handler
    self.channel = channel
    self.team = team
    self.staff = staff
  }

  public var isEmpty: Bool { self == InteractionFilter() }

  /// Clears `keep` where a row does not pass.
  ///
  /// - Throws: `LedgerError.unknownValue` for a value that no interaction has.
  func restrict(_ keep: inout [Bool], _ ledger: RunLedger) throws {
    let contacts = ledger.contacts
    for (option, value, column) in [
      ("--topic", topic, contacts.topic), ("--week", week, contacts.week),
      ("--handler", handler, contacts.handledBy), ("--channel", channel, contacts.channel),
      ("--team", team, contacts.team), ("--staff", staff, contacts.staff),
    ] {
      guard let value else { continue }
      guard let code = column.values.firstIndex(of: value) else {
        // Names of staff are shown to nobody who did not ask for them.
        var nearest: [String] = []
        if option != "--staff" {
          nearest = NearestName.candidates(for: value, among: column.values, limit: 3)
          if nearest.isEmpty, column.values.count <= 8 { nearest = column.values }
        }
        throw LedgerError.unknownValue(option: option, value: value, nearest: nearest)
      }
      for row in keep.indices where column.codes[row] != Int32(code) { keep[row] = false }
    }
    try restrictToModes(&keep, ledger)
  }

  private func restrictToModes(_ keep: inout [Bool], _ ledger: RunLedger) throws {
    guard mode != nil || component != nil else { return }
    let modes = ledger.modes
    let chosen = modes.places.map { place in
      (mode == nil || place.mode == mode) && (component == nil || place.component == component)
    }
    if !chosen.contains(true) {
      let names = modes.places.map(\.mode)
      if let mode, !names.contains(mode) {
        throw LedgerError.unknownValue(
          option: "--mode", value: mode, nearest: Self.nearest(mode, names))
      }
      let components = modes.places.filter { mode == nil || $0.mode == mode }.compactMap(
        \.component)
      throw LedgerError.unknownValue(
        option: "--component", value: component ?? "",
        nearest: Self.nearest(component ?? "", components))
    }
    for row in keep.indices where keep[row] {
      keep[row] = modes.entries(row).contains {
        modes.known[$0] == 1 && chosen[Int(modes.place[$0])]
      }
    }
  }

  private static func nearest(_ value: String, _ names: [String]) -> [String] {
    NearestName.candidates(for: value, among: Set(names).sorted(), limit: 3)
  }

  /// The path of a figure of the report that is `path` under this filter; nil where there is none.
  func published(_ path: String) -> String? {
    var rest = self
    let split = "split."
    if path.hasPrefix(split), !path.hasSuffix(".share") {
      let part = path.dropFirst(split.count)
      if let topic {
        rest.topic = nil
        return rest.isEmpty ? "topics.\(topic).\(part)" : nil
      }
      if let week {
        rest.week = nil
        return rest.isEmpty ? "weekly.\(week).\(part)" : nil
      }
      return nil
    }
    guard path.hasPrefix("metrics."), path.hasSuffix(".overall") else { return nil }
    rest.week = nil
    rest.handler = nil
    guard rest.isEmpty else { return nil }
    let metric = path.dropLast(".overall".count)
    switch (handler, week) {
    case (let handler?, let week?): return "\(metric).by_handler_by_week.\(handler).\(week)"
    case (let handler?, nil): return "\(metric).by_handler.\(handler)"
    case (nil, let week?): return "\(metric).by_week.\(week)"
    case (nil, nil): return nil
    }
  }
}
