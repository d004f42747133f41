import RepeatContacts
import Statistics

/// Walks a block's customers: triggers, posterior, and the sums over candidate pairs.
///
/// Holds the block's working memory; the views must outlive it.
final class BlockWalker {
  let contacts: ContactView
  let tables: TableView
  let customers: Range<Int>
  let posterior: CustomerPosterior
  /// Most contacts that a customer of the block has and that is solved exactly.
  let largestExact: Int
  let largest: Int
  /// Trigger of each candidate pair of the customer at hand by group, `pair * groups + group`.
  private let triggers: UnsafeMutablePointer<Double>
  /// κ of each of its contacts by group.
  private let contactRate: UnsafeMutablePointer<Double>
  private let memory: Scratch<Double>

  /// How a customer was solved.
  enum Solution {
    /// No contact can have been brought: all are the customer's own.
    case allOwn
    case exact
    /// Beyond the exact limit.
    case heavy
  }

  init(contacts: ContactView, tables: TableView, customers: Range<Int>) {
    self.contacts = contacts
    self.tables = tables
    self.customers = customers
    var largest = 1
    var pairs = 1
    for c in customers {
      let range = contacts.range(c)
      largest = max(largest, range.count)
      pairs = max(
        pairs, contacts.pairStart[range.upperBound] - contacts.pairStart[range.lowerBound])
    }
    self.largest = largest
    largestExact = min(tables.exactLimit, largest)
    posterior = CustomerPosterior(
      limit: largestExact, contacts: largest,
      weights: PowerWeights(contacts: contacts, tables: tables, customers: customers),
      tables: tables)
    memory = Scratch(count: (pairs + largest) * tables.groups, repeating: 0)
    triggers = memory.base
    contactRate = memory.base + pairs * tables.groups
  }

  /// Fills `triggers` and the posterior's `triggered`; whether any pair has a positive trigger.
  private func fillTriggers(_ range: Range<Int>) -> Bool {
    let first = range.lowerBound
    let firstPair = contacts.pairStart[first]
    let triggered = posterior.triggered
    guard contacts.pairStart[range.upperBound] > firstPair else {
      for k in 0..<range.count { triggered[k] = 0 }
      return false
    }
    let groups = tables.groups
    let rate = contactRate
    for k in 0..<range.count {
      let row = tables.rate + Int(contacts.cell[first + k]) * groups
      for g in 0..<groups { rate[k * groups + g] = row[g] }
    }
    let topic = contacts.topic
    let bins = contacts.bins
    var bin = contacts.pairBin + firstPair
    var trigger = triggers
    var any = false
    for j in range {
      let low = Int(contacts.firstPrior[j])
      let code = topic[j]
      let share = tables.topicShare[Int(code)]
      var sum = 0.0
      if groups == 1 {
        let rho = tables.persistence[0]
        let drawn = (1 - rho) * share
        let kept = rho + drawn
        for i in low..<j {
          let value =
            rate[i - first] * tables.density[Int(bin[0])] * (topic[i] == code ? kept : drawn)
          trigger[0] = value
          sum += value
          trigger += 1
          bin += 1
        }
      } else {
        for i in low..<j {
          let place = Int(bin[0])
          let same = topic[i] == code
          for g in 0..<groups {
            let rho = tables.persistence[g]
            let drawn = (1 - rho) * share
            let value =
              rate[(i - first) * groups + g] * tables.density[g * bins + place]
              * (same ? rho + drawn : drawn)
            trigger[g] = value
            sum += value
          }
          trigger += groups
          bin += 1
        }
      }
      triggered[j - first] = sum
      any = any || sum > 0
    }
    return any
  }

  /// Fills the posterior of one customer; gives its log-likelihood without the compensator of the
  /// triggers.
  func solve(_ c: Int) -> (logLikelihood: Double, solution: Solution) {
    let range = contacts.range(c)
    let first = range.lowerBound
    let n = range.count
    let any = fillTriggers(range)
    if n <= tables.exactLimit && !any { return (allOwn(c, range), .allOwn) }
    let base = posterior.base
    for k in 0..<n {
      let topic = Int(contacts.topic[first + k])
      base[k] = tables.intensity[topic * contacts.days + Int(contacts.day[first + k])]
    }
    if tables.ownTopicMix && n <= tables.exactLimit {
      let value = posterior.solveWithTopics(
        n, customerClass: Int(tables.customerClass[c]), topic: contacts.topic + first,
        order: contacts.byTopic + first, first: first)
      return (value, .exact)
    }
    for k in 0..<n { base[k] *= tables.topicShare[Int(contacts.topic[first + k])] }
    if n > tables.exactLimit { return (posterior.solveHeavy(n), .heavy) }
    return (posterior.solve(n, customerClass: Int(tables.customerClass[c])), .exact)
  }

