/// Values a policy on the episodes of one customer at a time.
///
/// Per-decision importance weights: a reward weighs the product of the ratios (policy's chance of the
/// logged decision over its propensity) up to the decision that it follows (Precup, Sutton & Singh 2000,
/// ICML). The doubly robust value adds to the outcome model's what it missed, weighed likewise (Jiang &
/// Li 2016, ICML; with one decision, Dudík, Langford & Li 2011, ICML), where decisions of an episode
/// share the threshold that they met. Where they were made one by one, products of several ratios would
/// let a few long episodes decide. There the first decision is weighed as it is, with what followed it
/// in the log; each later one adds the difference that the policy's handling makes (Kakade & Langford
/// 2002, ICML), by the outcome model and by what the model missed of it,
/// under a weight from which the earlier decisions are averaged out: the chance of a next contact under
/// the policy over that in the log (marginalised weights, Kallus & Uehara 2020, JMLR 21). What a later
/// decision changes then must not depend on how earlier ones were made. A later decision that the log
/// does not support under the policy is left as logged, but for its own minutes and money, which are
/// those of the policy's handler on average; a first one puts its unit outside support.
struct EpisodeKernel {
  let log: DecisionLog
  let episodes: Episodes
  let rewards: PolicyRewards
  let routing: RoutingModel
  let model: OutcomeModel
  let bounds: OutcomeBounds
  private let outcomes: Int
  private let ofEpisode: Int
  /// Place of the outcome that counts contacts.
  private let counted: Int
  /// Whether decisions of an episode were made one by one.
  private let isMarginal: Bool

  /// Most that the handling of a contact, or of all before one, changes the chance of the next.
  private static let largestGrowth = 4.0
  /// Largest ratio of one decision.
  static let largestRatio = 1 / RoutingModel.leastPropensity

  // The current customer's unit contacts, one after the other.
  private(set) var units: [Range<Int>] = []
  /// Position in the log of each.
  private(set) var contact: [Int] = []
  private var ratios: [Double] = []
  private var isSupported: [Bool] = []
  /// By contact and handling: the chance of it in the log.
  private var chances: [Double] = []
  private var values: [Double] = []
  private var predicted: [Double] = []
  private var reward: [Double] = []
  /// By contact, handling (staff, AI) and outcome: the model's value of the handling less that of the
  /// logged decision, where further contacts that follow from it are handled like it.
  private var difference: [Double] = []
  private var own: [Double] = []
  private var propensities: [Double] = []
  /// Value of today's policy by unit and outcome; 0 before it is known.
  private var todayOfUnit: [Double] = []

  init(
    log: DecisionLog, episodes: Episodes, rewards: PolicyRewards, routing: RoutingModel,
    model: OutcomeModel, bounds: OutcomeBounds
  ) {
    (self.log, self.episodes, self.rewards) = (log, episodes, rewards)
    (self.routing, self.model, self.bounds) = (routing, model, bounds)
    outcomes = rewards.outcomes.count
    ofEpisode = rewards.ofEpisode
    counted = rewards.index(of: .repeats) ?? 0
    isMarginal = !routing.sharesThresholds
    own = [Double](repeating: 0, count: 2 * rewards.outcomes.count)
  }

  /// Takes up a customer's episodes.
  mutating func load(customer: Int) {
    units.removeAll(keepingCapacity: true)
    contact.removeAll(keepingCapacity: true)
    for u in episodes.unitStart[customer]..<episodes.unitStart[customer + 1] {
      let begin = contact.count
      let first = Int(episodes.first[u])
      contact.append(contentsOf: first..<first + Int(episodes.length[u]))
      units.append(begin..<contact.count)
    }
    let n = contact.count
    if ratios.count < 2 * n {
      ratios = [Double](repeating: 0, count: 2 * n)
      isSupported = [Bool](repeating: false, count: 2 * n)
      chances = [Double](repeating: 1, count: 2 * n)
      values = [Double](repeating: 0, count: 3 * n * outcomes)
      predicted = [Double](repeating: 0, count: n * outcomes)
      reward = [Double](repeating: 0, count: n * outcomes)
      difference = [Double](repeating: 0, count: 2 * n * outcomes)
    }
    for unit in units { load(unit, customer) }
    todayOfUnit = [Double](repeating: 0, count: units.count * outcomes)
  }

