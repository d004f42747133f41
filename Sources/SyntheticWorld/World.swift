import Statistics

/// A structural world of customers, failures and repeats, which generates a log with known truth.
///
/// It shares no code with the model that estimates. Contacts come from a background of each
/// customer's own and from earlier contacts; failures happen by structural equations (outages,
/// misclassification, timeout → failed action → staff error); routing gives hard topics to staff.
/// The same version, regime, size and seed give the same log everywhere.
public struct World: Sendable {
  /// Raised when the same seed would give another log.
  public static let version = "1"

  /// The base that the world is an edit of.
  public let regime: Regime
  /// What it does about thresholds; nil: repeats do not respond to them.
  public let thresholds: ThresholdRegime?
  /// About how many interactions the log has (within about 5 %).
  public let interactions: Int
  public let seed: UInt64
  package let parameters: WorldParameters

  /// A world of the regime whose log has about the given number of interactions (at least 1).
  public init(regime: Regime = .logLinear, interactions: Int, seed: UInt64) {
    self.init(
      regime: regime, parameters: WorldParameters(regime: regime), interactions: interactions,
      seed: seed)
  }

  /// A world whose repeats respond to the confidence threshold (`truth(under:)` says how).
  public init(thresholds: ThresholdRegime, interactions: Int, seed: UInt64) {
    self.init(
      regime: .logLinear, thresholds: thresholds, parameters: WorldParameters(thresholds),
      interactions: interactions, seed: seed)
  }

  /// A world with constants of its own.
  package init(
    regime: Regime, thresholds: ThresholdRegime? = nil, parameters: WorldParameters,
    interactions: Int, seed: UInt64
  ) {
    precondition(interactions > 0, "a world needs at least one interaction, not \(interactions)")
    self.regime = regime
    self.thresholds = thresholds
    self.parameters = parameters
    self.interactions = interactions
    self.seed = seed
  }

  /// Generates the log and its truth; linear in interactions.
  ///
  /// - Parameter includeTotals: count the twin worlds too (`Truth.modesTotal`).
  public func generate(includeTotals: Bool = true) -> GeneratedLog {
    generate(includeTotals: includeTotals, without: [])
  }

  /// The log of the world in which `removed` modes do not happen from the log's start on.
  package func generate(includeTotals: Bool, without removed: ModeSet) -> GeneratedLog {
    let tree = CustomerTree(parameters, seed: seed)
    var truth = TruthCount(parameters, tree: tree)
    // Which days at the end an analysis leaves out is its own to say.
    var earlierEnds =
      parameters.recording.lateShares.isEmpty
      ? []
      : (1...3 * parameters.recording.lateShares.count).map {
        TruthCount(parameters, tree: tree, endDay: parameters.days - $0)
      }
    var twins = TwinCount(tree: tree)
    var outcomes = OutcomeTruthCount(parameters.outcomes)
    var log = LogRows(capacity: interactions + interactions / 10)
    var contacts: [Contact] = []
    let customerKeys = StreamKey.customer.below(seed)
    let customers = customerCount(tree)
    var traits: [CustomerActivity] = []
    for number in 0..<customers {
      let customer = tree.customer(key: RandomStream.key(customerKeys, UInt64(number)))
      tree.grow(customer, without: removed, into: &contacts)
      parameters.prune(&contacts)
      truth.add(contacts)
      outcomes.add(contacts, truth)
      for k in earlierEnds.indices { earlierEnds[k].add(contacts) }
      if includeTotals { twins.add(contacts) }
      log.append(contacts, customer: Int32(number))
      if parameters.background.partlyActiveShare > 0 {
        traits.append(CustomerActivity(number: number, active: customer.active))
      }
    }
    var generated = LogAssembly(
      parameters: parameters, regime: thresholds?.rawValue ?? regime.rawValue,
      conduct: tree.conduct, seed: seed, customerCount: customers, rows: log, truth: truth,
      twins: includeTotals ? twins : nil, outcomes: outcomes.truths, activity: traits,
      policies: includeTotals && thresholds != nil ? policyGrid() : nil
    ).log()
    guard !parameters.recording.isFaithful else { return generated }
    for (k, count) in earlierEnds.enumerated() {
      generated.expectedByEndDay[parameters.days - 1 - k] = count.expected
    }
    return RecordedLog(parameters.recording, days: parameters.days, seed: seed).recorded(
      generated, keys: log.rows.map(\.key), startMilliseconds: parameters.startSeconds * 1000)
  }

  /// Id of the member of staff who is worse than the others, where the regime has one.
  public var worseMember: String? {
    parameters.staffWork.worse.map { CodeColumns.staffNames[$0.member] }
  }

  /// How many customers give about the wanted number of interactions: from the contacts per unit of
  /// background rate in a pilot of customers of their own.
  func customerCount(_ tree: CustomerTree) -> Int {
    var tree = tree
    if parameters.release != nil {
      // A release changes what happens to the customers, not how many there are.
      var without = parameters
      without.release = nil
      tree = CustomerTree(without, seed: seed)
    }
    let pilotCustomers = 10_000
    let keys = StreamKey.pilot.below(seed)
    var contacts: [Contact] = []
    var found = 0
    var rate = 0.0
    for number in 0..<pilotCustomers {
      let customer = tree.customer(key: RandomStream.key(keys, UInt64(number)))
      tree.grow(customer, into: &contacts)
      parameters.prune(&contacts)
      found += contacts.count { $0.time >= 0 }
      rate += customer.dailyRate
    }
    let perCustomer =
      parameters.background.meanDailyRate * Double(max(found, 1)) / max(rate, .leastNormalMagnitude)
    return max(1, Int((Double(interactions) / perCustomer).rounded()))
  }
}

extension WorldParameters.Background {
  /// A customer's mean background contacts a day while active.
  package var meanDailyRate: Double {
    switch rates {
    case .gamma(_, let mean): mean / ratePeriod
    case .heavyTailed(let mean, _, let heavyShare, let heavyMean):
      ((1 - heavyShare) * mean + heavyShare * heavyMean) / ratePeriod
    }
  }
}
