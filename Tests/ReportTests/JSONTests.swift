import Attribution
import Report
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

private func text(_ value: JSONValue) -> String {
  String(decoding: JSONPrinter.document(value), as: UTF8.self)
}

@Suite struct JSONTests {
  private struct Nested: Encodable {
    var zeta: Double?
    var alpha: [Int?]
    var name: String
    var byName: [String: Double]
  }

  @Test func sortsKeysAndWritesNull() throws {
    let tree = try JSONTreeEncoder.tree(
      Nested(zeta: nil, alpha: [1, nil], name: "a\"b\\c\n\u{1}é", byName: ["y": 0.1, "x": 2]))
    #expect(
      text(tree)
        == #"{"alpha": [1, null], "byName": {"x": 2, "y": 0.1}, "name": "a\"b\\c\n\u0001é", "zeta": null}"#
        + "\n")
  }

  @Test func namesTheKeyOfANumberThatIsNone() {
    var report = Fixture.report()
    report.modes[3].caused.ci95 = [1, .nan]
    #expect(throws: ReportError.notFinite(path: "modes[3].caused.ci95[1]", value: "nan")) {
      try JSONTreeEncoder.tree(report)
    }
    report = Fixture.report()
    report.checks[3].details?["constant"] = -.infinity
    #expect(
      throws: ReportError.notFinite(path: "checks[3].details.constant", value: "-inf")
    ) {
      try JSONTreeEncoder.tree(report)
    }
  }

  @Test func holdsEveryKeyOfTheContract() throws {
    let tree = try JSONTreeEncoder.tree(Fixture.report())
    guard case .array(let modes)? = tree["modes"], case .array(let weeks)? = tree["weekly"] else {
      Issue.record("modes and weekly are arrays")
      return
    }
    #expect(tree["schema_version"] == "1")
    #expect(modes[1]["component"] == .null)
    #expect(modes[1]["note"] == .null)
    #expect(modes[1]["caused"]?["note"] == .null)
    #expect(weeks[5]["csat"] == .null)
    #expect(tree["metrics"]?["csat"]?["by_handler_by_week"]?["ai"] != nil)
    #expect(tree["interactions"] == 20_412)
  }

  @Test func breaksOnlyWhatDoesNotFitOnALine() {
    let value: JSONValue = [
      "short": [1, 2.5],
      "long": .array((0..<40).map { .integer(1_000 + $0) }),
      "objects": [["a": 1], ["a": 2]],
    ]
    let lines = text(value).split(separator: "\n")
    #expect(lines.first == "{")
    #expect(lines.contains("  \"short\": [1, 2.5],"))
    #expect(lines.contains("    1000,"))
    #expect(lines.last == "}")
    #expect(lines.contains("  \"objects\": [{\"a\": 1}, {\"a\": 2}]"))
  }

  @Test func isTheSameEveryTimeAndReadsBack() throws {
    let first = JSONPrinter.document(try JSONTreeEncoder.tree(Fixture.report()))
    let back = try JSONDecoder().decode(AttributionReport.self, from: Data(first))
    #expect(JSONPrinter.document(try JSONTreeEncoder.tree(back)) == first)
  }

  @Test func staysInsideItsScriptElement() {
    let line = JSONPrinter.insideHTML(["a": "</script><!--&"])
    #expect(line == #"{"a": "\u003c/script\u003e\u003c!--\u0026"}"#)
  }

  @Test func writesWholeNumbersOfAnyKind() throws {
    struct Numbers: Encodable {
      var seed: UInt64 = .max
      var small: Int32 = -7
      var float: Float = 0.5
    }
    #expect(
      text(try JSONTreeEncoder.tree(Numbers()))
        == "{\"float\": 0.5, \"seed\": 18446744073709551615, \"small\": -7}\n")
  }
}
