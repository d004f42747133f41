/// The expected repeats κ of a contact by topic, channel and failure modes, tabulated.
package struct RepeatResponse: Sendable {
  /// κ at `(topic × channels + channel) × combinations + set`.
  private let table: [Double]

  package init(_ repeats: WorldParameters.Repeats) {
    var table: [Double] = []
    table.reserveCapacity(
      Catalogue.topics.count * Catalogue.channels.count * ModeSet.combinations)
    for topic in Catalogue.topics {
      for channel in Catalogue.channels {
        let context = repeats.base + topic.repeatEffect + channel.repeatEffect
        for set in 0..<ModeSet.combinations {
          table.append(
            RepeatResponse.repeats(
              context: context, modes: ModeSet(rawValue: UInt16(set)), by: repeats))
        }
      }
    }
    self.table = table
  }

  /// κ of a contact of this topic and channel on which exactly these modes hold.
  @inline(__always)
  package func callAsFunction(topic: UInt8, channel: UInt8, modes: ModeSet) -> Double {
    let context = Int(topic) * Catalogue.channels.count + Int(channel)
    return table[context * ModeSet.combinations + Int(modes.rawValue)]
  }

  private static func repeats(
    context: Double, modes: ModeSet, by repeats: WorldParameters.Repeats
  ) -> Double {
    var effect = 0.0
    for mode in InjectedMode.allCases where modes.contains(mode.flag) {
      effect += repeats.effects[mode.index]
    }
    switch repeats.shape {
    case .logLinear: return exponential(context + effect)
    case .additive: return exponential(context) + effect
    case .saturating(let ceiling):
      return ceiling * (1 - exponential(-(exponential(context) + effect) / ceiling))
    }
  }
}
