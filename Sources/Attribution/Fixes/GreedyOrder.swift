/// The order in which repairs pay most, each given those before it (greedy, by joint removal), and
/// what any two of them have in common.
package struct GreedyOrder: Sendable {
  /// Places in `singles`; ends where the next repair would gain nothing.
  package let order: [Int]
  /// Parts and values of the first repair, the first two, …
  package private(set) var sets: [[Int]] = []
  package private(set) var values: [[Double]] = []
  /// `[first][second][weighting]`: sum of both one by one less both together; 0 on the diagonal.
  package private(set) var overlap: [[[Double]]]

  /// - Parameters:
  ///   - singles: parts and values of each repair alone.
  ///   - objective: which of the values is to grow.
  ///   - values: the values of sets of parts removed together.
  package init(
    singles: [(parts: [Int], values: [Double])], objective: Int,
    values joint: ([[Int]]) -> [[Double]]
  ) {
    let count = singles.count
    let none = [Double](repeating: 0, count: singles.first?.values.count ?? 0)
    overlap = [[[Double]]](repeating: [[Double]](repeating: none, count: count), count: count)
    var places: [(Int, Int)] = []
    for a in 0..<count { for b in (a + 1)..<max(count, a + 1) { places.append((a, b)) } }
    let pairs = joint(places.map { (singles[$0].parts + singles[$1].parts).sorted() })
    for ((a, b), together) in zip(places, pairs) {
      for k in none.indices {
        overlap[a][b][k] = singles[a].values[k] + singles[b].values[k] - together[k]
      }
      overlap[b][a] = overlap[a][b]
    }
    var order: [Int] = []
    var parts: [Int] = []
    var reached = none
    while order.count < count {
      let rest = (0..<count).filter { !order.contains($0) }
      let sets = rest.map { (parts + singles[$0].parts).sorted() }
      let found = order.isEmpty ? rest.map { singles[$0].values } : joint(sets)
      var best = 0
      for k in rest.indices where found[k][objective] > found[best][objective] { best = k }
      guard found[best][objective] > reached[objective] else { break }
      order.append(rest[best])
      (parts, reached) = (sets[best], found[best])
      self.sets.append(parts)
      self.values.append(reached)
    }
    self.order = order
  }
}