  /// Values today's policy on every unit, as what others are compared with.
  mutating func takeToday(_ handling: [Int8], scratch: inout EpisodeValues) {
    for u in units.indices {
      scratch.clear()
      add(u, handling, to: &scratch)
      for m in 0..<outcomes {
        let isKnown = scratch.supported[m] > 0
        todayOfUnit[u * outcomes + m] = isKnown ? scratch.robust[m] : scratch.direct[m]
      }
    }
  }

  /// What happened, as what others are compared with: where no threshold is known.
  mutating func takeLogged() {
    for u in units.indices {
      for m in 0..<outcomes {
        let value = logged(units[u], m)
        todayOfUnit[u * outcomes + m] = value.isNaN ? 0 : value
      }
    }
  }

  private mutating func load(_ unit: Range<Int>, _ customer: Int) {
    let first = contact[unit.lowerBound]
    routing.conditionalPropensities(log, first: first, length: unit.count, into: &propensities)
    let window = Double(episodes.windowMilliseconds)
    for r in unit {
      let i = contact[r]
      for m in 0..<outcomes { reward[r * outcomes + m] = rewards.values[m][i] }
      guard log.action[i] >= 0 else {
        for s in 0..<2 {
          (ratios[2 * r + s], isSupported[2 * r + s], chances[2 * r + s]) = (1, false, 1)
        }
        for k in 0..<3 * outcomes { values[3 * r * outcomes + k] = 0 }
        for m in 0..<outcomes { predicted[r * outcomes + m] = 0 }
        continue
      }
      let (topic, bin) = (Int(log.topic[i]), Int(routing.bin[i]))
      let ai = routing.automationPropensity[i]
      let kept = routing.override[topic]
      let c = propensities[r - unit.lowerBound]
      let isAI = log.action[i] == 1
      let ratio: (Double) -> Double = { chance in
        chance > 0 ? min(chance / max(c, 1e-300), EpisodeKernel.largestRatio) : 0
      }
      ratios[2 * r] = ratio(isAI ? 0 : 1)
      ratios[2 * r + 1] = ratio(isAI ? 1 - kept : kept)
      (chances[2 * r], chances[2 * r + 1]) = (1 - ai, ai)
      for s in 0..<2 {
        isSupported[2 * r + s] = chances[2 * r + s] >= RoutingModel.leastPropensity
      }
      let left = max(0, 1 - Double(log.time[i] - log.time[first]) / window)
      let (base, count) = (3 * r * outcomes, outcomes)
      values.withUnsafeMutableBufferPointer { values in
        guard let p = values.baseAddress?.advanced(by: base) else { return }
        for action in 0..<2 {
          model.predict(
            customer: customer, isFirst: r == unit.lowerBound, action: action, topic: topic,
            bin: bin, left: left, into: p + action * count)
        }
        for m in 0..<count {
          let (staff, auto) = (p[m], p[count + m])
          predicted[r * count + m] = isAI ? auto : staff
          p[count + m] = (1 - kept) * auto + kept * staff
          p[2 * count + m] = ai * auto + (1 - ai) * staff
        }
      }
      guard isMarginal, r > unit.lowerBound else { continue }
      for action in 0..<2 {
        model.own(
          customer: customer, action: action, topic: topic, bin: bin, into: &own,
          at: action * outcomes)
      }
      setDifferences(r, isAI: isAI, kept: kept)
    }
  }

