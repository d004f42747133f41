import Attribution
import FailureModes
import Foundation
import InteractionLog
import SyntheticWorld
import Testing
import Wherefore

@Suite("A released fix against what was predicted", .serialized)
struct FollowWorldTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let mode: InjectedMode
    let component: String
    let cut: Double
    let seed: UInt64
    let verdict: FollowUp.Verdict
    var testDescription: String { "\(mode.rawValue) at \(component), cut \(cut)" }
  }

  @Test(
    "Prediction, what was realised and the truth agree",
    arguments: [
      Case(
        mode: .integrationTimeout, component: "payments", cut: 1, seed: 71, verdict: .asPredicted),
      Case(mode: .misclassifiedIntent, component: "nlu", cut: 0.8, seed: 72, verdict: .asPredicted),
      // So small an effect on later contacts cannot be told from none in 75 days on either side.
      Case(
        mode: .actionFailed, component: "look_up_order", cut: 0.7, seed: 73, verdict: .cannotTell),
    ])
  func threeFixes(_ released: Case) throws {
    let world = ReleasedWorld(
      mode: released.mode, component: released.component, keeps: 1 - released.cut,
      seed: released.seed)
    let report = try world.prediction()
    let name = "\(released.mode.rawValue)@\(released.component)"
    let prediction = try FixPrediction(name, in: report)
    let (design, records) = try world.records()
    let found = try FollowUp(
      prediction, design: design, records: records, released: world.released,
      expectedCut: released.cut, windowDays: ReleasedWorld.windowDays)
    let truth = world.truth
    let cut = try #require(found.failures.cut.ci95)
    #expect(cut[0] <= released.cut && released.cut <= cut[1])
    let realised = try #require(found.repeats.realised.ci95)
    #expect(realised[0] <= truth && truth <= realised[1])
    let predicted = try #require(found.repeats.predicted.ci95)
    #expect(predicted[0] <= truth && truth <= predicted[1])
    let byFailures = try #require(found.repeats.byFailures.ci95)
    #expect(byFailures[0] <= truth && truth <= byFailures[1])
    #expect(found.failures.verdict == .asPredicted && found.verdict == released.verdict)
    let words =
      released.verdict == .cannotTell
      ? "Whether repeats fell cannot be told yet" : "Repeats fell as predicted"
    #expect(found.sentence.hasPrefix("As predicted, ") && found.sentence.contains(words))
  }

  @Test("A release that changes nothing is said to show nothing, and less than predicted")
  func noEffect() throws {
    let world = ReleasedWorld(
      mode: .integrationTimeout, component: "payments", keeps: 1, seed: 74)
    let (design, records) = try world.records()
    let prediction = try FixPrediction(
      "integration_timeout@payments", in: try world.prediction())
    let found = try FollowUp(
      prediction, design: design, records: records, released: world.released, expectedCut: 1,
      windowDays: ReleasedWorld.windowDays)
    #expect(world.truth == 0)
    #expect(found.verdict == .lessThanPredicted)
    #expect(found.sentence.contains("that it became rarer at all cannot be told"))
    let realised = try #require(found.repeats.realised.ci95)
    #expect(realised[0] <= 0 && 0 <= realised[1])
  }

  @Test("Over worlds the realised interval holds the truth about as often as it says")
  func coverage() throws {
    var held = 0
    let worlds = 20
    for seed in 0..<UInt64(worlds) {
      let world = ReleasedWorld(
        mode: .integrationTimeout, component: "payments", keeps: 0.2, interactions: 12_000,
        seed: 900 + seed)
      let (_, records) = try world.records()
      let sorted = records.sorted {
        ($0.customer ?? "", $0.time, $0.id) < ($1.customer ?? "", $1.time, $1.id)
      }
      let later = try #require(
        try LaterContactChange(
          sorted, released: world.released,
          window: Int64(ReleasedWorld.windowDays * 86_400_000)))
      let value = later.expectedFailures * later.perFailure
      let reach = 1.96 * later.expectedFailures * later.standardError
      if abs(value - world.truth) <= reach { held += 1 }
    }
    // A binomial count of 20 at 95 % is at least 17 with a chance of 0.984.
    #expect(held >= 17)
  }
}
