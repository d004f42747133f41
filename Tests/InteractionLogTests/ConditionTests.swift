import InteractionLog
import Testing

struct ConditionTests {
  static let states: [Int8] = [0, 1, -1]

  /// Kleene's tables, over all nine pairs.
  @Test func threeValuedLogic() throws {
    var (a, b): ([Int8], [Int8]) = ([], [])
    for x in Self.states {
      for y in Self.states {
        a.append(x)
        b.append(y)
      }
    }
    let columns: [(String, Column)] = [
      ("a", .flag(FlagColumn(storage: a))), ("b", .flag(FlagColumn(storage: b))),
    ]
    //                                        00 01 0u  10 11 1u  u0 u1 uu
    #expect(try evaluate("a and b", columns) == [0, 0, 0, 0, 1, -1, 0, -1, -1])
    #expect(try evaluate("a or b", columns) == [0, 1, -1, 1, 1, 1, -1, 1, -1])
    #expect(try evaluate("not a", columns) == [1, 1, 1, 0, 0, 0, -1, -1, -1])
    #expect(try evaluate("a == b", columns) == [1, 0, -1, 0, 1, -1, -1, -1, -1])
    #expect(try evaluate("a is missing", columns) == [0, 0, 0, 0, 0, 0, 1, 1, 1])
    #expect(
      try evaluate("a is not missing and b is missing", columns) == [0, 0, 1, 0, 0, 1, 0, 0, 0])
  }

  private let numbers: [(String, Column)] = [
    ("x", .number(NumberColumn(storage: [1, 2, .nan, 4]))),
    ("y", .number(NumberColumn(storage: [0, 2, 3, .nan]))),
    ("s", .text(TextColumn(rows: ["b", "a", nil, "é"]))),
    ("t", .text(TextColumn(rows: ["b", "c", "x", nil]))),
    ("when", .time(TimeColumn(milliseconds: [0, 86_400_000, TimeColumn.missing, 5]))),
  ]

  @Test(
    arguments: [
      ("x > 1", [0, 1, -1, 1]), ("1 < x", [0, 1, -1, 1]), ("x >= 2 and x <= 3", [0, 1, -1, 0]),
      ("x == y", [0, 1, -1, -1]), ("x != 1", [0, 1, -1, 1]), ("x / y > 0", [-1, 1, -1, -1]),
      ("x + 2 * y == 6", [0, 1, -1, -1]), ("(x + 2) * 2 == 8", [0, 1, -1, 0]),
      ("-x < -1", [0, 1, -1, 1]), ("x - 1 - 1 == 0", [0, 1, -1, 0]),
      ("x in [1, 4]", [1, 0, -1, 1]), ("x not in [1, -4]", [0, 1, -1, 1]),
      ("s == \"a\"", [0, 1, -1, 0]), ("s != 'a'", [1, 0, -1, 1]),
      ("s in [\"a\", \"é\"]", [0, 1, -1, 1]),
      ("s == t", [1, 0, -1, -1]), ("s != t", [0, 1, -1, -1]), ("s < t", [0, 1, -1, -1]),
      ("s >= \"b\"", [1, 0, -1, 1]), ("s is missing", [0, 0, 1, 0]),
      ("x is missing or x > 3", [0, 0, 1, 1]), ("not (x > 1)", [1, 0, -1, 0]),
      ("not x > 1", [1, 0, -1, 0]), ("true", [1, 1, 1, 1]), ("x > 0 and false", [0, 0, 0, 0]),
      ("when > \"1970-01-01T12:00:00Z\"", [0, 1, -1, 0]),
      ("when - started_at > 80000", [0, 1, -1, 0]),
      ("round(x / 3, 2) == 0.33", [1, 0, -1, 0]), ("topic == \"t\"", [1, 1, 1, 1]),
      ("x > 1 or x < 1 and x > 5", [0, 1, -1, 1]), ("`x` > 1", [0, 1, -1, 1]),
      ("1e-1 + 0.9 == x", [1, 0, -1, 0]),
    ] as [(String, [Int8])])
  func evaluation(condition: String, expected: [Int8]) throws {
    #expect(try evaluate(condition, numbers) == expected)
  }

  @Test(arguments: [
    ("x >", 3, "expected a column, a value or \"(\", found the end."),
    ("x > 1 1", 6, "expected an operator or the end, found 1."),
    ("x = 1", 2, "expected \"==\" (one \"=\" does not compare), found \"=\"."),
    ("(x > 1", 6, "expected \")\", found the end."),
    ("s == \"a", 5, "expected a closing \", found the end."),
    ("s in \"a\"", 5, "expected \"[\", found \"a\"."),
    ("s is gone", 5, "expected \"missing\" or \"not missing\", found \"gone\"."),
    ("1 < x < 3", 6, "expected \"and\" between two comparisons, found \"<\"."),
    ("x > 2nd", 4, "expected a number (a column of this name needs backticks), found \"2nd\"."),
    (
      "frist(x) > 1", 0,
      "expected one of the functions first, last, any, changed, max, min, count, round "
        + "(nearest: first), found \"frist(\"."
    ),
    ("colour == 1", 0, "there is no column \"colour\"."),
    ("whn is missing", 0, "there is no column \"whn\"; nearest: \"when\"."),
    (
      "channel == \"chat\"", 0,
      "the log does not have the column \"channel\"; map it in the study's columns, or leave this out."
    ),
    ("x == \"1\"", 2, "this compares a number (x) with text (\"1\")."),
    ("s > 1", 2, "this compares text (s) with a number (1)."),
    ("s + 1 > 2", 0, "s is text; expected a number."),
    ("x", 0, "this is a number (x); expected true or false."),
    ("x and s", 0, "x is a number; expected true or false."),
    ("s in [1, \"a\"]", 2, "this list mixes numbers and texts."),
    ("s in [1]", 0, "s is text; expected a number."),
    (
      "max(x) > 1", 0,
      "max(x) reduces events, but this log has one row per interaction; set source.layout: events, "
        + "or name the column without a function."
    ),
    (
      "when > \"soon\"", 7,
      "\"soon\" is compared with a time; expected an ISO 8601 time with its zone, like "
        + "2026-01-05T09:30:00Z."
    ),
  ])
  func faults(condition: String, position: Int, expected: String) throws {
    let marked = "test: \(expected)\n  \(condition)\n  \(String(repeating: " ", count: position))^"
    #expect(message { _ = try evaluate(condition, numbers) } == marked)
  }

  @Test func deepNestingIsRefusedNotCrashed() {
    let deep = String(repeating: "(", count: 100_000) + "x"
    #expect(message { _ = try evaluate(deep, numbers) }.contains("less deeply nested"))
    let negated = String(repeating: "not ", count: 100_000) + "true"
    #expect(message { _ = try evaluate(negated, numbers) }.contains("less deeply nested"))
  }

  @Test func spellingIsCanonical() throws {
    let first = try Expression.parse("any( (a==\"x\")and b>1.0 )", place: "")
    #expect(first.description == "any((a == \"x\") and (b > 1))")
    let again = try Expression.parse(first.description, place: "")
    #expect(again.description == first.description)
    #expect(
      try Expression.parse("`Opened At` is missing", place: "").description
        == "`Opened At` is missing")
  }
}

struct NumberTextTests {
  private func parse(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { NumberText.parse($0) }
  }

  @Test(arguments: [
    "0", "1", "-1", "+3", "0.1", ".5", "5.", "1e3", "1E-3", "123456789012345",
    "0.30000000000000004",
    "1.7976931348623157e308", "4.9e-324", "9007199254740993", "123456789012345678901234567890",
    "0.000000000000000000000000001", "-0.0", "2.2250738585072014e-308", "1e22", "1e23",
  ])
  func asTheStandardLibrary(_ text: String) {
    let padded = text.hasPrefix(".") ? "0" + text : text.hasSuffix(".") ? text + "0" : text
    #expect(parse(text) == Double(padded))
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "0x10", "inf", "nan", "1,5", "1 000", "1_0", "1e999", "--1",
    "1.2.3",
  ])
  func noNumbers(_ text: String) { #expect(parse(text) == nil) }
}
