import Foundation
import SyntheticWorld
import Testing
import Wherefore

/// A seeded sample of the worlds in which ids are wrong, split or missing, or the log is late.
@Suite("Worlds with faulty records", .serialized)
struct IdentityWorldTests {
  @Test(
    "Declared errors are carried back, undeclared ones are warned of",
    arguments: [
      (Regime.swappedIDs20, "wrong_identities"), (Regime.splitIDs20, "split_identities"),
      (Regime.missingIDs, "identity_by_path"), (Regime.lateLog, "incomplete_end"),
    ])
  func worlds(regime: Wherefore.Regime, check: String) throws {
    let result = try Validation(
      regimes: [regime], worlds: 3, interactions: 9_000, firstSeed: 501, threads: 2
    ).run()
    let found = try #require(result.regimes.first)
    #expect(found.worlds == 3 && found.warnings[check] == 3)
    let prefix = regime == .missingIDs ? "all:" : ""
    for name in ["system", "total"] {
      let row = try #require(found.rows.first { $0.quantity == prefix + name })
      // Three worlds of which one may miss: 1 % of such samples have fewer.
      #expect(row.worlds == 3 && row.covered >= 2, "\(regime) \(name)")
      let plain = try #require(found.rows.first { $0.quantity == "undeclared:" + name })
      // A cut log is about fewer days, with a truth of its own.
      guard regime != .lateLog else { continue }
      #expect(abs(row.bias) < abs(plain.bias), "\(regime) \(name)")
      #expect(plain.bias < -0.05 * plain.meanTruth)
    }
  }

  @Test("The result under each rule is told, and figures still open to their interactions")
  func rulesAndLedger() throws {
    try withTemporaryFolder { folder in
      let world = World(regime: .splitIDs20, interactions: 6_000, seed: 503)
      try world.generate(includeTotals: false).write(toDirectory: folder.path)
      let log = folder.appending(path: "interactions.csv").path
      // Half of the split ids are in the alias table.
      let ids = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").dropFirst()
        .map { String($0.split(separator: ",", omittingEmptySubsequences: false)[1]) }
      let aliases = Set(ids.filter { $0.contains("-voice") || $0.contains("-chat") }).sorted().map {
        "\($0),\($0.prefix { $0 != "-" })"
      }
      let customers = folder.appending(path: "people.csv").path
      try (["customer_id,alias_of"] + aliases + [""]).joined(separator: "\n")
        .write(toFile: customers, atomically: true, encoding: .utf8)
      let study = folder.appending(path: "study.yaml").path
      try "study: joined\nidentity: {split: {rate: 0.1, se: 0.02}}\n"
        .write(toFile: study, atomically: true, encoding: .utf8)
      let out = folder.appending(path: "out").path
      let run = try Program.run(
        "analyze", log, "--study", study, "--customers", customers, "--out", out, "--json")
      #expect(run.status == 0, "\(run.errors)")
      let summary = try JSONDecoder().decode(AnalysisRun.Summary.self, from: Data(run.output.utf8))
      let identity = try #require(summary.attribution.identity)
      #expect(identity.rules.count == 2 && identity.rules[1].isInForce)
      #expect(identity.rules[0].customers > identity.rules[1].customers)
      #expect(identity.rules[0].laterContacts < identity.rules[1].laterContacts)
      #expect((identity.rules[0].causedRepeats ?? 0) > 0)
      #expect((identity.declared?.factor ?? 0) > 1.03)
      for figure in [
        "headline.system_caused_repeats", "split.baseline", "modes.misclassified_intent.if_removed",
      ] {
        let answer = try Program.run("explain", "--figure", figure, "--in", out)
        #expect(answer.status == 0, "\(figure): \(answer.errors)")
      }
      try "customer_id,alias_of\na,b\nb,a\n".write(
        toFile: customers, atomically: true, encoding: .utf8)
      let circle = try Program.run(
        "analyze", log, "--customers", customers, "--out", out, "--json")
      #expect(circle.status == 65 && circle.errors.contains("a → b → a"))
    }
  }
}
