import Foundation
import Statistics
import SyntheticWorld
import Testing

/// `wherefore whatif` as a user runs it.
@Suite struct WhatIfCommandTests {
  @Test func theSameLogGivesTheSameFileWhateverTheThreads() throws {
    try withTemporaryFolder { folder in
      let csv = try GeneratedRun.csv(World(interactions: 6_000, seed: 5).generate())
      let log = folder.appending(path: "log.csv")
      let other = folder.appending(path: "other.csv")
      try Data(csv.utf8).write(to: log)
      try Data(GeneratedRun.shuffled(csv, seed: 2).utf8).write(to: other)
      let study = folder.appending(path: "study.yaml")
      try Data(
        """
        study: s
        costs: {per_interaction: 2, per_staff_minute: 1, currency: EUR}
        policies:
          - {name: lower, automate_from: 0.6, staff_by_hour: 4}
          - {name: banded, automate_from: 0.8, confirm_from: 0.7}
        """.utf8
      ).write(to: study)
      var files: [Data] = []
      for (path, threads) in [(log, "1"), (other, "3")] {
        let out = folder.appending(path: "out\(threads)")
        let run = try Program.run(
          "whatif", path.path, "--threshold", "0.6:0.8:0.05", "--by", "topic", "--study",
          study.path, "--staff-hours", "100", "--threads", threads, "--out", out.path)
        #expect(run.status == 0, "\(run.errors)")
        let longest = run.output.split(separator: "\n").map(\.count).max() ?? 0
        #expect(longest <= 80, "a line of \(longest) columns")
        files.append(try Data(contentsOf: out.appending(path: "whatif.json")))
      }
      #expect(files[0] == files[1])
      let json = try #require(
        try JSONSerialization.jsonObject(with: files[0]) as? [String: Any])
      for key in [
        "schema_version", "units", "routing", "curve", "groups", "discontinuities", "optimum",
        "policies", "assumptions", "ceiling", "trend_check",
      ] { #expect(json[key] != nil, "\(key)") }
      #expect((json["policies"] as? [[String: Any]])?.count == 2)
    }
  }

  @Test func theFolderGetsChartsAndThePageWhereAskedFor() throws {
    try withTemporaryFolder { folder in
      let csv = try GeneratedRun.csv(World(interactions: 4_000, seed: 5).generate())
      let log = folder.appending(path: "log.csv")
      try Data(csv.utf8).write(to: log)
      let out = folder.appending(path: "out")
      func run(_ options: [String]) throws -> [String] {
        let run = try Program.run(
          ["whatif", log.path, "--threshold", "0.6:0.8:0.1", "--out", out.path] + options)
        #expect(run.status == 0, "\(run.errors)")
        return try FileManager.default.subpathsOfDirectory(atPath: out.path).sorted()
      }
      let plain = try run(["--by", "topic"])
      #expect(plain.contains("whatif.json") && !plain.contains("whatif.html"))
      #expect(plain.contains("charts/whatif-repeats.vl.json"))
      #expect(plain.contains("charts/whatif-group-002.vl.json"))
      // Charts of an earlier what-if do not stay.
      let second = try run(["--report", "--staff-by-hour", "3"])
      #expect(second.contains("whatif.html"))
      #expect(!second.contains("charts/whatif-group-002.vl.json"))
      let html = try String(contentsOf: out.appending(path: "whatif.html"), encoding: .utf8)
      #expect(html.contains("What each threshold would bring"))
    }
  }

  @Test(arguments: [
    (["--threshold", "0.7", "--report"], Int32(2), "--out"),
    (["--threshold", "0.7", "--staff-by-hour", "1,2"], 2, "--staff-by-hour"),
    (["--threshold", "0.7", "--out", "/dev/null"], 65, "a folder was expected"),
    (["--threshold", "0.7", "--by", "customer_id"], 65, "a column of texts"),
    (["--calibration", "--score", "integration_latency_ms"], 65, "'integration_latency_ms'"),
    (["--threshold", "nonsense"], 2, "FROM:TO:STEP"),
    (["--threshold", "1.2"], 2, "from 0 to 1"),
    (["--threshold", "0.0001"], 65, "lies outside the scores"),
    (["--threshold", "0.7", "--by", "nowhere"], 65, "--by"),
    (["--threshold", "0.7", "--score", "csat"], 65, "expected 0 to 1"),
    (["--threshold", "0.7", "--score", "staff_id"], 65, "--score"),
    (["--threshold", "0.7", "--ceiling", "-1"], 2, "--ceiling"),
  ])
  func whatCannotBeAnsweredIsSaid(
    options: [String], status: Int32, words: String
  ) throws {
    try withTemporaryFolder { folder in
      let csv = try GeneratedRun.csv(World(interactions: 2_000, seed: 5).generate())
      let log = folder.appending(path: "log.csv")
      try Data(csv.utf8).write(to: log)
      let run = try Program.run(["whatif", log.path] + options)
      #expect(run.status == status, "\(run.errors)")
      #expect(run.errors.contains(words), "\(run.errors)")
    }
  }
}
