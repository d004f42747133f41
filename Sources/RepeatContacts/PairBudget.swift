/// How many candidate pairs a log may have, and what that asks of ids with very many contacts.
///
/// A person makes a handful of contacts within a window; an id that many people share (a switchboard,
/// a test account, an empty field filled with a word) makes thousands, and its pairs grow with their
/// square. All work after the join is linear in pairs, so that their number is held to a multiple of
/// the contacts: each contact keeps its nearest earlier ones, as many as the log can afford.
package enum PairBudget {
  /// Earlier contacts that a contact never has more of as candidates.
  package static let mostPriors = 400
  /// Nor are they ever cut below this: nobody makes more contacts than that within a window.
  package static let fewestPriors = 20
  /// Candidate pairs that any log may have, and how many for each of its contacts.
  package static let pairs = 1_500_000
  package static let pairsPerContact = 10

  /// The most earlier contacts that each contact can have as candidates, so that all together stay
  /// within the budget.
  ///
  /// - Parameters:
  ///   - time: of each contact, in days; ascending within a customer.
  ///   - customerStart: first contact of each customer, and the count of contacts.
  ///   - window: in days, its end included.
  package static func priorLimit(
    time: [Double], customerStart: [Int32], window: Double, pairs: Int = PairBudget.pairs
  ) -> Int {
    var contacts = [Int](repeating: 0, count: mostPriors + 1)
    for c in 0..<(customerStart.count - 1) {
      var low = Int(customerStart[c])
      for j in Int(customerStart[c])..<Int(customerStart[c + 1]) {
        while time[j] - time[low] > window { low += 1 }
        contacts[min(j - low, mostPriors)] += 1
      }
    }
    let budget = max(pairs, pairsPerContact * time.count)
    // With a limit of k there are Σ_{l ≤ k} (contacts with at least l earlier ones) pairs.
    var atLeast = time.count - contacts[0]
    var sum = 0
    for limit in 1...mostPriors {
      sum += atLeast
      if sum > budget { return max(limit - 1, fewestPriors) }
      atLeast -= contacts[limit]
    }
    return mostPriors
  }
}
