import Statistics

/// What a policy brings, in a world that is simulated again under it: the same customers and the same
/// random numbers.
public struct PolicyTruth: Codable, Sendable, Equatable {
  /// Sums over some contacts of the log.
  public struct Figures: Codable, Sendable, Equatable {
    /// The contacts that are added up.
    public var contacts = 0.0
    /// Contacts that come later and their own later contacts.
    public var laterContacts = 0.0
    /// Minutes of staff on both.
    public var staffMinutes = 0.0
    /// Of both.
    public var cost = 0.0

    enum CodingKeys: String, CodingKey {
      case contacts, cost
      case laterContacts = "later_contacts"
      case staffMinutes = "staff_minutes"
    }
  }

  public var policy: World.ThresholdPolicy
  public var costs: World.Costs
  /// The whole log: `contacts` are those that nothing brought or something before the log, the same
  /// under every policy; `laterContacts` all that contacts of the log bring within it.
  public var total: Figures
  /// First contacts of an episode, which are those of the log as it is that come at least a window
  /// after the log's start and after the customer's last, with all of their own window in the log: those
  /// that can be told from the log. Later contacts are the
  /// customer's within the window, the policy deciding from the first contact on.
  public var firstContacts: Figures
  /// The parts of `firstContacts` by the first contact's predicted topic.
  public var byTopic: [String: Figures]

  enum CodingKeys: String, CodingKey {
    case policy, costs, total
    case firstContacts = "first_contacts"
    case byTopic = "by_topic"
  }
}

extension World {
  /// The window of an episode, days: after it no contact brings another.
  public static let windowDays = 15

  /// What the policy brings: `truths(under:)` of one.
  public func truth(
    under policy: ThresholdPolicy, costs: Costs = Costs(), times: Int = 1
  ) throws(ThresholdPolicyError) -> PolicyTruth {
    try truths(under: [policy], costs: costs, times: times)[0]
  }

  /// What policies bring to the same customers, on the same random numbers; linear in policies.
  ///
  /// - Parameter times: simulates so many times as many customers, of whom the first are the log's,
  ///   and divides the figures by it: nearer to what is expected of such customers.
  /// - Throws: `ThresholdPolicyError`.
  public func truths(
    under policies: [ThresholdPolicy], costs: Costs = Costs(), times: Int = 1
  ) throws(ThresholdPolicyError) -> [PolicyTruth] {
    var resolved: [[Int]] = []
    for policy in policies { resolved.append(try policy.resolved()) }
    return truths(under: policies, resolved: resolved, costs: costs, times: times)
  }

  /// What policies bring per first contact, near to what is expected of such customers.
  ///
  /// Simulates so many times as many customers as the log has. Where a policy is the one in force, the
  /// log's own mean is an estimate of it: its customers count for so much less that the mean misses the
  /// truth by the same mean square as it misses what is expected. `total` is left at nothing.
  public func expectedTruths(
    under policies: [ThresholdPolicy], costs: Costs = Costs(), times: Int
  ) throws(ThresholdPolicyError) -> [PolicyTruth] {
    precondition(times > 1, "customers beside the log's are needed")
    var (resolved, place) = ([[Int]](), [Int]())
    for policy in policies {
      let thresholds = try policy.resolved()
      if !resolved.contains(thresholds) { resolved.append(thresholds) }
      place.append(resolved.firstIndex(of: thresholds) ?? 0)
    }
    let others = Double(times - 1)
    let share = 1 - (others / Double(times)).squareRoot()
    let own = share * others / (1 - share)
    let found = truths(
      under: resolved.indices.map { policies[place.firstIndex(of: $0) ?? 0] }, resolved: resolved,
      costs: costs, times: times, ownWeight: own)
    return zip(policies, place).map { policy, k in
      var truth = found[k]
      truth.policy = policy
      return truth
    }
  }

  /// The thresholds in force when the log ends, by predicted topic, without exploration.
  public var lastPolicy: ThresholdPolicy {
    let conduct = CustomerTree(parameters, seed: seed).conduct
    return ThresholdPolicy(
      byTopic: Dictionary(
        uniqueKeysWithValues: Catalogue.topics.indices.map { topic in
          (
            Catalogue.topics[topic].name,
            Double(conduct.threshold(day: parameters.days - 1, predicted: UInt8(topic))) / 10_000
          )
        }))
  }

  /// What is in force brings, and each twentieth from 0.3 to 0.95 as a threshold for all.
  func policyGrid() -> [PolicyTruth] {
    let steps = Array(6...19)
    let thresholds = steps.map { Double($0) / 20 }
    return truths(
      under: [.inForce] + thresholds.map { ThresholdPolicy(threshold: $0) },
      resolved: [[]] + steps.map { step in Catalogue.topics.map { _ in step * 500 } },
      costs: Costs(), times: 1)
  }

  /// - Parameters:
  ///   - resolved: each policy's thresholds by topic.
  ///   - ownWeight: what the log's own customers count; only first contacts are counted then. nil: one
  ///     each.
  private func truths(
    under policies: [ThresholdPolicy], resolved: [[Int]], costs: Costs, times: Int,
    ownWeight: Double? = nil
  ) -> [PolicyTruth] {
    precondition(times > 0, "figures of at least the log's customers, not \(times) times as many")
    let factual = CustomerTree(parameters, seed: seed)
    let worlds = resolved.map { thresholds in
      var changed = parameters
      changed.routing = changed.routing ?? .withoutEffect
      changed.routing?.policy = thresholds
      return CustomerTree(changed, seed: seed)
    }
    var counts = policies.map { _ in PolicyCount(costs: costs) }
    var contacts: [Contact] = []
    let keys = StreamKey.customer.below(seed)
    let customers = customerCount(factual)
    for number in 0..<(customers * times) {
      let customer = factual.customer(key: RandomStream.key(keys, UInt64(number)))
      factual.grow(customer, into: &contacts)
      parameters.prune(&contacts)
      let first = EpisodeStart.all(of: contacts, endSeconds: factual.endSeconds)
      if ownWeight != nil && first.isEmpty { continue }
      let weight = number < customers ? ownWeight ?? 1 : 1
      for index in worlds.indices {
        worlds[index].grow(customer, into: &contacts)
        parameters.prune(&contacts)
        counts[index].add(contacts, first: first, weight: weight, inTotal: ownWeight == nil)
      }
    }
    return zip(policies, counts).map { policy, count in
      count.truth(
        policy, costs: costs, dividedBy: ownWeight.map { $0 + Double(times - 1) } ?? Double(times))
    }
  }
}
