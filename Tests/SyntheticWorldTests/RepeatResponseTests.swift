import SyntheticWorld
import Testing

@Suite("Response of repeats to failures")
struct RepeatResponseTests {
  private let contexts = Catalogue.topics.indices.flatMap { topic in
    Catalogue.channels.indices.map { (UInt8(topic), UInt8($0)) }
  }

  @Test("Log-linear effects multiply the repeats of every context")
  func logLinear() {
    let response = RepeatResponse(WorldParameters(regime: .logLinear).repeats)
    for (topic, channel) in contexts {
      let base = response(topic: topic, channel: channel, modes: [])
      let one = response(topic: topic, channel: channel, modes: .misclassified)
      let two = response(
        topic: topic, channel: channel, modes: [.misclassified, .wrongInformation])
      // e^0.9 and e^1.7
      #expect(abs(one / base - 2.4596031111569496) < 1e-14)
      #expect(abs(two / base - 5.4739473917272) < 1e-13)
    }
  }

  @Test("Additive effects add the same number of repeats in every context")
  func additive() {
    let response = RepeatResponse(WorldParameters(regime: .additive).repeats)
    for (topic, channel) in contexts {
      let base = response(topic: topic, channel: channel, modes: [])
      let both = response(topic: topic, channel: channel, modes: [.timeout, .actionFailed])
      #expect(abs(both - base - 0.48) < 1e-15)
    }
  }

  @Test("A saturating response rises with every mode and stays below its ceiling")
  func saturating() {
    let response = RepeatResponse(WorldParameters(regime: .saturating).repeats)
    for (topic, channel) in contexts {
      var modes: ModeSet = []
      var last = response(topic: topic, channel: channel, modes: modes)
      for mode in InjectedMode.allCases {
        modes.insert(mode.flag)
        let next = response(topic: topic, channel: channel, modes: modes)
        #expect(next >= last)
        last = next
      }
      #expect(last > 0.6 && last < 0.7)
    }
  }

  @Test("Modes that should do nothing do nothing", arguments: Regime.allCases)
  func placebos(regime: Regime) {
    let response = RepeatResponse(WorldParameters(regime: regime).repeats)
    for (topic, channel) in contexts {
      for modes: ModeSet in [[], .timeout, [.misclassified, .actionFailed]] {
        let without = response(topic: topic, channel: channel, modes: modes)
        let with = response(
          topic: topic, channel: channel,
          modes: modes.union([.nearThreshold, .unneededEscalation]))
        #expect(with == without)
      }
    }
  }

  @Test("No removal of modes raises the expected repeats", arguments: Regime.allCases)
  func monotone(regime: Regime) {
    let response = RepeatResponse(WorldParameters(regime: regime).repeats)
    var violations = 0
    for set in 0..<ModeSet.combinations {
      let modes = ModeSet(rawValue: UInt16(set))
      for mode in InjectedMode.allCases where modes.contains(mode.flag) {
        let less = response(topic: 4, channel: 1, modes: modes.subtracting(mode.flag))
        if less > response(topic: 4, channel: 1, modes: modes) { violations += 1 }
      }
    }
    #expect(violations == 0)
  }
}
