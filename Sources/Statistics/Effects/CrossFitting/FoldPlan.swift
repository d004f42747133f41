/// Which fold each row belongs to: models are fitted outside a fold and used inside it.
public struct FoldPlan: Sendable, Equatable {
  /// 0 ..< count, one a row.
  public let folds: [Int32]
  public let count: Int

  /// A split that was made elsewhere.
  public init(folds: [Int32], count: Int) {
    precondition(folds.allSatisfy { $0 >= 0 && $0 < count }, "a fold outside 0..<\(count)")
    self.folds = folds
    self.count = count
  }

  /// A seeded split that deals each arm out evenly.
  public init(count: Int, treated: [Bool], seed: UInt64) throws(EffectError) {
    let sizes = treated.reduce(into: (0, 0)) { if $1 { $0.1 += 1 } else { $0.0 += 1 } }
    let smaller = min(sizes.0, sizes.1)
    guard count >= 2, count <= smaller else {
      throw .foldsOutOfRange(folds: count, limit: smaller, clustered: false)
    }
    var folds = [Int32](repeating: 0, count: treated.count)
    for arm in [false, true] {
      var rows = treated.indices.filter { treated[$0] == arm }.map { Int32($0) }
      var random = RandomStream(seed: seed, keys: arm ? 1 : 0)
      rows.shuffle(using: &random)
      for (place, row) in rows.enumerated() { folds[Int(row)] = Int32(place % count) }
    }
    self.init(folds: folds, count: count)
  }

  /// A seeded split that keeps clusters whole.
  ///
  /// - Parameter clusters: numbers from 0, one a row.
  public init(
    count: Int, clusters: [Int32], clusterCount: Int, seed: UInt64
  ) throws(EffectError) {
    guard clusterCount >= 2 else { throw .oneCluster }
    guard count >= 2, count <= clusterCount else {
      throw .foldsOutOfRange(folds: count, limit: clusterCount, clustered: true)
    }
    var order = Array(0..<clusterCount)
    var random = RandomStream(seed: seed, keys: 2)
    order.shuffle(using: &random)
    var foldOf = [Int32](repeating: 0, count: clusterCount)
    for (place, cluster) in order.enumerated() { foldOf[cluster] = Int32(place % count) }
    self.init(folds: clusters.map { foldOf[Int($0)] }, count: count)
  }
}
