import Foundation
import Testing

@Suite struct FitCommandTests {
  private static let csv = """
    y,yes,count,x,group,wins,losses,w,flat,bad
    1.2,0,3,0.5,a,3,4,1,1,1
    2.1,1,0,1.5,b,0,6,2,1,2
    0.7,0,5,-0.3,a,5,5,1,1,3
    3.3,1,1,2.2,c,1,2,1,1,x
    1.9,0,2,1.1,b,2,2,3,1,5
    2.8,1,4,NA,c,4,1,1,1,6
    0.4,1,7,-1.0,a,7,3,2,1,7
    2.2,0,2,0.9,c,2,2,1,1,8
    1.1,0,1,0.2,b,1,3,1,1,9

    """

  private func fit(_ arguments: String..., csv: String = csv) throws -> Program.Outcome {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "data.csv")
      try Data(csv.utf8).write(to: file)
      return try Program.run(["fit", arguments[0], file.path] + arguments.dropFirst())
    }
  }

  private func object(_ outcome: Program.Outcome) throws -> [String: Any] {
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(value as? [String: Any])
  }

  /// A balanced one-way layout, of which the restricted estimates are the mean squares' (Searle,
  /// Casella & McCulloch 1992, section 3.6): σ² = MSE and σ_g² = (MSA − MSE) / n.
  @Test func randomTermsAreFitted() throws {
    var csv = "y,g,h,won,lost\n"
    let levels = [[4.0, 6], [9, 12], [1, 2], [7, 7]]
    for (level, values) in levels.enumerated() {
      for (place, value) in values.enumerated() {
        csv += "\(value),g\(level),h\(place),\(level + 1),\(3 + place)\n"
      }
    }
    let means = levels.map { ($0[0] + $0[1]) / 2 }
    let mean = means.reduce(0, +) / 4
    let between = 2 * means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
    let within = levels.reduce(0) { $0 + ($1[0] - $1[1]) * ($1[0] - $1[1]) / 2 } / 4
    let result = try object(fit("y ~ 1 + (1 | g)", "--json", csv: csv))
    let effects = try #require(result["random_effects"] as? [[String: Any]])
    #expect(effects.count == 1 && effects[0]["group"] as? String == "g")
    #expect(effects[0]["term"] as? String == "(Intercept)" && effects[0]["levels"] as? Int == 4)
    let deviation = try #require(effects[0]["sd"] as? Double)
    #expect(abs(deviation - ((between - within) / 2).squareRoot()) < 1e-6)
    #expect(abs(try #require(result["residual_sd"] as? Double) - within.squareRoot()) < 1e-6)
    #expect(result["method"] as? String == "reml" && result["n"] as? Int == 8)
    // As many effects as rows.
    let nested = try fit("y ~ 1 + (1 | g/h)", csv: csv)
    #expect(nested.status == 65 && nested.errors.contains("h"), "\(nested.errors)")
    let counts = try object(
      fit("cbind(won, lost) ~ 1 + (1 | g)", "--family", "binomial", "--json", csv: csv))
    #expect(counts["method"] as? String == "laplace" && counts["family"] as? String == "binomial")
  }

  @Test func jsonHasTheKeysOfTheContract() throws {
    let result = try object(fit("y ~ x + group", "--json"))
    let keys: Set = [
      "formula", "family", "n", "coefficients", "random_effects", "residual_sd", "log_likelihood",
      "deviance", "aic", "dropped_terms", "iterations", "converged",
    ]
    #expect(keys.isSubset(of: result.keys))
    #expect(result["n"] as? Int == 8 && result["rows_dropped"] as? Int == 1)
    let rows = try #require(result["coefficients"] as? [[String: Any]])
    #expect(rows.map { $0["term"] as? String } == ["(Intercept)", "x", "groupb", "groupc"])
    #expect(Set(rows[0].keys) == ["term", "estimate", "se", "statistic", "p", "ci95"])
  }

  @Test func everyOptionIsTaken() throws {
    let counts = try object(
      fit("cbind(wins, losses) ~ x", "--family", "binomial", "--robust", "HC3", "--json"))
    #expect(counts["errors"] as? String == "HC3")
    let clustered = try object(
      fit("count ~ x", "--family", "poisson", "--weights", "w", "--cluster", "group", "--json"))
    #expect(clustered["errors"] as? String == "cluster(group)")
    #expect(clustered["clusters"] as? [Int] == [3])
    let firth = try object(
      fit("yes ~ x", "--family", "binomial", "--penalty", "firth", "--json"))
    #expect(firth["penalty"] as? String == "firth")
    let dropped = try object(fit("y ~ x + I(2 * x)", "--json"))
    #expect(dropped["dropped_terms"] as? [String] == ["I(2 * x)"])
    let table = try fit("y ~ x", "--threads", "1")
    #expect(table.status == 0 && table.output.contains("(Intercept)"))
  }

  @Test(arguments: [
    (["y ~ x +"], "expected a column, a number or \"(\""),
    (["y ~ x*(1 | group)"], "expected it to be added to the fixed terms"),
    (["y ~ x^30"], "a whole number from 1 to 20"),
    (["y ~ x + (1 | group)", "--family", "gamma"], "Random terms go with the families"),
    (["y ~ x + (1 | group)", "--cluster", "group"], "are for models without random terms"),
    (
      ["y ~ x + (1 | group)", "--method", "laplace"], "--method with the family gaussian is one of"
    ),
    (["y ~ x", "--family", "normal"], "--family is one of gaussian"),
    (["y ~ x", "--link", "logit"], "--link with the family gaussian is one of"),
    (["y ~ x", "--penalty", "lasso"], "--penalty is firth or ridge"),
    (["y ~ x", "--cluster", "a,b,c"], "--cluster takes one column or two"),
    (["y ~ x", "--cluster", "group", "--robust", "HC1"], "exclude each other"),
    (["y ~ x", "--method", "reml"], "--method is for models with random terms"),
  ])
  func wrongUsageIs2(arguments: [String], message: String) throws {
    let outcome = try withTemporaryFolder { folder in
      try Program.run(["fit", arguments[0], folder.path] + arguments.dropFirst())
    }
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [
    (["y ~ grup"], "there is no column \"grup\"; nearest: \"group\""),
    (["y ~ x", "--weights", "ww"], "Nearest: \"w\""),
    (["y ~ flat + group", "--cluster", "flat"], "flat has 1 cluster"),
    (["count + 0 ~ ."], "name the columns"),
    (["cbind(wins, losses) ~ x"], "only binomial and quasibinomial take counts"),
    (
      ["count ~ x + (1 | group)", "--family", "binomial"],
      "line 2: The response of row 1 is 3.0, expected a number from 0 to 1"
    ),
    (["bad ~ x"], "bad is text because of line 5: \"x\" is no number"),
    (["y ~ I(x + bad)"], "\"bad\" is a column of text"),
    (["flat ~ x"], "The response is 1.0 in all 8 rows"),
    (["y ~ factor(flat)"], "expected at least two levels"),
    (["y ~ log(x)"], "log(x) is not a number in row 3"),
    (["y ~ factor(x) + count"], "expected at least as many rows"),
    (["y ~ x", "--family", "binomial"], "line 2: The response of row 1 is 1.2"),
    (["yes ~ I(yes + 0.5)", "--family", "binomial"], "separates the data"),
  ])
  func badInputIs65(arguments: [String], message: String) throws {
    let outcome = try withTemporaryFolder { folder in
      let file = folder.appending(path: "data.csv")
      try Data(Self.csv.utf8).write(to: file)
      return try Program.run(["fit", arguments[0], file.path] + arguments.dropFirst())
    }
    #expect(outcome.status == 65 && outcome.output.isEmpty, "\(outcome.status)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  /// Nineteen digits are more than a number holds: as numbers these ids would be one cluster.
  @Test func longIdsStayApart() throws {
    var csv = "y,x,id\n"
    for row in 0..<24 {
      csv += "\(row * 7 % 11),\(row % 5),\(1_234_567_890_123_456_000 + row / 3)\n"
    }
    let result = try object(fit("y ~ x", "--cluster", "id", "--json", csv: csv))
    #expect(result["clusters"] as? [Int] == [8])
    #expect(try fit("y ~ id", csv: csv).output.contains("id1234567890123456001"))
    let text = try fit("y ~ I(id + 1)", csv: csv)
    #expect(text.errors.contains("has more digits than a number holds"), "\(text.errors)")
  }

  /// Shares with trials as weights are the same model as counts.
  @Test func sharesWithTrialsAreCounts() throws {
    var csv = "won,lost,trials,share,x,g\n"
    for row in 0..<30 {
      let (won, lost) = (row * 5 % 7, 1 + row * 3 % 5)
      csv +=
        "\(won),\(lost),\(won + lost),\(Double(won) / Double(won + lost)),\(row % 4),g\(row % 6)\n"
    }
    let counts = try object(
      fit("cbind(won, lost) ~ x + (1 | g)", "--family", "binomial", "--json", csv: csv))
    let shares = try object(
      fit(
        "share ~ x + (1 | g)", "--family", "binomial", "--weights", "trials", "--json", csv: csv))
    for key in ["log_likelihood", "deviance", "aic"] {
      let (one, other) = (
        try #require(counts[key] as? Double), try #require(shares[key] as? Double)
      )
      #expect(abs(one / other - 1) < 1e-12, "\(key): \(one), \(other)")
    }
  }

  /// Rows without weight are left out of a model with random terms as of any other.
  @Test func rowsWithoutWeightAreLeftOutOfMixedModels() throws {
    let weighted = try object(
      fit("count ~ x + (1 | group)", "--family", "poisson", "--weights", "flat", "--json"))
    var lines = Self.csv.split(separator: "\n").map(String.init)
    lines.append("9.9,0,50,0.1,a,1,1,1,0,1")
    let more = try object(
      fit(
        "count ~ x + (1 | group)", "--family", "poisson", "--weights", "flat", "--json",
        csv: lines.joined(separator: "\n") + "\n"))
    #expect(weighted["log_likelihood"] as? Double == more["log_likelihood"] as? Double)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func anAnswerThatIsLostIsAnError() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "data.csv")
      try Data(Self.csv.utf8).write(to: file)
      for arguments in [["y ~ x", file.path], ["y ~ x", file.path, "--json"]] {
        let outcome = try Program.run(["fit"] + arguments, output: "/dev/full")
        #expect(outcome.status == 75)
        #expect(outcome.errors.contains("cannot write to standard output"), "\(outcome.errors)")
      }
    }
  }

  /// Formulas that a machine wrote are refused before they are too much for the stack, and are not
  /// printed whole.
  @Test func endlessFormulasAreRefused() throws {
    let nested = try fit(String(repeating: "(", count: 5_000) + "y ~ x")
    #expect(nested.status == 2 && nested.errors.contains("inside each other"))
    #expect(nested.errors.utf8.count < 1_500)
    let long = try fit("y ~ " + String(repeating: "x + ", count: 20_000) + "x")
    #expect(long.status == 2 && long.errors.contains("expected at most 20000"))
    #expect(long.errors.utf8.count < 1_500)
  }

  @Test func badFilesAreNamed() throws {
    #expect(try Program.run("fit", "y ~ x", "no-such-file.csv").status == 66)
    let ragged = try fit("y ~ x", csv: "y,x\n1,2\n3\n")
    #expect(ragged.status == 65 && ragged.errors.contains("line 3"))
    let infinite = try fit("y ~ x", csv: "y,x\n1,2\n3,Inf\n2,2\n4,1\n")
    #expect(infinite.status == 65)
    #expect(infinite.errors.contains("line 3: x is infinity in row 2"), "\(infinite.errors)")
    let weights = try fit("y ~ x", "--weights", "w", csv: "y,x,w\n1,2,0\n3,1,0\n2,2,0\n4,1,0\n")
    #expect(weights.status == 65 && weights.errors.contains("All weights are zero"))
  }
}
