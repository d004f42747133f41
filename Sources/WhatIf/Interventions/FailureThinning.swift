import Attribution

/// Failures that go with some probability: parts that are never on a contact together, and by contact
/// the probability that one of them on it goes.
struct FailureThinning: Sendable {
  /// Ascending.
  var parts: [Int]
  var probability: [Double]
}

/// A change as failures that go, each by itself, and what else it leaves of a contact's repeats.
struct ThinnedFailures: Sendable {
  var thinnings: [FailureThinning]
  /// By contact; nil: all.
  var kept: [Double]?

  /// More at once would need too many sets of parts.
  static let most = 6

  /// Both at once: a failure that both concern goes by either.
  func and(_ other: ThinnedFailures) -> ThinnedFailures {
    var result = thinnings
    for one in other.thinnings {
      var rest = one
      var next: [FailureThinning] = []
      for own in result {
        let shared = own.parts.filter(rest.parts.contains)
        guard !shared.isEmpty else {
          next.append(own)
          continue
        }
        let left = own.parts.filter { !shared.contains($0) }
        if !left.isEmpty { next.append(.init(parts: left, probability: own.probability)) }
        next.append(
          .init(
            parts: shared,
            probability: zip(own.probability, one.probability).map { 1 - (1 - $0) * (1 - $1) }))
        rest.parts.removeAll(where: shared.contains)
      }
      if !rest.parts.isEmpty { next.append(rest) }
      result = next
    }
    let kept =
      switch (kept, other.kept) {
      case (let a?, let b?): zip(a, b).map { $0 * $1 }
      case (let a?, nil): a
      case (nil, let b): b
      }
    return ThinnedFailures(thinnings: result, kept: kept)
  }

  /// Every set of thinnings that can strike together, with its probability by contact.
  var change: TreeChange {
    guard !thinnings.isEmpty else { return TreeChange(terms: [], kept: kept) }
    let contacts = thinnings[0].probability.count
    let terms = (1..<(1 << thinnings.count)).map { subset in
      var weight = [Double](repeating: 1, count: contacts)
      var parts: [Int] = []
      for (k, one) in thinnings.enumerated() {
        let isIn = subset & (1 << k) != 0
        if isIn { parts += one.parts }
        for i in weight.indices {
          weight[i] *= isIn ? one.probability[i] : 1 - one.probability[i]
        }
      }
      return TreeChange.Term(parts: parts.sorted(), weight: weight)
    }
    return TreeChange(terms: terms, kept: kept)
  }
}
