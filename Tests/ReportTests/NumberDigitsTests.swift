import Report
import Testing

@Suite struct NumberDigitsTests {
  @Test(
    arguments: [
      (0.0, "0"), (-0.0, "0"), (5.0, "5"), (-12.0, "-12"), (0.1, "0.1"),
      (1.0 / 3, "0.3333333333333333"),
      (-2.5, "-2.5"), (1e15, "1000000000000000"), (1e16, "1e+16"), (1e-5, "1e-05"),
      (1e300, "1e+300"),
      (123_456_789.0, "123456789"), (Double.leastNonzeroMagnitude, "5e-324"),
      (0.1 + 0.2, "0.30000000000000004"),
    ] as [(Double, String)])
  func writesFewestDigits(_ number: Double, _ expected: String) {
    #expect(NumberDigits.text(number) == expected)
    #expect(Double(NumberDigits.text(number)) == number)
  }

  @Test func readsBackExactly() {
    var state: UInt64 = 42
    for _ in 0..<100_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Double(bitPattern: state)
      guard number.isFinite else { continue }
      #expect(Double(NumberDigits.text(number)) == number)
    }
  }
}
