import Testing
import Wherefore

@Suite("How cells are judged")
struct VerdictTests {
  /// Worlds with one quantity whose error is ±`error` in turn, `bias` added, of which `covered` hold
  /// the truth.
  private func worlds(
    _ count: Int, covered: Int, truth: Double = 50, bias: Double = 0, error: Double = 10,
    standardError: Double = 10, warned: Int = 0, name: String = "system"
  ) -> [WorldFigures] {
    (0..<count).map { k in
      WorldFigures(
        regime: .logLinear, seed: UInt64(k), interactions: 1_000, caused: 200,
        figures: [
          .init(
            name: name, truth: truth, estimate: truth + bias + (k % 2 == 0 ? error : -error),
            standardError: standardError, covered: k < covered)
        ], naiveSystem: truth / 2, checks: ["late": k < warned, "fine": false], seconds: 1)
    }
  }

  private func judged(_ worlds: [WorldFigures]...) -> (
    [Validation.RegimeResult], Validation.Verdict
  ) {
    var results = worlds.map { Validation.RegimeResult(.logLinear, worlds: $0) }
    let verdict = Validation.Verdict(judging: &results)
    return (results, verdict)
  }

  @Test("Figures by hand")
  func figures() {
    let (results, verdict) = judged(worlds(1_000, covered: 950, bias: 0.5))
    let row = results[0].rows[0]
    #expect(row.bias == 0.5 && row.relativeBias == 0.01)
    #expect(abs(row.biasPoints - 0.25) < 1e-12)
    // Points are ±5, sd 5.0025 over 1,000 worlds.
    #expect(abs(row.biasPointsError - 5 / 999.0.squareRoot()) < 1e-12)
    #expect(abs(row.rootMeanSquareError - 100.25.squareRoot()) < 1e-12)
    #expect(row.meanStandardError == 10 && row.coverage == 0.95)
    #expect(row.outcome == .pass && row.placeboP == nil)
    #expect(results[0].customaryRelativeBias == -0.5)
    #expect(verdict.passes && verdict.passed == 1 && verdict.meanCoverage == 0.95)
  }

  @Test("Coverage: fails where chance cannot explain it, is undecided where it can")
  func coverage() {
    func outcome(_ covered: Int, of count: Int) -> Validation.Outcome? {
      judged(worlds(count, covered: covered)).0[0].rows[0].outcomes["coverage"]
    }
    #expect(outcome(925, of: 1_000) == .pass && outcome(975, of: 1_000) == .pass)
    #expect(outcome(920, of: 1_000) == .undecided && outcome(980, of: 1_000) == .undecided)
    #expect(outcome(900, of: 1_000) == .fail && outcome(995, of: 1_000) == .fail)
    #expect(outcome(18, of: 20) == .undecided && outcome(12, of: 20) == .fail)
    #expect(judged(worlds(20, covered: 12)).1.passes == false)
  }

  @Test("Bias in points of the caused repeats, and errors beside the reported ones")
  func biasAndError() {
    func outcomes(_ worlds: [WorldFigures]) -> [String: Validation.Outcome] {
      judged(worlds).0[0].rows[0].outcomes
    }
    // 0.3 points are 0.6 repeats; two Monte Carlo errors another 0.63.
    #expect(outcomes(worlds(1_000, covered: 950, bias: 1.2))["bias"] == .pass)
    #expect(outcomes(worlds(1_000, covered: 950, bias: -1.3))["bias"] == .fail)
    // A share is in points already.
    let share = worlds(1_000, covered: 950, bias: 0.8, error: 1, name: "share:baseline")
    #expect(outcomes(share)["bias"] == .fail)
    #expect(outcomes(worlds(1_000, covered: 950, standardError: 8.4))["error"] == .pass)
    #expect(outcomes(worlds(1_000, covered: 950, standardError: 8))["error"] == .undecided)
    #expect(outcomes(worlds(1_000, covered: 950, standardError: 7))["error"] == .fail)
  }

  @Test("Placebos: two-sided binomial, 1 % for all together")
  func placebo() {
    // P(X ≤ 18 of 20) = 1 − 0.95²⁰ − 20 · 0.05 · 0.95¹⁹
    #expect(abs(Validation.Row.binomialP(18, of: 20) - 2 * 0.26416047504480) < 1e-9)
    #expect(Validation.Row.binomialP(19, of: 20) == 1)
    #expect(abs(Validation.Row.binomialP(20, of: 20) - 2 * 0.35848592240854) < 1e-9)
    let alone = judged(worlds(1_000, covered: 969, truth: 0)).0[0].rows[0]
    #expect(alone.placeboP.map { $0 < 0.01 } == true && alone.outcomes["placebo"] == .fail)
    // Among many the same coverage is within chance.
    let regimes =
      (0..<30).map { _ in worlds(1_000, covered: 950, truth: 0) }
      + [worlds(1_000, covered: 969, truth: 0)]
    var results = regimes.map { Validation.RegimeResult(.logLinear, worlds: $0) }
    _ = Validation.Verdict(judging: &results)
    #expect(results.allSatisfy { $0.rows[0].outcomes["placebo"] == .pass })
    #expect(judged(worlds(20, covered: 19)).0[0].rows[0].outcomes["placebo"] == nil)
  }

  @Test("A cell that fails where the report warns counts as warned of; lost worlds do not pass")
  func warned() {
    let (results, verdict) = judged(worlds(100, covered: 60, warned: 95), worlds(100, covered: 95))
    #expect(results[0].warningShares.first?.check == "late")
    #expect(results[0].isWarned && !results[1].isWarned)
    #expect(verdict.failed == 1 && verdict.warned == 1 && verdict.passed == 1)
    // The mean that counts is that of the regime without a warning.
    #expect(verdict.meanCoverage.map { abs($0 - 0.775) < 1e-12 } == true)
    #expect(verdict.meanCoverageUnwarned == 0.95 && verdict.meanCoverageOutcome == .pass)
    #expect(judged(worlds(100, covered: 60, warned: 95)).1.meanCoverageUnwarned == nil)
    #expect(judged(worlds(100, covered: 60, warned: 50)).1.warned == 0)
    var lost = worlds(1_000, covered: 950)
    lost[3] = WorldFigures(regime: .logLinear, seed: 3, failure: "no contacts")
    let (regimes, afterLoss) = judged(lost)
    #expect(regimes[0].failures == ["no contacts": 1] && regimes[0].worlds == 999)
    #expect(!afterLoss.passes && afterLoss.failedWorlds == 1)
  }
}
