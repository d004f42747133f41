import Foundation
import Testing
import Wherefore

@Suite("Worlds that are kept in a folder", .serialized)
struct ValidationFolderTests {
  private static let size = 1_500

  private func validation(
    _ regimes: [Regime], worlds: Int, folder: URL?, threads: Int = 2
  ) -> Validation {
    Validation(
      regimes: regimes, worlds: worlds, interactions: Self.size, firstSeed: 1, threads: threads,
      folder: folder?.path)
  }

  /// All but the time it took.
  private func text(_ result: Validation.Result) throws -> String {
    var result = result
    for index in result.regimes.indices { result.regimes[index].seconds = 0 }
    return try JSONText.document(result)
  }

  private func lines(_ folder: URL, _ regime: Regime) -> [Substring] {
    let file = folder.appending(path: "\(regime.rawValue).jsonl")
    return ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
  }

  @Test("A killed run goes on where it stopped and says what an uninterrupted one says")
  func killed() throws {
    try withTemporaryFolder { parent in
      let folder = parent.appending(path: "proof")
      let regimes: [Regime] = [.noEffect]
      let worlds = 8
      let process = try Program.start([
        "validate", "--regime", "no-effect", "--worlds", "\(worlds)", "--interactions",
        "\(Self.size)", "--threads", "1", "--resume", folder.path,
      ])
      while process.isRunning && lines(folder, .noEffect).count < 2 { usleep(5_000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let kept = lines(folder, .noEffect)
      #expect(kept.count >= 2)
      // As if it had been killed in the middle of a line.
      let file = folder.appending(path: "no-effect.jsonl")
      let handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(#"{"caused":12.5,"che"#.utf8))
      try handle.close()

      let resumed = try validation(regimes, worlds: worlds, folder: folder).run()
      let whole = try validation(regimes, worlds: worlds, folder: nil).run()
      #expect(try text(resumed) == text(whole))
      #expect(resumed.regimes[0].worlds == worlds)
      let all = lines(folder, .noEffect)
      #expect(all.count == worlds)
      #expect(Array(all.prefix(kept.count)) == kept)
      let seeds = try all.map { line in
        try #require(
          try JSONDecoder().decode([String: AnyDecodable].self, from: Data(line.utf8))["seed"]?
            .number)
      }
      #expect(seeds.sorted() == (1...worlds).map(Double.init))

      // A third start has nothing to do, a longer one adds worlds, a shorter one leaves some out.
      let before = try Data(contentsOf: file)
      #expect(try text(validation(regimes, worlds: worlds, folder: folder).run()) == text(whole))
      #expect(try Data(contentsOf: file) == before)
      #expect(
        try text(validation(regimes, worlds: 3, folder: folder).run())
          == text(validation(regimes, worlds: 3, folder: nil).run()))
    }
  }

  @Test("A folder of other worlds, a foreign line and a second run are refused in words")
  func refused() throws {
    try withTemporaryFolder { parent in
      let folder = parent.appending(path: "proof")
      _ = try validation([.noEffect], worlds: 1, folder: folder).run()
      func outcome(_ interactions: Int, _ folder: URL) throws -> Program.Outcome {
        try Program.run(
          "validate", "--regime", "no-effect", "--worlds", "1", "--interactions",
          "\(interactions)", "--resume", folder.path)
      }
      let other = try outcome(2_000, folder)
      #expect(other.status == 65)
      #expect(other.errors.contains("holds worlds of about 1500 interactions"))
      let absent = try outcome(1_500, parent.appending(path: "absent/proof"))
      #expect(absent.status == 66 && absent.errors.contains("in a folder that exists"))

      let held = open(folder.appending(path: ".lock").path, O_RDWR)
      #expect(flock(held, LOCK_EX | LOCK_NB) == 0)
      let second = try outcome(1_500, folder)
      #expect(second.status == 75 && second.errors.contains("is in use by another run"))
      close(held)

      let file = folder.appending(path: "no-effect.jsonl")
      try Data("nonsense\n".utf8).write(to: file)
      let foreign = try outcome(1_500, folder)
      #expect(foreign.status == 65 && foreign.errors.contains("no-effect.jsonl, line 1"))
    }
  }
}

/// What a test needs of a value in a JSON line.
private struct AnyDecodable: Decodable {
  var number: Double?

  init(from decoder: any Decoder) throws {
    number = try? decoder.singleValueContainer().decode(Double.self)
  }
}
