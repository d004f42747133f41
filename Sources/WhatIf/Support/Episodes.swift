/// First contacts with what followed them: the units whose outcomes a policy is valued by.
///
/// A contact is the first of an episode where the customer made none in the window before it. Its
/// episode is it and what the customer did within the window after it. Contacts of an episode belong to
/// no other, so units share nothing but their customer. Left out are contacts that cannot be told to be
/// first (too near the log's start), whose window the log does not wholly cover, and first contacts
/// that were no decision.
package struct Episodes: Sendable {
  /// Position of the first contact in the decision log, ascending.
  package let first: [Int32]
  /// Contacts of the episode, the first included.
  package let length: [Int32]
  /// Customer of each unit.
  package let customer: [Int32]
  /// Range of units by customer.
  package let unitStart: [Int]
  package let windowMilliseconds: Int64
  package let leftOut: LeftOut

  package struct LeftOut: Sendable, Equatable {
    /// First contacts, as far as the log goes back, in its first window: an earlier one may be missing.
    package var nearStart = 0
    /// First contacts whose window runs past the log's end.
    package var nearEnd = 0
    /// First contacts without a score or a handler.
    package var noDecision = 0
    /// Contacts of running episodes that lie beyond their window and begin none.
    package var between = 0
  }

  package var count: Int { first.count }

  package init(_ log: DecisionLog, windowDays: Double) throws(WhatIfError) {
    let window = Int64((windowDays * 86_400_000).rounded())
    var (first, length, customer, starts) = ([Int32](), [Int32](), [Int32](), [Int]())
    var out = LeftOut()
    for c in 0..<log.customers {
      starts.append(first.count)
      let range = log.customerStart[c]..<log.customerStart[c + 1]
      var covered = range.lowerBound
      for i in range {
        let isFirst = i == range.lowerBound || log.time[i] - log.time[i - 1] > window
        guard isFirst else {
          if i >= covered { out.between += 1 }
          continue
        }
        if log.time[i] - window < log.span.lowerBound {
          out.nearStart += 1
          covered = range.upperBound
          continue
        }
        var end = i + 1
        while end < range.upperBound, log.time[end] - log.time[i] <= window { end += 1 }
        covered = end
        if log.time[i] + window > log.span.upperBound {
          out.nearEnd += 1
        } else if log.action[i] < 0 {
          out.noDecision += 1
        } else {
          first.append(Int32(i))
          length.append(Int32(end - i))
          customer.append(Int32(c))
        }
      }
    }
    starts.append(first.count)
    guard !first.isEmpty else {
      throw .noWholeEpisodes(
        contacts: log.count, windowDays: windowDays,
        logDays: Double(log.span.upperBound - log.span.lowerBound) / 86_400_000)
    }
    (self.first, self.length, self.customer) = (first, length, customer)
    unitStart = starts
    windowMilliseconds = window
    leftOut = out
  }
}
