import Testing
import WhatIf

@Suite struct IsotonicTests {
  @Test("What falls is pooled to its mean, what rises stays")
  func closedForm() {
    let fit = IsotonicFit(scores: [1, 2, 3, 4, 5, 6], responses: [1, 3, 2, 4, 3, 5])
    #expect(fit.blocks.map(\.value) == [1, 2.5, 3.5, 5])
    #expect(fit.blocks.map(\.from) == [1, 2, 4, 6])
    let falling = IsotonicFit(scores: [3, 1, 2], responses: [0, 1, 0.5])
    #expect(falling.blocks.map(\.value) == [0.5])
  }

  @Test("Equal scores have one value, weights weigh, between blocks values lie between")
  func tiesAndWeights() throws {
    let fit = IsotonicFit(scores: [0.5, 0.5, 0.7], responses: [0, 1, 1], weights: [1, 3, 1])
    #expect(fit.blocks.map(\.value) == [0.75, 1])
    #expect(fit(0.5) == 0.75)
    #expect(abs(try #require(fit(0.6)) - 0.875) < 1e-12)
    #expect(fit(0) == 0.75)
    #expect(fit(2) == 1)
    #expect(IsotonicFit(scores: [], responses: [])(0.5) == nil)
  }
}
