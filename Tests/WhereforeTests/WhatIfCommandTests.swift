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

  @Test(arguments: [
    (["--threshold", "nonsense"], Int32(2), "FROM:TO:STEP"),
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