  private mutating func setDifferences(_ r: Int, isAI: Bool, kept: Double) {
    for s in 0..<2 {
      let (at, of) = ((2 * r + s) * outcomes, (3 * r + s) * outcomes)
      let more = values[of + counted] - predicted[r * outcomes + counted]
      for m in 0..<ofEpisode {
        guard rewards.outcomes[m].isOfContact else {
          difference[at + m] = values[of + m] - predicted[r * outcomes + m]
          continue
        }
        let (staff, auto) = (own[m], own[outcomes + m])
        let value = s == 0 ? staff : (1 - kept) * auto + kept * staff
        difference[at + m] = value - (isAI ? auto : staff) + more * value
      }
    }
  }

  /// Adds a unit's values under the policy that handles contact r as `handling[r]` says.
  func add(_ u: Int, _ handling: [Int8], to sum: inout EpisodeValues) {
    let unit = units[u]
    let first = unit.lowerBound
    let i = contact[first]
    let state = Int(handling[first])
    let kept = routing.override[Int(log.topic[i])]
    if state == 1 { sum.automated += 1 - kept }
    guard state < 2, isSupported[2 * first + state] else {
      sum.outside += 1
      let range = bounds.of(topic: Int(log.topic[i]), state: state)
      for m in 0..<outcomes {
        sum.direct[m] += values[(3 * first + min(state, 2)) * outcomes + m]
        sum.units[m] += 1
        sum.today[m] += todayOfUnit[u * outcomes + m]
        guard bounds.least[range + m].isFinite else { continue }
        sum.least[m] += bounds.least[range + m]
        sum.most[m] += bounds.most[range + m]
        sum.leastError[m] += bounds.leastError[range + m]
        sum.mostError[m] += bounds.mostError[range + m]
      }
      return
    }
    let start = (3 * first + state) * outcomes
    let firstWeight = ratios[2 * first + state]
    for m in 0..<outcomes {
      let own = reward[first * outcomes + m]
      guard !own.isNaN else { continue }
      sum.direct[m] += values[start + m]
      sum.supported[m] += 1
      sum.units[m] += 1
      sum.today[m] += todayOfUnit[u * outcomes + m]
      sum.todaySupported[m] += todayOfUnit[u * outcomes + m]
      sum.weight[m] += firstWeight
      sum.robust[m] += values[start + m]
      guard m >= ofEpisode else { continue }
      sum.robust[m] += firstWeight * (own - predicted[first * outcomes + m])
      sum.weighted[m] += firstWeight * own
    }
    sum.episodeWeight += firstWeight
    sum.episodeWeightSquared += firstWeight * firstWeight
    if isMarginal {
      addMarginal(unit, handling, state: state, weight: firstWeight, to: &sum)
    } else {
      addProducts(unit, handling, weight: firstWeight, to: &sum)
    }
  }

  /// Decisions that share their threshold: products of ratios.
  private func addProducts(
    _ unit: Range<Int>, _ handling: [Int8], weight: Double, to sum: inout EpisodeValues
  ) {
    var (w, r) = (weight, unit.lowerBound)
    while w > 0 {
      let next = r + 1
      let isLast = next == unit.upperBound
      let part = isLast ? (ratio: 1, place: 0, isSupported: true) : part(next, handling)
      let nextBase = (3 * next + part.place) * outcomes
      for m in 0..<ofEpisode {
        let at = r * outcomes + m
        let follows = isLast ? 0 : values[nextBase + m]
        sum.robust[m] += w * (reward[at] + follows - predicted[at])
        sum.weighted[m] += w * reward[at]
      }
      if isLast { break }
      if log.action[contact[next]] >= 0 {
        sum.laterDecisions += w
        if !part.isSupported {
          sum.laterOutside += w
          addOwn(next, handling, weight: w, to: &sum)
        }
      }
      w *= part.ratio
      r = next
    }
  }

