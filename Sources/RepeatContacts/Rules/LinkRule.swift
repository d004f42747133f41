import InteractionLog

/// The customary rules for joining a repeat contact to what came before it.
///
/// A rule takes any contact of the same customer (and, where asked, the same topic) within the
/// window for a repeat; it does not ask whether the customer would have come anyway. They are here
/// so that a reader can reproduce the figures they know and see them beside the model's.
///
/// The window includes its end: two contacts exactly `windowDays` apart are linked. Contacts that
/// begin at the same moment follow one another by interaction id. A missing topic is a topic of its
/// own, so that a log without topics is linked by customer alone. Contacts of unknown customers are
/// never linked.
public enum LinkRule: String, CaseIterable, Sendable {
  /// The nearest prior contact caused the repeat.
  case lastTouch = "last-touch"
  /// The earliest prior contact within the window caused the repeat.
  case firstTouch = "first-touch"
  /// All prior contacts within the window share the repeat equally.
  case linear
}

extension LinkRule {
  /// The links that the rule makes.
  ///
  /// Every later contact with at least one prior contact within the window has probabilities that
  /// add up to 1. Time is linear in rows plus links; a customer's rows are walked once, however
  /// many there are.
  ///
  /// - Parameters:
  ///   - table: Interactions in canonical order (customer, start, id).
  ///   - windowDays: Longest time between the two starts, days; positive and finite.
  ///   - sameTopic: Whether both contacts must have the same topic.
  /// - Returns: Links ordered by later row, then prior row.
  public func links(table: InteractionTable, windowDays: Double, sameTopic: Bool) -> LinkTable {
    let chains = ContactChains(table: table, sameTopic: sameTopic)
    let window = windowMilliseconds(days: windowDays)
    var links = LinkTable()

    func append(prior: Int, later: Int, probability: Double) {
      links.prior.append(Int32(prior))
      links.later.append(Int32(later))
      links.hours.append(Double(table.startedAt[later] - table.startedAt[prior]) / 3_600_000)
      links.sameTopic.append(table.topic.codes[prior] == table.topic.codes[later])
      links.probability.append(probability)
    }

    // The earliest row of each row's chain that its window reaches; it never moves backwards.
    var earliest = [Int32](repeating: -1, count: self == .lastTouch ? 0 : table.count)
    var priors: [Int] = []
    for later in 0..<table.count {
      let nearest = Int(chains.previous[later])
      let begin = table.startedAt[later] - window
      if self == .lastTouch {
        if nearest >= 0, table.startedAt[nearest] >= begin {
          append(prior: nearest, later: later, probability: 1)
        }
        continue
      }
      var first = nearest < 0 ? later : Int(earliest[nearest])
      while table.startedAt[first] < begin { first = Int(chains.next[first]) }
      earliest[later] = Int32(first)
      if first == later { continue }
      if self == .firstTouch {
        append(prior: first, later: later, probability: 1)
        continue
      }
      priors.removeAll(keepingCapacity: true)
      var prior = first
      while prior != later {
        priors.append(prior)
        prior = Int(chains.next[prior])
      }
      for prior in priors {
        append(prior: prior, later: later, probability: 1 / Double(priors.count))
      }
    }
    return links
  }
}

/// A window of days in whole milliseconds, which times are held in.
func windowMilliseconds(days: Double) -> Int64 {
  precondition(days > 0 && days < 1e6, "a repeat window of \(days) days")
  return Int64((days * 86_400_000).rounded())
}
