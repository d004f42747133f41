import Foundation
import Testing
import Wherefore

@Suite struct EffectCommandTests {
  /// 400 rows by hand: treatment and outcome both follow `level` and `channel`; the effect is 2.
  private static let table: String = {
    var lines = ["outcome,treated,level,channel,customer,note"]
    for i in 0..<400 {
      let level = Double(i * 37 % 100) / 50 - 1
      let chat = i * 13 % 3 == 0
      let score = level + (chat ? 0.5 : 0)
      let treated = Double(i * 71 % 97) / 97 < 0.5 + 0.25 * score ? 1 : 0
      let noise = Double(i * 53 % 89) / 89 - 0.5
      let outcome = 1 + 3 * level + (chat ? 1 : 0) + 2 * Double(treated) + noise
      lines.append("\(outcome),\(treated),\(level),\(chat ? "chat" : "voice"),c\(i / 4),\(i)x")
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private func run(_ text: String, _ arguments: String...) throws -> Program.Outcome {
    try run(text, arguments)
  }

  private func run(_ text: String, _ arguments: [String]) throws -> Program.Outcome {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "data.csv")
      try Data(text.utf8).write(to: file)
      return try Program.run([arguments[0], file.path] + arguments.dropFirst())
    }
  }

  private func effect(_ text: String, _ further: [String] = []) throws -> Program.Outcome {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "data.csv")
      try Data(text.utf8).write(to: file)
      return try Program.run(
        [
          "effect", file.path, "--outcome", "outcome", "--treatment", "treated", "--adjust",
          "level,channel",
        ] + further)
    }
  }

  @Test func machinesReadTheContract() throws {
    let outcome = try effect(Self.table, ["--json"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let summary = try JSONDecoder().decode(EffectSummary.self, from: Data(outcome.output.utf8))
    // Noise of sd 0.29 over 400 rows: four standard errors.
    #expect(abs(summary.estimate - 2) < 0.12)
    #expect(summary.ci95[0] < summary.estimate && summary.estimate < summary.ci95[1])
    #expect(summary.rows == 400 && summary.droppedRows == 0 && summary.clusters == nil)
    #expect(summary.balance.map(\.covariate) == ["level", "channel=voice"])
    #expect(try #require(summary.eValue) > 1 && summary.note == nil)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    for key in ["estimate", "se", "ci95", "n", "n_treated", "overlap", "e_value"] {
      #expect(object[key] != nil, "\(key)")
    }
  }

  @Test func peopleReadTables() throws {
    let outcome = try effect(Self.table, ["--cluster", "customer", "--estimand", "att"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.output.hasPrefix("Effect of treated on outcome, averaged over the treated\n"))
    #expect(outcome.output.contains("errors over 100 clusters"))
    #expect(outcome.output.contains("channel=voice"))
  }

  @Test func theSameSeedGivesTheSameBytesOnAnyThreads() throws {
    let one = try effect(Self.table, ["--json", "--seed", "4", "--threads", "1"])
    let two = try effect(Self.table, ["--json", "--seed", "4", "--threads", "3"])
    #expect(one.output == two.output && !one.output.isEmpty)
    let other = try effect(Self.table, ["--json", "--seed", "5"])
    #expect(other.output != one.output)
  }

  /// A row without a value is left out and counted.
  @Test func missingValuesAreCounted() throws {
    let holed = Self.table + ",1,0.5,chat,c9,1\n2,1,,chat,c9,1\n"
    let outcome = try effect(holed, ["--json"])
    let summary = try JSONDecoder().decode(EffectSummary.self, from: Data(outcome.output.utf8))
    #expect(summary.rows == 400 && summary.droppedRows == 2)
  }

  @Test func badInputIs65AndSaysWhy() throws {
    func fails(_ text: String, _ further: [String] = [], says words: String) throws {
      let outcome = try effect(text, further)
      #expect(outcome.status == 65 && outcome.output.isEmpty)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    let lines = Self.table.split(separator: "\n").map(String.init)
    func replacing(_ column: Int, _ value: (Int) -> String?) -> String {
      let rows = lines.dropFirst().enumerated().map { i, line in
        var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if let value = value(i) { cells[column] = value }
        return cells.joined(separator: ",")
      }
      return ([lines[0]] + rows).joined(separator: "\n") + "\n"
    }
    try fails(
      replacing(1) { $0 == 4 ? "2" : nil },
      says: "data.csv, line 6: The treatment of row 5 is 2.0, expected 0 or 1.")
    try fails(replacing(1) { _ in "1" }, says: "Everybody was treated")
    try fails(replacing(0) { _ in "3" }, says: "The outcome is 3.0 in every row")
    try fails(
      replacing(0) { $0 == 7 ? "inf" : nil }, says: "data.csv, line 9: The outcome of row 8")
    try fails(
      replacing(0) { $0 == 7 ? "high" : nil },
      says:
        "The column \"outcome\" is text, expected numbers for the outcome.\noutcome is "
        + "text because of line 9: \"high\" is no number.")
    try fails(replacing(4) { _ in "c" }, ["--cluster", "customer"], says: "one cluster")
    try fails(Self.table, ["--folds", "5000"], says: "5000 folds were asked for, expected 2 to")
    try fails(Self.table, ["--cluster", "custmer"], says: "Nearest: \"customer\".")
    try fails(Self.table, ["--adjust", "levle"], says: "Nearest: \"level\"")
    try fails(Self.table, ["--adjust", "level,treated"], says: "\"treated\" was given twice")
    try fails(
      replacing(2) { i in
        lines[i + 1].split(separator: ",", omittingEmptySubsequences: false)[1] == "1" ? "5" : "-5"
      }, says: "The column \"level\" decides who was treated")
    try fails(
      replacing(3) { $0 == 7 ? "letter" : nil },
      says: "data.csv, line 9: The column \"channel\" is \"letter\" in row 8, which is in fold")
    try fails(
      Self.table, ["--adjust", "level,note"], says: "expected more rows than columns")
    try fails(
      replacing(0) { $0 == 7 ? "-1e300" : nil },
      says: "data.csv, line 9: The outcome of row 8 is -1e+300, expected at most 1e+290")
  }

  /// Rows are the file's, not those that are left after some lack a value.
  @Test func linesAreTheFiles() throws {
    let lines = Self.table.split(separator: "\n", omittingEmptySubsequences: false)
    let text = ([lines[0], ",1,0.5,chat,c9,1"] + lines.dropFirst()).joined(separator: "\n")
    let outcome = try effect(text + "inf,1,0,chat,c,1\n")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("data.csv, line 403: The outcome of row 402 is inf"))
  }

  /// Nobody without treatment had the outcome: no ratio, no E-value, and a note that says so.
  @Test func anArmWithoutEventsHasANote() throws {
    let rows = Self.table.split(separator: "\n").dropFirst().enumerated().map { i, line in
      let cells = line.split(separator: ",")
      return "\(cells[1] == "1" && i % 3 == 0 ? 1 : 0),\(cells[1]),\(cells[2])"
    }
    let text = "outcome,treated,level\n" + rows.joined(separator: "\n") + "\n"
    let arguments = [
      "--outcome", "outcome", "--treatment", "treated", "--adjust", "level", "--outcome-model",
      "logistic",
    ]
    let json = try run(text, ["effect"] + arguments + ["--json"])
    try #require(json.status == 0, "\(json.errors)")
    let summary = try JSONDecoder().decode(EffectSummary.self, from: Data(json.output.utf8))
    #expect(summary.ratio == nil && summary.eValue == nil && summary.untreatedMean == 0)
    let words = "the mean outcome without treatment is 0, not above 0"
    #expect(try #require(summary.note).contains(words))
    #expect(try run(text, ["effect"] + arguments).output.contains(words))
  }

  @Test func wrongUsageIs2() throws {
    #expect(try run(Self.table, "effect", "--outcome", "outcome").status == 2)
    #expect(try effect(Self.table, ["--folds", "1"]).status == 2)
    #expect(try effect(Self.table, ["--estimand", "atc"]).status == 2)
  }
}

@Suite struct DiscontinuityCommandTests {
  /// 600 rows on a curve with a jump of 2 at 0.4 and a little noise.
  private static let table: String = {
    let rows = (0..<600).map { i in
      let x = Double(i * 251 % 601) / 600
      let y = x - x * x + (x >= 0.4 ? 2 : 0) + 0.2 * (Double(i * 97 % 101) / 101 - 0.5)
      return "\(y),\(x)"
    }
    return "y,score\n" + rows.joined(separator: "\n") + "\n"
  }()

  private func jump(_ text: String, _ further: [String] = []) throws -> Program.Outcome {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "data.csv")
      try Data(text.utf8).write(to: file)
      return try Program.run(
        ["discontinuity", file.path, "--outcome", "y", "--running", "score", "--cutoff", "0.4"]
          + further)
    }
  }

  @Test func machinesReadTheContract() throws {
    let outcome = try jump(Self.table, ["--json"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let summary = try JSONDecoder().decode(
      DiscontinuitySummary.self, from: Data(outcome.output.utf8))
    #expect(abs(summary.robust.estimate - 2) < 0.06)
    #expect(summary.leftRows + summary.rightRows == 600)
    #expect(summary.bandwidth.left == summary.bandwidth.right)
    #expect(try #require(summary.densityTest.p) > 0.05)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let names = ["conventional", "robust", "bandwidth", "n_left", "n_right", "density_test"]
    for key in names { #expect(object[key] != nil, "\(key)") }
    let widths = try #require(object["bandwidth"] as? [String: Any])
    #expect(Set(widths.keys) == ["left", "right", "bias_left", "bias_right"])
  }

  @Test func aCutoffMayBeNegative() throws {
    let lower = Self.table.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",").compactMap { Double($0) }
      return "\(cells[0]),\(cells[1] - 1)"
    }
    let outcome = try jump(
      "y,score\n" + lower.joined(separator: "\n") + "\n", ["--cutoff", "-0.6"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("Jump of y where score passes -0.6"))
    let narrow = try jump(Self.table, ["--bandwidth", "-1"])
    #expect(narrow.status == 2 && narrow.errors.contains("--bandwidth is a number above 0"))
  }

  @Test func optionsAreHeard() throws {
    let outcome = try jump(
      Self.table,
      [
        "--json", "--kernel", "uniform", "--degree", "2", "--bandwidth", "0.25", "--variance",
        "hc1",
      ])
    let summary = try JSONDecoder().decode(
      DiscontinuitySummary.self, from: Data(outcome.output.utf8))
    #expect(summary.kernel == "uniform" && summary.degree == 2 && summary.variance == "hc1")
    #expect(abs(summary.bandwidth.biasRight - 0.25) < 1e-12 && summary.rule == "given")
    let words = try jump(Self.table, ["--rule", "msetwo"])
    #expect(words.output.hasPrefix("Jump of y where score passes 0.4"))
    #expect(words.output.contains("bandwidth msetwo"))
  }

  @Test func badInputIs65AndSaysWhy() throws {
    func fails(_ text: String, _ further: [String] = [], says words: String) throws {
      let outcome = try jump(text, further)
      #expect(outcome.status == 65 && outcome.output.isEmpty)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    try fails(Self.table, ["--cutoff", "7"], says: "no observations on both sides")
    try fails(Self.table, ["--running", "scroe"], says: "Nearest: \"score\".")
    try fails(Self.table, ["--bandwidth", "1e-9"], says: "give a wider bandwidth")
    try fails(Self.table + "inf,0.3\n", says: "data.csv, line 602: The outcome of row 601 is inf")
    let steps =
      "y,score\n"
      + (0..<50).map { "\($0 / 20),\(Double($0) / 50)" }.joined(
        separator: "\n")
    try fails(
      steps.replacingOccurrences(of: "\n2,", with: "\n1,") + "\n",
      says: "The outcome is the same in every row on each side of the cutoff")
    let few = Self.table.split(separator: "\n").prefix(11).joined(separator: "\n") + "\n"
    try fails(few, says: "expected at least")
    let flat = "y,score\n" + (0..<50).map { "1,\(Double($0) / 50)" }.joined(separator: "\n") + "\n"
    try fails(flat, says: "The outcome is 1.0 in every row")
    #expect(try jump(Self.table, ["--degree", "3"]).status == 2)
    #expect(try jump(Self.table, ["--cutoff", "nan"]).status == 2)
  }
}
