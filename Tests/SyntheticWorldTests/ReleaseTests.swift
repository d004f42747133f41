import Statistics
import SyntheticWorld
import Testing

@Suite("Worlds in which a fix is released")
struct ReleaseTests {
  private func world(_ release: WorldParameters.Release?) -> GeneratedLog {
    var parameters = WorldParameters(regime: .logLinear)
    parameters.release = release
    return World(regime: .logLinear, parameters: parameters, interactions: 8_000, seed: 61)
      .generate(includeTotals: true)
  }

  @Test("A release that keeps every failure changes nothing")
  func keepsAll() {
    let plain = world(nil)
    let same = world(.init(mode: .integrationTimeout, component: "payments", day: 40, keeps: 1))
    #expect(plain.truth == same.truth)
    #expect(plain.table.startedAt == same.table.startedAt)
  }

  @Test(
    "From its day on the failure is gone at the component, before it and elsewhere it is as it was",
    arguments: [
      (InjectedMode.integrationTimeout, "payments"), (.misclassifiedIntent, "nlu"),
      (.actionFailed, "issue_refund"),
    ])
  func removed(mode: InjectedMode, component: String) {
    let plain = world(nil)
    let released = world(.init(mode: mode, component: component, day: 40, keeps: 0))
    let border = plain.table.startedAt.min().map { $0 / 86_400_000 * 86_400_000 + 40 * 86_400_000 }
    func counts(_ log: GeneratedLog, after: Bool) -> (here: Int, elsewhere: Int) {
      var result = (0, 0)
      for row in 0..<log.table.count where (log.table.startedAt[row] >= border ?? 0) == after {
        let (place, failed): (String?, Bool) =
          switch mode {
          case .integrationTimeout:
            (
              log.table.text("integration")?[row],
              log.table.text("integration_status")?[row] == "timeout"
            )
          case .actionFailed:
            (
              log.table.text("action")?[row],
              ["failed", "abandoned"].contains(log.table.text("action_status")?[row])
            )
          default:
            (
              "nlu",
              log.table.text("intent_predicted")?[row] != log.table.text("intent_actual")?[row]
            )
          }
        if failed { if place == component { result.0 += 1 } else { result.1 += 1 } }
      }
      return result
    }
    #expect(counts(plain, after: false) == counts(released, after: false))
    #expect(counts(plain, after: true).here > 20)
    #expect(counts(released, after: true).here == 0)
    // Repeats that no longer come take some failures elsewhere with them, and few.
    let (was, now) = (counts(plain, after: true).elsewhere, counts(released, after: true).elsewhere)
    #expect(now <= was && now * 10 >= was * 8)
    #expect(released.truth.contacts < plain.truth.contacts)
    // Every contact of the released world is one of the other.
    let starts = Set(plain.table.startedAt)
    #expect(released.table.startedAt.allSatisfy(starts.contains))
  }

  @Test("The truth of a world with a release is counted on what happened in it")
  func truth() {
    let released = world(.init(mode: .actionFailed, component: nil, day: 0, keeps: 0))
    #expect(released.truth.modeContacts["action_failed"] == 0)
    #expect(released.truth.modesTotal?["action_failed"] == 0)
    #expect(released.truth.modesDirect["action_failed"] == 0)
  }
}
