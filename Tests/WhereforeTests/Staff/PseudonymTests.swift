import Foundation
import SyntheticWorld
import Testing
import Wherefore

@Suite struct PseudonymTests {
  /// RFC 4231, test cases 1, 2 and 6.
  @Test func isTheStandardsCode() {
    func hex(_ key: [UInt8], _ message: String) -> String {
      PseudonymKey(bytes: key).authenticationCode(Array(message.utf8))
        .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    #expect(
      hex([UInt8](repeating: 0x0b, count: 20), "Hi There")
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      hex(Array("Jefe".utf8), "what do ya want for nothing?")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      hex(
        [UInt8](repeating: 0xaa, count: 131),
        "Test Using Larger Than Block-Size Key - Hash Key First")
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test func noOriginalIDIsInAnyFile() throws {
    let log = World(interactions: 3_000, seed: 21).generate(includeTotals: false)
    try withTemporaryFolder { folder in
      let csv = folder.appending(path: "log.csv").path
      try log.writeCSV(to: csv)
      let key = folder.appending(path: "key")
      try Data("0123456789abcdef0123456789abcdef\n".utf8).write(to: key)
      // A row that is rejected names its customer, too.
      let bad = "X1,\(log.table.customer.values[0])\n"
      let handle = try FileHandle(forWritingTo: URL(filePath: csv))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(bad.utf8))
      try handle.close()
      func run(_ name: String) throws -> [String: String] {
        let out = folder.appending(path: name)
        var input = LogInput(log: csv)
        input.pseudonymKey = key.path
        var job = AnalysisRun(input: input, out: out.path)
        job.staffTable = folder.appending(path: "\(name).csv").path
        job.staffGuard.minimumContacts = 10
        _ = try job.run()
        var files: [String: String] = [:]
        let paths = try FileManager.default.subpathsOfDirectory(atPath: out.path)
        for path in paths where path != "run.json" && path != "charts" {
          files[path] = try String(contentsOf: out.appending(path: path), encoding: .utf8)
        }
        files["staff"] = try String(
          contentsOf: folder.appending(path: "\(name).csv"), encoding: .utf8)
        return files
      }
      let files = try run("run")
      let ids = log.table.customer.values + (log.table.text("staff_id")?.values ?? [])
      for (name, text) in files where name != "report.html" {
        let words = Set(text.split { !($0.isLetter || $0.isNumber) }.map(String.init))
        #expect(words.isDisjoint(with: ids), "\(name)")
      }
      let page = files["report.html"] ?? ""
      #expect(!log.table.customer.values.contains { page.contains($0) })
      // The files join: the same customers in links and interactions, as many as before.
      func column(_ file: String, _ place: Int) -> Set<String> {
        Set(
          (files[file] ?? "").split(separator: "\n").dropFirst().map {
            String($0.split(separator: ",", omittingEmptySubsequences: false)[place])
          })
      }
      let customers = column("interactions.csv", 1)
      #expect(customers.count == log.table.customer.values.count)
      #expect(column("links.csv", 2).isSubset(of: customers))
      #expect(
        (files["rejected.csv"] ?? "").contains("(withheld)")
          || (files["rejected.csv"] ?? "").contains("fields"))
      // The same key, the same names.
      #expect(try run("again")["interactions.csv"] == files["interactions.csv"])
    }
  }

  @Test func badKeysAreErrors() throws {
    try withTemporaryFolder { folder in
      let empty = folder.appending(path: "empty").path
      try Data("\n".utf8).write(to: URL(filePath: empty))
      let short = folder.appending(path: "short").path
      try Data("secret\n".utf8).write(to: URL(filePath: short))
      let missing = folder.appending(path: "missing").path
      func refusal(_ path: String) -> PseudonymError? {
        #expect(throws: PseudonymError.self) { _ = try PseudonymKey(path: path) }
      }
      let noFile = try #require(refusal(missing))
      #expect(noFile.exitCode == 66 && noFile.description.contains("no such key file"))
      let noKey = try #require(refusal(empty))
      #expect(noKey.exitCode == 65 && noKey.description.contains("is empty"))
      let badKey = try #require(refusal(short))
      #expect(badKey.exitCode == 65 && badKey.description.contains("6 bytes"))
    }
  }
}
