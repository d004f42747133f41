import Attribution
import Testing

@Suite("Verdicts of refuters")
struct RefuterVerdictTests {
  @Test("Holm's adjusted p values, by hand")
  func holm() {
    // Sorted 0.01, 0.02, 0.03, 0.5 times 4, 3, 2, 1, made monotone: 0.04, 0.06, 0.06, 0.5.
    let adjusted = RefuterVerdicts.holm([0.03, nil, 0.01, 0.5, 0.02])
    let expected: [Double?] = [0.06, nil, 0.04, 0.5, 0.06]
    for (a, b) in zip(adjusted, expected) {
      #expect((a == nil) == (b == nil))
      if let a, let b { #expect(abs(a - b) < 1e-15) }
    }
    #expect(RefuterVerdicts.holm([]).isEmpty)
    #expect(RefuterVerdicts.holm([0.9, 0.8]) == [1, 1])
  }

  @Test("The gravest verdict stands for all")
  func gravest() {
    #expect(RefuterVerdicts.gravest([]) == .notApplicable)
    #expect(RefuterVerdicts.gravest([.notApplicable, .pass]) == .pass)
    #expect(RefuterVerdicts.gravest([.pass, .warn, .notApplicable]) == .warn)
    #expect(RefuterVerdicts.gravest([.warn, .fail, .pass]) == .fail)
  }

  @Test("The level of n equal contributions a against E is n/E − 1/a, and none below zero")
  func level() {
    let found = NullLevels.Level(brought: [Double](repeating: 4, count: 10), expected: 5)
    #expect(abs(found.estimate - (10.0 / 5 - 1.0 / 4)) < 1e-12)
    // 10 log(1 + 7) − 1.75 × 5
    #expect(abs(found.gain - (10 * 2.0794415416798357 - 8.75)) < 1e-12)
    let none = NullLevels.Level(brought: [0.5, 0.5], expected: 3)
    #expect(none.estimate == 0 && none.gain == 0)
    let empty = NullLevels.Level(brought: [], expected: 3)
    #expect(empty.estimate == 0 && empty.gain == 0)
  }
}
