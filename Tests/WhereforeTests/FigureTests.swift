import Attribution
import Foundation
import InteractionLog
import SyntheticWorld
import Testing
import Wherefore

/// Every figure of a report opens into interactions that add up to it.
@Suite("Where a figure comes from", .serialized)
struct FigureTests {
  /// Runs `body` on a run of a small generated world, reviewed by sample and with costs.
  private func withRun(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log.csv").path
      try World(regime: .qaSample, interactions: 4_000, seed: 211).generate(includeTotals: false)
        .writeCSV(to: log)
      let study = folder.appending(path: "study.yaml")
      try Data(
        "study: t\ncosts: {per_interaction: 4.2, per_staff_minute: 0.8, currency: EUR}\n".utf8
      ).write(to: study)
      let out = folder.appending(path: "run").path
      _ = try AnalysisRun(
        input: LogInput(log: log, study: study.path), out: out, threads: 2
      ).run()
      try body(out)
    }
  }

  /// Names by which the entries of a report's lists are found.
  private static func name(_ entry: [String: Any]) -> String? {
    if let mode = entry["mode"] as? String {
      return (entry["component"] as? String).map { "\(mode)@\($0)" } ?? mode
    }
    return entry["topic"] as? String ?? entry["week"] as? String
  }

  /// Paths of all numbers of a JSON document, entries of lists by name.
  private static func numbers(_ value: Any, _ path: String, _ found: inout [(String, Double)]) {
    func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    if let object = value as? [String: Any] {
      for key in object.keys.sorted() { numbers(object[key] as Any, below(key), &found) }
    } else if let list = value as? [Any] {
      for (index, entry) in list.enumerated() {
        let key = (entry as? [String: Any]).flatMap(name) ?? "\(index)"
        numbers(entry, entry is NSNumber ? path : below(key), &found)
      }
    } else if let number = value as? NSNumber {
      found.append((path, number.doubleValue))
    }
  }

  @Test("Every number of attribution.json opens and adds up, or says why it is no sum")
  func everyFigure() throws {
    try withRun { out in
      let run = try LoadedRun(directory: out)
      let json = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: out + "/attribution.json")))
      var found: [(String, Double)] = []
      Self.numbers(json, "", &found)
      var opened = Set<String>()
      for (path, number) in found {
        do {
          let answer = try run.explain(figure: path, limit: 2)
          // The untyped reader of JSON here rounds the last digit its own way.
          #expect(abs(answer.value - number) <= 1e-14 * abs(number), "\(path)")
          #expect(abs(answer.sum - number) <= 1e-9 * max(1, abs(number)), "\(path)")
          opened.insert(answer.figure)
        } catch LedgerError.notASum { continue }
      }
      // Nothing of what is listed as opening was missed by its path in the document.
      let told = run.figures.filter { $0.value != nil }.map(\.figure)
      #expect(Set(told) == opened)
      #expect(opened.count > 500)
      #expect(opened.contains("modes.integration_timeout@payments.if_removed"))
      #expect(opened.contains { $0.hasPrefix("fixes.") && $0.hasSuffix(".cost_avoided") })
      #expect(opened.contains { $0.hasPrefix("change.") && $0.hasSuffix(".difference") })
      // What fixes avoid by half and together opens too.
      for part in [
        ".halved.repeats_avoided", ".halved.cost_avoided", ".lowers_by", ".lowers_cost_by",
        ".greedy.gain", ".greedy.cost_gain", ".greedy.together", ".greedy.cost_together",
      ] {
        #expect(opened.count { $0.hasPrefix("fixes.") && $0.hasSuffix(part) } > 5, "\(part)")
      }
    }
  }

  @Test("The parts by topic, week and mode are the sums of the run's own rows")
  func independentSums() throws {
    try withRun { out in
      let run = try LoadedRun(directory: out)
      func rows(_ name: String) throws -> [[String]] {
        try String(contentsOfFile: "\(out)/\(name)", encoding: .utf8).split(separator: "\n")
          .dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
          }
      }
      let interactions = try rows("interactions.csv")
      let contacts = try rows("contacts.csv")
      let modes = try rows("modes.csv")
      for (column, part) in [
        (5, "system_direct"), (6, "system_through_staff"), (7, "staff_own"), (8, "baseline"),
      ] {
        var (byTopic, byWeek) = ([String: Double](), [String: Double]())
        for (row, contact) in zip(interactions, contacts) {
          byWeek[contact[1], default: 0] += Double(row[column]) ?? .nan
          byTopic[contact[2], default: 0] += Double(row[column]) ?? .nan
        }
        for (topic, sum) in byTopic {
          let answer = try run.explain(
            figure: "split.\(part)", filter: InteractionFilter(topic: topic), limit: 0)
          #expect(abs((answer.selected ?? .nan) - sum) < 1e-9)
          #expect(answer.published?.figure == "topics.\(topic).\(part)")
        }
        for (week, sum) in byWeek {
          let answer = try run.explain(
            figure: "split.\(part)", filter: InteractionFilter(week: week), limit: 0)
          #expect(abs((answer.selected ?? .nan) - sum) < 1e-9)
          #expect(answer.published?.figure == "weekly.\(week).\(part)")
        }
      }
      var caused: [String: Double] = [:]
      // Blank where the mode holds too rarely to be told.
      for row in modes where !row[5].isEmpty {
        caused[row[1], default: 0] += Double(row[5]) ?? .nan
      }
      #expect(caused.count > 4)
      for (mode, sum) in caused {
        let answer = try run.explain(figure: "modes.\(mode).caused", limit: 0)
        #expect(abs(answer.value - sum) <= 1e-9 * max(1, abs(sum)), "\(mode)")
      }
      // The filters together: the listed interactions are all of them, and add up.
      let filter = InteractionFilter(
        mode: "integration_timeout", component: "payments", handler: "staff")
      let answer = try run.explain(
        figure: "split.system_direct", filter: filter, limit: 100_000)
      #expect(answer.listed.count == answer.interactions && answer.interactions > 3)
      let sum = answer.listed.reduce(0) { $0 + ($1.contribution ?? .nan) }
      #expect(abs(sum - (answer.selected ?? .nan)) < 1e-9)
      for item in answer.listed {
        #expect(item.handledBy == "staff" && item.staff == nil)
        #expect(
          item.failures.contains {
            $0.known && $0.mode == "integration_timeout" && $0.component == "payments"
          })
      }
    }
  }

  @Test("Avoided contacts are the sum of their pairs")
  func avoidedPairs() throws {
    try withRun { out in
      let run = try LoadedRun(directory: out)
      let last = try #require(
        run.figures.last { $0.figure.hasSuffix(".greedy.together") && $0.value != nil })
      let overlap = try #require(
        run.figures.filter { $0.figure.hasSuffix(".lowers_by") }
          .max { ($0.value ?? 0) < ($1.value ?? 0) })
      for figure in ["modes.misclassified_intent.if_removed", last.figure, overlap.figure] {
        let answer = try run.explain(figure: figure, limit: 100_000)
        #expect(answer.pairsAre == "earlier" && answer.listed.count == answer.interactions)
        #expect(answer.value > 0.5)
        var total = 0.0
        for item in answer.listed {
          let pairs = item.pairs.reduce(0) { $0 + ($1.contribution ?? .nan) }
          #expect(abs(pairs - (item.contribution ?? .nan)) < 1e-12)
          total += pairs
        }
        #expect(abs(total - answer.value) < 1e-9 * max(1, answer.value))
      }
    }
  }

  @Test("A run whose files were changed does not add up, and says so")
  func changedFiles() throws {
    try withRun { out in
      let path = "\(out)/interactions.csv"
      var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .map(String.init)
      var fields = lines[1].split(separator: ",", omittingEmptySubsequences: false)
        .map(String.init)
      fields[8] = "\((Double(fields[8]) ?? .nan) + 1e-6)"
      lines[1] = fields.joined(separator: ",")
      try (lines.joined(separator: "\n") + "\n").write(
        toFile: path, atomically: false, encoding: .utf8)
      let run = try LoadedRun(directory: out)
      let error = try #require(throws: LedgerError.self) {
        try run.explain(figure: "split.baseline")
      }
      #expect(error.exitCode == 65 && error.description.contains("not of one run"))
      #expect(throws: Never.self) { try run.explain(figure: "split.staff_own") }
    }
  }

  @Test("The command answers people, machines and spreadsheets, and names nobody unasked")
  func command() throws {
    try withRun { out in
      let figure = "split.system_direct"
      let text = try Program.run("explain", "--figure", figure, "--in", out, "--limit", "3")
      #expect(text.status == 0 && text.errors.isEmpty)
      #expect(text.output.contains("interactions add up to"))
      #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      let json = try Program.run("explain", "--figure", figure, "--in", out, "--json")
      let answer = try JSONDecoder().decode(FigureAnswer.self, from: Data(json.output.utf8))
      #expect(answer.figure == figure && answer.listed.count == 10 && answer.seconds.query > 0)
      let csv = "\(out)/../figure.csv"
      let written = try Program.run("explain", "--figure", figure, "--in", out, "--csv", csv)
      #expect(written.status == 0)
      let nowhere = try Program.run(
        "explain", "--figure", figure, "--in", out, "--csv", "\(out)/no/figure.csv")
      #expect(nowhere.status == 65 && nowhere.errors.contains("\(out)/no/figure.csv: no such file"))
      let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
      #expect(rows.count == answer.interactions + 1)
      let staff = Set(
        try String(contentsOfFile: "\(out)/contacts.csv", encoding: .utf8).split(separator: "\n")
          .dropFirst().map {
            String($0.split(separator: ",", omittingEmptySubsequences: false)[6])
          }
      ).subtracting([""])
      #expect(staff.count > 5)
      for name in staff {
        #expect(!json.output.contains("\"\(name)\"") && !rows.contains { $0.contains(name) })
      }
      let named = try Program.run(
        "explain", "--figure", "split.staff_own", "--in", out, "--show-staff", "--json",
        "--handler", "staff")
      #expect(staff.contains { named.output.contains("\"\($0)\"") })
      let list = try Program.run("explain", "--figure", "list", "--in", out)
      #expect(list.status == 0 && list.output.contains("\nsplit.system_direct  "))

      for (arguments, status, says) in [
        (["--figure", "split.sistem_direct"], Int32(65), "'split.system_direct'"),
        (["--figure", "split.baseline.ci95"], 65, "is no sum over interactions"),
        (["--figure", figure, "--topic", "refnd"], 65, "Did you mean 'refund'"),
        (["--figure", figure, "--staff", "S0"], 65, "has 'S0' for --staff."),
        (["--figure", figure, "--mode", "integration_timeut"], 65, "'integration_timeout'"),
        (["I1", "--figure", figure], 2, "Usage"),
        ([], 2, "Usage"), (["I1", "--topic", "refund"], 2, "Usage"),
      ] {
        let outcome = try Program.run(["explain"] + arguments + ["--in", out])
        #expect(outcome.status == status, "\(arguments)")
        #expect(outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
      }
      #expect(try Program.run("explain", "--figure", figure, "--in", "/no/such").status == 66)
      #expect(try Program.run("customer", "c", "--in", "/no/such").status == 66)
      #expect(try Program.run("customer", "--in", out).status == 2)
    }
  }
}
