/// Variances of single outcomes from their nearest neighbours on the same side of the cutoff
/// (Abadie & Imbens 2006, Econometrica 74; Calonico, Cattaneo & Titiunik 2014, section 2.4).
///
/// σ²ᵢ = J/(J + 1) · (yᵢ − mean of the J nearest others)², with all observations of the same
/// distance taken or left together, so that J can be above the number asked for. Two distances that
/// agree to a relative 1.5e-8 count as the same.
struct NearestNeighbours: Sendable {
  let side: RunningSide
  let matches: Int
  /// σ² with the whole side to choose from.
  private let wholeSide: [Double]
  /// Outcomes summed from the cutoff outwards, for large groups of one distance.
  private let outcomeSums: [Double]

  private static let tie = Double.ulpOfOne.squareRoot()
  /// Up to here a neighbourhood is summed directly, without the rounding of a difference.
  private static let directly = 32

  init(side: RunningSide, matches: Int) {
    self.side = side
    self.matches = matches
    var sums = [0.0]
    sums.reserveCapacity(side.count + 1)
    for i in 0..<side.count { sums.append(sums[i] + side.outcomes[i]) }
    outcomeSums = sums
    var variances = [Double](repeating: 0, count: side.distances.count)
    NearestNeighbours.fill(&variances, from: 0, available: side.count, matches, side, sums)
    wholeSide = variances
  }

  /// σ² of the first `count` observations where only they can be neighbours; padded like the side.
  ///
  /// Only the last few differ from those of the whole side: an observation with enough neighbours
  /// between itself and the end of the window never looks beyond it.
  func variances(first count: Int) -> [Double] {
    var variances = wholeSide
    var start = count
    while start > 0, count - Int(side.tieEnds[start - 1]) < matches {
      start = Int(side.tieStarts[start - 1])
    }
    NearestNeighbours.fill(
      &variances, from: start, available: count, matches, side, outcomeSums)
    return variances
  }

  private static func fill(
    _ variances: inout [Double], from start: Int, available: Int, _ matches: Int,
    _ side: RunningSide, _ sums: [Double]
  ) {
    side.distances.withUnsafeBufferPointer { distances in
      side.outcomes.withUnsafeBufferPointer { outcomes in
        side.tieStarts.withUnsafeBufferPointer { starts in
          side.tieEnds.withUnsafeBufferPointer { ends in
            sums.withUnsafeBufferPointer { sums in
              let view = View(
                distances: distances, outcomes: outcomes, starts: starts, ends: ends, sums: sums,
                available: available, wanted: min(matches, available - 1))
              for i in start..<max(start, available) { variances[i] = view.variance(i) }
            }
          }
        }
      }
    }
  }

  /// The search among the first `available` observations.
  private struct View {
    let distances: UnsafeBufferPointer<Double>
    let outcomes: UnsafeBufferPointer<Double>
    let starts: UnsafeBufferPointer<Int32>
    let ends: UnsafeBufferPointer<Int32>
    let sums: UnsafeBufferPointer<Double>
    let available: Int
    let wanted: Int

    /// Widens [low, high) from the ties of `i` by the nearer neighbours until there are enough.
    @inline(__always)
    func variance(_ i: Int) -> Double {
      var (low, high) = (Int(starts[i]), Int(ends[i]))
      while high - low - 1 < wanted {
        if low == 0 {
          high = Int(ends[high])
        } else if high == available {
          low = Int(starts[low - 1])
        } else {
          let inwards = distances[i] - distances[low - 1]
          let outwards = distances[high] - distances[i]
          let tolerance = max(inwards, outwards) * NearestNeighbours.tie
          let (nextLow, nextHigh) = (Int(starts[low - 1]), Int(ends[high]))
          if outwards - inwards <= tolerance { high = nextHigh }
          if inwards - outwards <= tolerance { low = nextLow }
        }
      }
      let used = Double(high - low - 1)
      guard used > 0 else { return 0 }
      let residual = outcomes[i] - (sum(low, high) - outcomes[i]) / used
      return used / (used + 1) * residual * residual
    }

    @inline(__always)
    private func sum(_ low: Int, _ high: Int) -> Double {
      if high - low > NearestNeighbours.directly { return sums[high] - sums[low] }
      var sum = 0.0
      for j in low..<high { sum += outcomes[j] }
      return sum
    }
  }
}
