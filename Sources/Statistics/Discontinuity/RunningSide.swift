/// The observations on one side of a cutoff, the nearest first.
///
/// Any window around the cutoff is then a leading stretch, so that sums over it are never
/// differences of larger sums. Distances and outcomes are in units of their standard deviations.
/// Both arrays are padded to a multiple of four with a distance no bandwidth reaches.
struct RunningSide: Sendable {
  /// −1 left of the cutoff, 1 right of it.
  let sign: Double
  /// Observations, without the padding.
  let count: Int
  /// |x − c|, ascending.
  let distances: [Double]
  let outcomes: [Double]
  /// For each observation the first place of those of its own distance.
  let tieStarts: [Int32]
  /// For each observation the first place behind those of its own distance.
  let tieEnds: [Int32]
  /// Distances that differ.
  let distinctCount: Int

  /// Finite, and beyond every bandwidth: its powers up to the tenth times a weight of zero are zero.
  static let unreachable = 1e30

  /// - Parameters:
  ///   - distances: ascending, at least zero.
  ///   - outcomes: of the same observations.
  init(sign: Double, distances: [Double], outcomes: [Double]) {
    self.sign = sign
    count = distances.count
    let padding = (4 - count % 4) % 4
    self.distances = distances + [Double](repeating: RunningSide.unreachable, count: padding)
    self.outcomes = outcomes + [Double](repeating: 0, count: padding)
    var ends = [Int32](repeating: 0, count: count)
    var (end, distinct) = (count, 0)
    for i in (0..<count).reversed() {
      if i + 1 == count || distances[i + 1] != distances[i] {
        end = i + 1
        distinct += 1
      }
      ends[i] = Int32(end)
    }
    tieEnds = ends
    var starts = ends
    for i in 0..<count { starts[i] = i > 0 && ends[i - 1] == ends[i] ? starts[i - 1] : Int32(i) }
    tieStarts = starts
    distinctCount = distinct
  }

  /// The largest distance.
  var range: Double { count > 0 ? distances[count - 1] : 0 }

  /// Whether the outcome has more than one value.
  var outcomeVaries: Bool { outcomes[..<count].contains { $0 != outcomes[0] } }

  /// Observations with a positive weight at a bandwidth.
  func countInside(_ bandwidth: Double, _ kernel: LocalKernel) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if kernel.weight(distances[middle] / bandwidth) > 0 {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// Distances that differ among the first `count` observations.
  func distinctInside(_ count: Int) -> Int {
    var (distinct, i) = (0, 0)
    while i < count {
      distinct += 1
      i = Int(tieEnds[i])
    }
    return distinct
  }

  /// The k-th smallest distinct distance (from 1), or the largest where there are fewer.
  func distinctDistance(_ k: Int) -> Double {
    var i = 0
    for _ in 1..<max(k, 1) where Int(tieEnds[i]) < count { i = Int(tieEnds[i]) }
    return distances[i]
  }
}
