import Attribution
import Foundation
import InteractionLog
import RepeatContacts
import Statistics
import SyntheticWorld
import Testing

@Suite struct SilenceTests {
  private static let customer = CustomerSilence.Customer(
    row: 0, cell: 0, own: 3, span: 40, silence: 25, due: 0.1)

  /// BG/NBD without repeats: Fader, Hardie & Lee (2005) write the chance of being silent while there
  /// as ((α + t_x)/(α + T))^(r + x).
  @Test func theChanceOfSilenceIsThatOfThePaper() {
    var c = Self.customer
    c.due = 0
    let rhythm = CustomerSilence.Rhythm(logShape: log(0.243), logRate: log(4.414))
    let expected = pow((4.414 + 40) / (4.414 + 65), 0.243 + 3)
    #expect(abs(exp(rhythm.logSilent(c)) - expected) < 1e-12)
  }

  @Test func slopesAreThoseOfTheLikelihood() {
    let silence = CustomerSilence(customers: [Self.customer], seenAgain: [3])
    let rhythm = CustomerSilence.Rhythm(logShape: 0.3, logRate: 2.1)
    let hazard = 0.07
    let slopes = silence.slopes(Self.customer, rhythm, hazard: hazard)
    func value(_ shape: Double, _ rate: Double, _ h: Double) -> Double {
      silence.logLikelihood(.init(logShape: shape, logRate: rate), hazard: [h])
    }
    let d = 1e-5
    let shape = (value(0.3 + d, 2.1, hazard) - value(0.3 - d, 2.1, hazard)) / (2 * d)
    let rate = (value(0.3, 2.1 + d, hazard) - value(0.3, 2.1 - d, hazard)) / (2 * d)
    let inHazard = (value(0.3, 2.1, hazard + d) - value(0.3, 2.1, hazard - d)) / (2 * d)
    #expect(abs(slopes.logShape - shape) < 1e-6)
    #expect(abs(slopes.logRate - rate) < 1e-6)
    #expect(abs(slopes.hazard - 3 / (1 - hazard) - inHazard) < 1e-5)
  }

  private static func world(seed: UInt64, interactions: Int, rate: Double) -> OutcomeWorld {
    let law = OutcomeLaw(
      name: "left", scale: .logHazard, base: -3.2,
      effects: [0.5, 0.8, 0.4, 0, 0, 0, 1.0, 0.8, 0.4], isDeparture: true)
    return OutcomeWorld(
      interactions: interactions, seed: seed, laws: [law],
      outcomes: [OutcomeDeclaration(name: "left", kind: .churn, when: nil)]
    ) {
      $0.background.rates = .gamma(shape: 2, mean: rate)
      $0.days = 180
    }
  }

  /// Customers who leave for good after a contact, nothing told of it but silence.
  @Test func departuresAreToldFromSilence() throws {
    var tally = OutcomeTally()
    let worlds = OutcomeWorld.isEvidence ? 100 : 2
    for seed in 0..<worlds {
      let world = Self.world(seed: UInt64(500 + seed), interactions: 6_000, rate: 8)
      let fitted = try world.fitted()
      let tree = fitted.tree()
      let finding = try #require(OutcomeAnalysis(fitted, tree: tree).findings().first)
      let problem = try #require(finding.problem, "\(finding.result.note ?? "")")
      let estimation = try #require(finding.estimation)
      tally.add(estimation, problem, try #require(world.truth("left")))
      #expect(finding.result.events == nil)
    }
    if OutcomeWorld.isEvidence { print("silence\n\(tally.table())") }
    for name in tally.names {
      #expect(tally.coverage(name) >= (OutcomeWorld.isEvidence ? 0.88 : 0.5), "\(name)")
    }
  }

  @Test func aShortLogSaysThatItCannotTell() throws {
    let world = Self.world(seed: 9, interactions: 500, rate: 0.5)
    let fitted = try world.fitted()
    let finding = try #require(OutcomeAnalysis(fitted, tree: fitted.tree()).findings().first)
    #expect(finding.result.expected.estimate == nil)
    let note = finding.result.note ?? ""
    #expect(note.contains("too short") || note.contains("do not tell"), "\(note)")
  }
}
