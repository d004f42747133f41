/// A change to what happens on a log's contacts that differs from contact to contact: sets of parts of
/// which exactly one goes, each with a probability, and what else it leaves of the repeats.
///
/// A contact loses the fraction 1 − kept (1 − Σ weight × fraction of the set).
package struct TreeChange: Sendable {
  package struct Term: Sendable {
    /// Parts that go together, ascending.
    package var parts: [Int]
    /// By contact, the probability that exactly these go.
    package var weight: [Double]

    package init(parts: [Int], weight: [Double]) {
      self.parts = parts
      self.weight = weight
    }
  }

  package var terms: [Term]
  /// By contact, what is left of its repeats by what is no failure; nil: all.
  package var kept: [Double]?

  package init(terms: [Term], kept: [Double]? = nil) {
    self.terms = terms
    self.kept = kept
  }

  /// The distinct sets of parts, in the order of their first use.
  package static func sets(of changes: [TreeChange]) -> [[Int]] {
    var sets: [[Int]] = []
    for term in changes.flatMap(\.terms) where !sets.contains(term.parts) {
      sets.append(term.parts)
    }
    return sets
  }

  /// What each contact loses.
  ///
  /// - Parameters:
  ///   - fractions: of the sets, by cell (`RemovalTotals.fractions`).
  ///   - cell: of each contact.
  package func fractions(
    sets: [[Int]], _ fractions: [[Double]], cell: [Int32]
  ) -> [Double] {
    var taken = [Double](repeating: 0, count: cell.count)
    for term in terms {
      guard let set = sets.firstIndex(of: term.parts) else { continue }
      for i in taken.indices where term.weight[i] != 0 {
        taken[i] += term.weight[i] * fractions[set][Int(cell[i])]
      }
    }
    guard let kept else { return taken }
    return zip(taken, kept).map { 1 - $1 * (1 - $0) }
  }
}
