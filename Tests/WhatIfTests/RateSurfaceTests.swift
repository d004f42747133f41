import Testing
import WhatIf

/// What follows a contact by class, handler, topic and score.
@Suite struct RateSurfaceTests {
  private let scores = [0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9]
  private let topics = 3

  /// Later contacts within a window: topics differ for staff, and in what AI changes.
  private func truth(_ later: Int, _ action: Int, _ topic: Int, _ bin: Int) -> Double {
    let staff = 0.5 * [1.0, 1.3, 0.7][topic] * (later == 1 ? 1.5 : 1)
    guard action == 1 else { return staff }
    return staff * [0.6, 1.0, 1.8][topic] * (scores[bin] < 0.6 ? 1.4 : 0.9)
  }

  private func surface(exposure: (Int, Int, Int, Int) -> Double) throws -> RateSurface {
    let basis = ScoreBasis(
      scores: scores, counts: [Double](repeating: 100, count: scores.count))
    var (sums, exposures) = ([Double](), [Double]())
    for later in 0..<2 {
      for action in 0..<2 {
        for topic in 0..<topics {
          for bin in scores.indices {
            let weight = exposure(later, action, topic, bin)
            exposures.append(weight)
            sums.append(weight * truth(later, action, topic, bin))
          }
        }
      }
    }
    return try #require(
      RateSurface(sums: sums, exposures: exposures, topics: topics, basis: basis))
  }

  @Test func ratesThatAddUpAreFoundBack() throws {
    let surface = try surface { _, _, _, _ in 5_000 }
    #expect(surface.fit.isConverged, "\(surface.fit)")
    for topic in 0..<topics {
      for bin in scores.indices {
        for group in 0..<4 {
          let (found, wanted) = (
            surface.rate(group / 2, group % 2, topic, bin), truth(group / 2, group % 2, topic, bin)
          )
          // A bent line for a step; priors of a few events among thousands.
          #expect(abs(found - wanted) < 0.2 * wanted, "\(found), not \(wanted)")
        }
      }
    }
  }

  /// A topic whose contacts of low scores AI never handled is told apart by those of high scores.
  @Test func aTopicTellsFromItsOtherScores() throws {
    let surface = try surface { _, action, topic, bin in
      action == 1 && topic == 2 && scores[bin] < 0.6 ? 0 : 1_000
    }
    let (others, own) = (surface.rate(0, 1, 0, 1), surface.rate(0, 1, 2, 1))
    // 0.5 · 0.7 · 1.8 over 0.5 · 1 · 0.6.
    #expect(abs(own / others - 2.1) < 0.2, "\(own / others)")
  }

  @Test func nothingCountedIsNoSurface() {
    let basis = ScoreBasis(scores: scores, counts: [Double](repeating: 1, count: scores.count))
    let cells = 4 * topics * scores.count
    #expect(
      RateSurface(
        sums: [Double](repeating: 0, count: cells), exposures: [Double](repeating: 1, count: cells),
        topics: topics, basis: basis) == nil)
  }
}
