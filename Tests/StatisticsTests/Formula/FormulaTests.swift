import Statistics
import Testing

@Suite struct FormulaTests {
  private func labels(_ text: String) throws -> [String] {
    let formula = try ModelFormula(text)
    return formula.fixed.terms.map { formula.fixed.label($0) }
  }

  @Test(arguments: [
    ("y ~ a*b", ["a", "b", "a:b"]), ("y ~ a:b + b", ["b", "a:b"]),
    ("y ~ (a + b + c)^2", ["a", "b", "c", "a:b", "a:c", "b:c"]),
    ("y ~ a/b", ["a", "a:b"]), ("y ~ (a + b)/c", ["a", "b", "a:b:c"]),
    ("y ~ a*b - a", ["b", "a:b"]), ("y ~ a + a", ["a"]), ("y ~ b + b:a", ["b", "b:a"]),
    ("y ~ a*b*c - a:b:c", ["a", "b", "c", "a:b", "a:c", "b:c"]),
    ("y ~ I( x ^2 ) + log(x+1)+poly( x,2 )", ["I(x^2)", "log(x + 1)", "poly(x, 2)"]),
    ("y ~ `my col` + x", ["`my col`", "x"]), ("y ~ 1", []), ("y ~ a - 1", ["a"]),
  ])
  func termsExpandAsInR(formula: String, expected: [String]) throws {
    #expect(try labels(formula) == expected)
  }

  @Test func interceptsFollowTheLastWord() throws {
    for (text, has) in [
      ("y ~ x", true), ("y ~ 0 + x", false), ("y ~ x - 1", false), ("y ~ -1 + x", false),
      ("y ~ x - 1 + 1", true), ("y ~ 0 + x - 0", true),
    ] {
      #expect(try ModelFormula(text).fixed.hasIntercept == has, "\(text)")
    }
  }

  @Test func randomTermsAreParsedApart() throws {
    let formula = try ModelFormula("y ~ x + (1 + x | g/h) + (0 + z || s:t) + offset(log(e))")
    #expect(formula.random.map(\.groupLabel) == ["g", "g:h", "s:t"])
    #expect(formula.random.map(\.isCorrelated) == [true, true, false])
    #expect(formula.random[0].effects.hasIntercept && !formula.random[2].effects.hasIntercept)
    #expect(formula.random[0].effects.terms.count == 1)
    #expect(formula.offsets.map(\.text) == ["log(e)"])
    #expect(formula.fixed.variables.map(\.text) == ["x"])
  }

  @Test(arguments: [
    ("y ~ a +", 7, "a column, a number or \"(\", found the end"),
    ("y ~ (a + b", 10, "an operator or \")\", found the end"),
    ("y x", 2, "\"~\" between the response and the terms, found \"x\""),
    ("~ x", 0, "the response before it, found \"~\""),
    ("y ~ a & b", 6, "a column, a number or an operator, found \"&\""),
    ("y ~ 2*x", 4, "the number 2 cannot stand here; expected a column"),
    ("y ~ x + 3", 8, "expected 0 or 1"), ("y ~ x^2.5", 6, "a whole number from 1"),
    ("y ~ ln(x)", 4, "there is no function \"ln\""),
    ("y ~ x | g", 6, "parentheses around a random term"),
    ("y ~ `a", 4, "a closing `"), ("y ~ 3x", 4, "a number (a column whose name begins"),
    ("cbind(a, b, c) ~ x", 0, "cbind(successes, failures)"),
  ])
  func faultsMarkTheirPlace(formula: String, position: Int, message: String) {
    let fault = #expect(throws: FormulaFault.self) { try ModelFormula(formula) }
    #expect(fault?.position == position)
    #expect(fault?.description.contains(message) == true, "\(fault?.description ?? "")")
    let marker = String(repeating: " ", count: position + 2) + "^"
    #expect(fault?.description.hasSuffix("\n  \(formula)\n\(marker)") == true)
  }
}
