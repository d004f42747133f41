import Attribution
import Foundation
import InteractionLog
import Report
import SyntheticWorld
import Testing
import Wherefore

/// Every figure of a report opens into interactions that add up to it.
@Suite("Where a figure comes from", .serialized)
struct FigureTests {
  /// A run of a small generated world, reviewed by sample and with costs, by file name.
  private static let files = Result {
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log.csv").path
      try World(regime: .qaSample, interactions: 4_000, seed: 211).generate(includeTotals: false)
        .writeCSV(to: log)
      let study = folder.appending(path: "study.yaml")
      try Data(Self.study.utf8).write(to: study)
      let out = folder.appending(path: "run").path
      _ = try AnalysisRun(
        input: LogInput(log: log, study: study.path), out: out, threads: 2
      ).run()
      var files: [String: Data] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: out) where name != "charts" {
        files[name] = FileManager.default.contents(atPath: "\(out)/\(name)")
      }
      return files
    }
  }

  /// Runs `body` on a copy of the run.
  private func withRun(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let out = folder.appending(path: "run")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: false)
      for (name, data) in try Self.files.get() {
        try data.write(to: out.appending(path: name))
      }
      try body(out.path)
    }
  }

  /// Costs, and outcomes of each kind of model: logistic, a hazard of what was flagged, and of silence.
  private static let study = """
    study: t
    costs: {per_interaction: 4.2, per_staff_minute: 0.8, per_churned_customer: 90, currency: EUR}
    outcomes:
      - {name: resolved, kind: resolution, when: resolved == true, money: 2}
      - {name: lost, kind: churn, when: resolved == false}
      - {name: silent, kind: churn, silence: true}

    """

  /// Figures that do not open, as patterns, and why. A figure of attribution.json that neither opens nor
  /// is here fails the test: make it open, or say here and in `Figure.reasonNotOpened` why it cannot.
  private static let closed = [
    "*ci95": "an interval comes from all customers' scores together",
    "*ci95.*": "the same",
    "*.rank_interval": "the same",
    "fixes.*.rank": "a place in an order",
    "fixes.*.greedy.step": "a place in an order",
    "fixes.*.examples_with_links.*": "a pair of links.csv, or an interaction's pairs",
    "modes.*.doubly_robust.estimate": "a second opinion from all interactions together",
    "modes.*.e_value": "a ratio of rates turned into a bound",
    "repeats.window_days": "declared",
    "outcomes.*.money.per_event": "declared",
    "outcomes.*.silence.mean_days_between": "a fitted parameter",
    "change.*.decomposition.*.days*": "days of the calendar",
    "change.*.decomposition.mechanisms.*": "mixtures of two weeks, for which no interaction stands",
    "change.*.decomposition.baseline.estimate": "the same",
    "change.*.decomposition.moved.*": "a failure under one week's own rates and effects",
    "latency_dose.*.points.*": "a curve drawn through all interactions at once",
    "latency_dose.*.range": "the latencies that the curve is drawn over",
    "latency_dose.*.p": "a test of the whole curve",
    "staff_comparison.*": "members of staff compared with one another",
    "checks.*": "statistics of the whole log",
    "model.*": "fitted parameters",
    "inference.*": "intervals",
    "provenance.*": "the run",
  ]

  private static func matches(_ path: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard path.hasPrefix(parts[0]), path.hasSuffix(parts[parts.count - 1]) else { return false }
    var rest = path.dropFirst(parts[0].count)
    for part in parts.dropFirst() where !part.isEmpty {
      guard let found = rest.range(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }

  /// Names by which the entries of a report's lists are found.
  private static func name(_ entry: [String: Any]) -> String? {
    if let mode = entry["mode"] as? String {
      return (entry["component"] as? String).map { "\(mode)@\($0)" } ?? mode
    }
    for key in ["topic", "week", "outcome", "response", "team", "rule", "mechanism", "name"] {
      if let name = entry[key] as? String { return name }
    }
    return nil
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
    } else if let number = value as? NSNumber, String(cString: number.objCType) != "c" {
      // A truth value is a number here, too, and no figure.
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
      var closed = Set<String>()
      for (path, number) in found {
        do {
          let answer = try run.explain(figure: path, limit: 2)
          // The untyped reader of JSON here rounds the last digit its own way.
          #expect(abs(answer.value - number) <= 1e-14 * abs(number), "\(path)")
          #expect(abs(answer.sum - number) <= 1e-9 * max(1, abs(number)), "\(path)")
          opened.insert(answer.figure)
        } catch LedgerError.notASum(_, let reason) {
          #expect(!reason.isEmpty)
          let patterns = Self.closed.keys.filter { Self.matches(path, $0) }
          #expect(!patterns.isEmpty, "\(path) does not open, and no reason is listed")
          closed.formUnion(patterns)
        }
      }
      // What is listed as closed is there, and nothing that opens is.
      #expect(closed == Set(Self.closed.keys), "\(Set(Self.closed.keys).subtracting(closed))")
      // Nothing of what is listed as opening was missed by its path in the document.
      let told = run.figures.filter { $0.value != nil }.map(\.figure)
      #expect(Set(told) == opened)
      #expect(opened.count > 500)
      #expect(opened.contains("modes.integration_timeout@payments.if_removed"))
      #expect(opened.contains { $0.hasPrefix("fixes.") && $0.hasSuffix(".cost_avoided") })
      #expect(opened.contains { $0.hasPrefix("change.") && $0.hasSuffix(".difference") })
      for kind in [
        "outcomes.resolved.split.system_direct", "outcomes.lost.modes.action_failed.if_removed",
        "outcomes.lost.money.system", "outcomes.silent.silence.median_days_silent",
        "staff_view.looks_like_staff.count", "staff_view.parts.staff_own.share",
        "identity.rules.ids as they stand.later_contacts",
        "latency_dose.resolved.topics.refund.interactions",
      ] { #expect(opened.contains(kind), "\(kind)") }
      for part in [
        ".decomposition.difference", ".from.repeats_per_100", ".to.caused_per_100",
        ".to.coincidental_per_100", ".from.exposure", ".churn_cost_avoided",
      ] { #expect(opened.contains { $0.hasSuffix(part) }, "\(part)") }
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

  @Test("Staff's raw view opens into the pairs that the rule counts, and names nobody")
  func staffView() throws {
    try withRun { out in
      let run = try LoadedRun(directory: out)
      let count = try run.explain(figure: "staff_view.looks_like_staff.count", limit: 100_000)
      #expect(count.pairsAre == "counted" && count.pairs == count.interactions)
      #expect(Double(count.pairs) == count.value && count.value > 0)
      for item in count.listed {
        #expect(item.pairs.count == 1 && item.pairs[0].hours > 0 && item.contribution == 1)
        #expect(
          item.failures.contains {
            $0.known && $0.mode == "wrong_information" || $0.mode == "procedure_missed"
          })
      }
      // The six origins add up to the raw count.
      let parts = [
        "own_accord", "other_contact", "baseline", "system_direct", "system_through_staff",
        "staff_own",
      ].map { try? run.explain(figure: "staff_view.parts.\($0)", limit: 0).sum }
      #expect(abs(parts.reduce(0) { $0 + ($1 ?? .nan) } - count.value) < 1e-9)
      let members = Set(
        try String(contentsOfFile: "\(out)/contacts.csv", encoding: .utf8).split(separator: "\n")
          .dropFirst().map {
            String($0.split(separator: ",", omittingEmptySubsequences: false)[6])
          }
      ).subtracting([""])
      for name in [
        "staff_view", "change", "latency_dose", "outcomes", "outcome_cells", "outcome_modes",
      ] {
        let file = try String(contentsOfFile: "\(out)/\(name).csv", encoding: .utf8)
        let fields = Set(file.split { ",;\n".contains($0) }.map(String.init))
        #expect(fields.isDisjoint(with: members), "\(name)")
        try FileManager.default.removeItem(atPath: "\(out)/\(name).csv")
      }
      // A run of an earlier version opens what it has, and says which file it lacks.
      let earlier = try LoadedRun(directory: out)
      #expect(throws: Never.self) { try earlier.explain(figure: "split.baseline") }
      let error = try #require(throws: ReportError.self) {
        try earlier.explain(figure: "staff_view.parts.staff_own")
      }
      #expect(error == .runFileMissing(path: "\(out)/staff_view.csv") && error.exitCode == 66)
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
      let shown = try Program.run(
        "explain", "--figure", "\(Int(answer.value.rounded()))", "--in", out)
      #expect(shown.status == 65 && shown.errors.contains("'\(figure)'"), "\(shown.errors)")
      let several = try Program.run(
        "explain", "--figure", figure, "--figure", "split.baseline", "--in", out, "--json")
      let answers = try JSONDecoder().decode([FigureAnswer].self, from: Data(several.output.utf8))
      #expect(answers.map(\.figure) == [figure, "split.baseline"])
      let some = try Program.run("explain", "--figure", "topics.refund.*", "--in", out)
      #expect(some.output.split(separator: "\n").count == 5)
      let list = try Program.run("explain", "--figure", "list", "--in", out)
      #expect(list.status == 0 && list.output.contains("\nsplit.system_direct  "))

      for (arguments, status, says) in [
        (["--figure", "split.sistem_direct"], Int32(65), "'split.system_direct'"),
        (["--figure", "split.baseline.ci95"], 65, "is no sum over interactions"),
        (["--figure", "split"], 65, "'split.system_direct'"),
        (["--figure", "refund caused by staff errors"], 65, "'topics.refund.staff_own'"),
        (["--figure", "1.234567"], 65, "'--figure list'"),
        (["--figure", "topics.refnd*"], 65, "Did you mean"),
        (["--figure", "list", "--figure", figure], 2, "Usage"),
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
