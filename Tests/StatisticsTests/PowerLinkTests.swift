import Statistics
import Testing

@Suite struct PowerLinkTests {
  @Test(arguments: [-0.5, 0, 1e-13, 1e-6, 0.3, 0.5, 1, 2])
  func inverseAndDerivative(exponent: Double) {
    let link = PowerLink(exponent: exponent)
    for mean in [0.02, 0.4, 1, 3.7] {
      let eta = link.linearPredictor(mean)
      #expect(abs(link.mean(eta) / mean - 1) < 1e-12)
      // Central differences err by step² f‴/6f′, at worst 3e-6 (mean 0.02, exponent 2).
      let step = 1e-6
      let slope = (link.mean(eta + step) - link.mean(eta - step)) / (2 * step)
      #expect(abs(link.derivative(eta) / slope - 1) < 1e-5)
    }
    #expect(abs(link.linearPredictor(1)) < 1e-15)
    #expect(abs(link.derivative(0) - 1) < 1e-15)
  }

  @Test func namedLinks() {
    #expect(PowerLink.identity.mean(0.25) == 1.25)
    #expect(abs(PowerLink.log.mean(1) - 2.718281828459045) < 1e-15)
    #expect(abs(PowerLink(exponent: 0.5).mean(1) - 2.25) < 1e-15)
  }

  @Test func meansStayInBounds() {
    #expect(PowerLink.identity.mean(-5) == PowerLink.minimumMean)
    #expect(PowerLink(exponent: 0.5).mean(-100) == PowerLink.minimumMean)
    #expect(PowerLink(exponent: -1).mean(2) == PowerLink.maximumMean)
    #expect(PowerLink.log.mean(1000) == PowerLink.maximumMean)
  }
}
