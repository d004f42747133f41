import Statistics

/// What a world makes of latency: nothing up to `begins`, then rising in a straight line on the log
/// scale to `height` at `ends` and staying there (a jump where they are one).
package struct LatencyLaw: Sendable {
  package var begins: Double
  package var ends: Double
  package var height: Double

  package init(begins: Double, ends: Double, height: Double) {
    self.begins = begins
    self.ends = ends
    self.height = height
  }

  /// 0 without a call and after a timeout, which is a failure of its own.
  func effect(integration: Int8, latency: Int32, modes: ModeSet) -> Double {
    guard integration >= 0, !modes.contains(.timeout) else { return 0 }
    let x = Double(latency)
    if x <= begins { return 0 }
    return x >= ends ? height : height * (x - begins) / (ends - begins)
  }
}

/// The law of a yes-or-no outcome of a contact given what happened on it.
package struct OutcomeLaw: Sendable {
  package enum Scale: Sendable {
    /// Effects add to the log odds.
    case logOdds
    /// Effects add to the log of a hazard, −log(1 − p).
    case logHazard
  }

  /// Name of its column.
  package var name: String
  package var scale: Scale
  package var base: Double
  package var byHardness: Double
  /// By mode, in the order of `InjectedMode.allCases`.
  package var effects: [Double]
  package var latency: LatencyLaw?
  /// Whether a customer makes no contact after the one on which it happens.
  package var isDeparture: Bool

  package init(
    name: String, scale: Scale, base: Double, byHardness: Double = 0, effects: [Double],
    latency: LatencyLaw? = nil, isDeparture: Bool = false
  ) {
    precondition(effects.count == InjectedMode.allCases.count, "an effect for each mode")
    self.name = name
    self.scale = scale
    self.base = base
    self.byHardness = byHardness
    self.effects = effects
    self.latency = latency
    self.isDeparture = isDeparture
  }

  func probability(topic: UInt8, integration: Int8, latency: Int32, seen: ModeSet, modes: ModeSet)
    -> Double
  {
    var sum = base + byHardness * Catalogue.topics[Int(topic)].hardness
    for mode in InjectedMode.allCases where modes.contains(mode.flag) {
      sum += effects[mode.index]
    }
    sum += self.latency?.effect(integration: integration, latency: latency, modes: seen) ?? 0
    switch scale {
    case .logOdds: return logistic(sum)
    case .logHazard: return 1 - exponential(-exponential(sum))
    }
  }

  /// The probability on a contact if these modes had held on it.
  func probability(_ contact: Contact, under modes: ModeSet) -> Double {
    probability(
      topic: contact.topic, integration: contact.integration,
      latency: contact.latencyMilliseconds, seen: contact.modes, modes: modes)
  }

  func probability(_ row: LogRows.Row) -> Double {
    probability(
      topic: row.topic, integration: row.integration, latency: row.latencyMilliseconds,
      seen: row.modes, modes: row.modes)
  }

  /// Whether it happens on the contact of this key, the place-th outcome of its world.
  func happens(key: UInt64, place: Int, probability: Double) -> Bool {
    var stream = RandomStream(
      seed: RandomStream.key(StreamKey.declaredOutcome.below(key), UInt64(place)))
    return stream.uniform() < probability
  }
}

extension WorldParameters {
  /// Takes out what a customer would have done after leaving.
  func prune(_ contacts: inout [Contact]) {
    let laws = outcomes.enumerated().filter { $0.element.isDeparture }
    guard !laws.isEmpty, !contacts.isEmpty else { return }
    var left = Int32.max
    for contact in contacts where contact.time < left {
      for (place, law) in laws
      where law.happens(
        key: contact.key, place: place,
        probability: law.probability(contact, under: contact.modes))
      {
        left = contact.time
      }
    }
    guard left < Int32.max else { return }
    // A repeat comes after what brought it, so that no contact that stays loses its parent.
    var place = [Int32](repeating: -1, count: contacts.count)
    var kept: [Contact] = []
    for (index, contact) in contacts.enumerated() where contact.time <= left {
      place[index] = Int32(kept.count)
      var moved = contact
      if contact.parent >= 0 { moved.parent = place[Int(contact.parent)] }
      kept.append(moved)
    }
    contacts = kept
  }
}
