/// Thresholds that are asked about, ascending.
package struct ThresholdGrid: Sendable, Equatable {
  package let thresholds: [Double]

  package static let most = 1_001

  package init(_ thresholds: [Double]) { self.thresholds = thresholds.sorted() }

  /// `0.7`, several with commas between, or `FROM:TO:STEP`, both ends included.
  package init(parsing text: String) throws(WhatIfError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1 {
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
        Double(String($0))
      }
      guard !numbers.isEmpty, !numbers.contains(where: { $0.map { !$0.isFinite } ?? true }) else {
        throw .badGrid(text: text)
      }
      thresholds = Set(numbers.compactMap { $0 }).sorted()
    } else {
      let numbers = parts.compactMap { Double($0) }
      guard parts.count == 3, numbers.count == 3, numbers.allSatisfy(\.isFinite),
        numbers[2] > 0, numbers[0] <= numbers[1]
      else { throw .badGrid(text: text) }
      let steps = ((numbers[1] - numbers[0]) / numbers[2] + 1e-9).rounded(.down)
      guard steps < Double(ThresholdGrid.most) else {
        throw .gridTooLarge(count: steps < 1e9 ? Int(steps) + 1 : Int.max, most: ThresholdGrid.most)
      }
      // Steps are decimals as they were written: 0.1 + 2 · 0.1 is 0.3.
      thresholds = (0...Int(steps)).map {
        ((numbers[0] + Double($0) * numbers[2]) * 1e10).rounded() / 1e10
      }
    }
    if let bad = thresholds.first(where: { !(0...1).contains($0) }) {
      throw .thresholdOutsideScale(bad)
    }
  }

  /// - Throws: `WhatIfError.thresholdOutsideData` where every contact or none would be automated by a
  ///   single threshold, or by all of several.
  package func check(within scores: ClosedRange<Double>) throws(WhatIfError) {
    let inside = thresholds.filter { scores.contains($0) }
    guard inside.isEmpty, let first = thresholds.first else { return }
    throw .thresholdOutsideData(
      threshold: first, minimum: scores.lowerBound, maximum: scores.upperBound)
  }

  /// How many of the thresholds a score reaches: it is automated by those before this place.
  @inline(__always)
  func reached(by score: Double) -> Int {
    var (low, high) = (0, thresholds.count)
    while low < high {
      let middle = (low + high) / 2
      if thresholds[middle] <= score { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
