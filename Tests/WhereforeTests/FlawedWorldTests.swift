import Foundation
import Testing
import Wherefore

/// A seeded sample of what `wherefore validate --refuters` measures at length.
@Suite("Refuters on sound and flawed worlds", .serialized)
struct FlawedWorldTests {
  /// Set: 40 worlds of 20,000 interactions of each kind, and the table is printed.
  private static let full = ProcessInfo.processInfo.environment["WHEREFORE_EVIDENCE"] != nil

  @Test("Sound worlds set off few alarms")
  func sound() throws {
    let worlds = Self.full ? 40 : 2
    let result = RefuterValidation(
      worlds: FlawedWorld.allCases.filter(\.isSound), count: worlds,
      interactions: Self.full ? 20_000 : 6_000, firstSeed: 71, threads: 2
    ).run()
    if Self.full { print(result.text) }
    for kind in result.worlds {
      #expect(kind.failed == 0, "\(kind.failure ?? "")")
      for row in kind.refuters where row.refuter != RefuterName.hiddenCause.rawValue {
        // At 5 % a world, more alarms than this have a chance below 1 % each.
        #expect(row.alarms <= (Self.full ? 7 : 1), "\(kind.world) \(row.refuter) \(row.byTarget)")
      }
    }
  }

  @Test(
    "A flaw sets off what is there to find it",
    arguments: [FlawedWorld.windowTooShort, .thresholdBlurred, .wrongLink])
  func flawed(_ world: FlawedWorld) throws {
    let worlds = Self.full ? 20 : 1
    let result = RefuterValidation(
      worlds: [world], count: worlds, interactions: 15_000, firstSeed: 171, threads: 2,
      refuters: world.aimedAt
    ).run()
    let kind = try #require(result.worlds.first)
    #expect(kind.failed == 0, "\(kind.failure ?? "")")
    for row in kind.refuters {
      #expect(row.tried == worlds)
      #expect(row.alarms * 10 >= worlds * 8, "\(row.refuter)")
    }
  }
}