  /// Decisions made one by one: each later one's difference, earlier ones averaged out of its weight.
  private func addMarginal(
    _ unit: Range<Int>, _ handling: [Int8], state: Int, weight: Double,
    to sum: inout EpisodeValues
  ) {
    let first = unit.lowerBound
    for m in 0..<ofEpisode {
      var toGo = 0.0
      for r in unit { toGo += reward[r * outcomes + m] }
      sum.robust[m] += weight * (toGo - predicted[first * outcomes + m])
      sum.weighted[m] += weight * reward[first * outcomes + m]
    }
    var (product, reached) = (weight, reaching(1, first, state))
    var chance = chances[2 * first + state]
    for r in unit.dropFirst() {
      let part = part(r, handling)
      product *= part.ratio
      if part.isSupported { chance *= chances[2 * r + part.place] }
      if log.action[contact[r]] >= 0 {
        sum.laterDecisions += reached
        if !part.isSupported {
          sum.laterOutside += reached
          addOwn(r, handling, weight: weight, to: &sum)
        }
      }
      let byLog = reached * (part.ratio - 1)
      for m in 0..<ofEpisode {
        // What each contact brings itself stays with the contacts that are counted above.
        let share = rewards.outcomes[m].isOfContact ? weight : reached
        if product > 0 { sum.weighted[m] += product * reward[r * outcomes + m] }
        guard part.isSupported else { continue }
        var toGo = 0.0
        for k in r..<unit.upperBound { toGo += reward[k * outcomes + m] }
        sum.robust[m] +=
          share * difference[(2 * r + part.place) * outcomes + m]
          + byLog * (toGo - predicted[r * outcomes + m])
      }
      reached = reaching(reached, r, part.place)
    }
    if chance < RoutingModel.leastPropensity { sum.unseen += 1 }
  }

  /// What a later contact that is left as logged brings itself, if it were handled as the policy says.
  private func addOwn(
    _ r: Int, _ handling: [Int8], weight: Double, to sum: inout EpisodeValues
  ) {
    let state = Int(handling[r])
    guard state < 2 else { return }
    for m in 0..<ofEpisode where rewards.outcomes[m].isOfContact {
      sum.robust[m] += weight * (bounds.ofContact[m][state] - reward[r * outcomes + m])
    }
  }

  /// The chance of reaching a next contact under the policy over that in the log, by the outcome model:
  /// this share of reaching the contact, and its handling.
  @inline(__always)
  private func reaching(_ share: Double, _ r: Int, _ place: Int) -> Double {
    let (policy, logged) = (
      values[(3 * r + place) * outcomes + counted], values[(3 * r + 2) * outcomes + counted]
    )
    guard policy > 0, logged > 0 else { return share }
    let most = EpisodeKernel.largestGrowth
    return min(max(share * policy / logged, 1 / most), most)
  }

  /// How a contact enters a policy's value: the ratio of its decision, and which of its values (staff,
  /// AI, as logged).
  func part(_ r: Int, _ handling: [Int8]) -> (ratio: Double, place: Int, isSupported: Bool) {
    let state = Int(handling[r])
    guard state < 2, isSupported[2 * r + state] else { return (1, 2, false) }
    return (ratios[2 * r + state], state, true)
  }

  func reward(_ r: Int, _ outcome: Int) -> Double { reward[r * outcomes + outcome] }

  func value(_ r: Int, _ place: Int, _ outcome: Int) -> Double {
    values[(3 * r + place) * outcomes + outcome]
  }

  func outcomeIsOfEpisode(_ outcome: Int) -> Bool { outcome < ofEpisode }

  /// What the outcome model expected of a contact handled as it was.
  func predicted(_ r: Int, _ outcome: Int) -> Double { predicted[r * outcomes + outcome] }

  /// What happened in a unit, by outcome; first-contact outcomes that are unknown are NaN.
  func logged(_ unit: Range<Int>, _ outcome: Int) -> Double {
    if outcome >= ofEpisode { return reward[unit.lowerBound * outcomes + outcome] }
    return unit.reduce(0) { $0 + reward[$1 * outcomes + outcome] }
  }
}