  /// Every contact is the customer's own: the likelihood is a product, no polynomial to build.
  private func allOwn(_ c: Int, _ range: Range<Int>) -> Double {
    let n = range.count
    var value = tables.logWeight[Int(tables.customerClass[c]) * tables.stride + n]
    for j in range {
      posterior.own[j - range.lowerBound] = 1
      value += tables.logIntensity[Int(contacts.topic[j]) * contacts.days + Int(contacts.day[j])]
    }
    guard tables.ownTopicMix else {
      for j in range { value += tables.logTopicShare[Int(contacts.topic[j])] }
      return value
    }
    posterior.runs.read(
      n, topic: contacts.topic + range.lowerBound, order: contacts.byTopic + range.lowerBound,
      first: range.lowerBound)
    value -= tables.logRisingTotal[n]
    for g in 0..<posterior.runs.count {
      let (topic, _, size) = posterior.runs[g]
      value += tables.logRising[topic * tables.stride + size]
    }
    return value
  }

  /// Calls `body` with (topic, r, probability) for the numbers of own contacts by topic.
  @inline(__always)
  func forEachTopicCount(_ solution: Solution, _ body: (Int, Int, Double) -> Void) {
    guard tables.ownTopicMix, solution != .heavy else { return }
    for g in 0..<posterior.runs.count {
      let (topic, start, size) = posterior.runs[g]
      if solution == .allOwn {
        body(topic, size, 1)
      } else {
        let counts = posterior.topicCount + start + g
        for r in 0...size { body(topic, r, counts[r]) }
      }
    }
  }

  /// Where the pairs' probabilities of a customer are summed; every pointer is added to.
  struct PairSums {
    /// By place in the customer and group.
    var caused: UnsafeMutablePointer<Double>
    /// By group and bin.
    var delay: UnsafeMutablePointer<Double>
    /// By group: all links, and those that kept their topic on purpose.
    var linked: UnsafeMutablePointer<Double>
    var kept: UnsafeMutablePointer<Double>
  }

  /// Sums the pairs of the customer that was solved last.
  ///
  /// - Parameter drawn: called for each contact with a cause: its topic, and the probability that it
  ///   was brought and drew its topic anew.
  @inline(__always)
  func sumPairs(_ range: Range<Int>, into sums: PairSums, drawn: (Int, Double) -> Void) {
    let groups = tables.groups
    let bins = contacts.bins
    let topic = contacts.topic
    var bin = contacts.pairBin + contacts.pairStart[range.lowerBound]
    var trigger = triggers
    for j in range {
      let low = Int(contacts.firstPrior[j])
      let triggered = posterior.triggered[j - range.lowerBound]
      guard triggered > 0 else {
        bin += j - low
        trigger += (j - low) * groups
        continue
      }
      let scale = (1 - posterior.own[j - range.lowerBound]) / triggered
      let code = topic[j]
      let share = tables.topicShare[Int(code)]
      var anew = 0.0
      if groups == 1 {
        let rho = tables.persistence[0]
        var all = 0.0
        var same = 0.0
        for i in low..<j {
          let p = scale * trigger[0]
          sums.caused[i - range.lowerBound] += p
          sums.delay[Int(bin[0])] += p
          all += p
          if topic[i] == code { same += p }
          trigger += 1
          bin += 1
        }
        let kept = same * (rho / (rho + (1 - rho) * share))
        sums.linked[0] += all
        sums.kept[0] += kept
        anew = all - kept
      } else {
        for i in low..<j {
          let place = Int(bin[0])
          let same = topic[i] == code
          for g in 0..<groups where trigger[g] > 0 {
            let p = scale * trigger[g]
            sums.caused[(i - range.lowerBound) * groups + g] += p
            sums.delay[g * bins + place] += p
            sums.linked[g] += p
            anew += p
            if same {
              let rho = tables.persistence[g]
              let kept = p * rho / (rho + (1 - rho) * share)
              sums.kept[g] += kept
              anew -= kept
            }
          }
          trigger += groups
          bin += 1
        }
      }
      drawn(Int(code), anew)
    }
  }

  /// Writes the probability of every candidate pair of the block, group after group summed.
  func writeProbabilities(to result: UnsafeMutablePointer<Double>) {
    let groups = tables.groups
    for c in customers {
      let range = contacts.range(c)
      _ = solve(c)
      var trigger = triggers
      for j in range {
        let triggered = posterior.triggered[j - range.lowerBound]
        let scale = triggered > 0 ? (1 - posterior.own[j - range.lowerBound]) / triggered : 0
        for pair in contacts.pairStart[j]..<contacts.pairStart[j + 1] {
          var sum = 0.0
          for g in 0..<groups { sum += trigger[g] }
          result[pair] = scale * sum
          trigger += groups
        }
      }
    }
  }
}
