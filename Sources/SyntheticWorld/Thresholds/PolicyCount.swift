/// A first contact of an episode in the log as it is.
struct EpisodeStart {
  var time: Int32
  var predicted: UInt8

  static let window = Int32(World.windowDays * 86_400)

  /// Those of one customer with the whole windows before and after them in the log, in time order.
  static func all(of contacts: [Contact], endSeconds: Int32) -> [EpisodeStart] {
    let sorted = contacts.sorted { $0.time == $1.time ? $0.key < $1.key : $0.time < $1.time }
    var last: Int32?
    var found: [EpisodeStart] = []
    for contact in sorted {
      let isFirst = last.map { contact.time - $0 > window } ?? true
      last = contact.time
      if isFirst, contact.time >= window, contact.time <= endSeconds - window {
        found.append(EpisodeStart(time: contact.time, predicted: contact.predicted))
      }
    }
    return found
  }
}

/// Adds up what a policy brings, one customer after the other.
struct PolicyCount {
  private let costs: World.Costs
  private var total = PolicyTruth.Figures()
  private var topics = Catalogue.topics.map { _ in PolicyTruth.Figures() }
  private var minutes: [Double] = []
  private var root: [Int32] = []

  init(costs: World.Costs) { self.costs = costs }

  /// - Parameters:
  ///   - contacts: the customer's under the policy, parents before their repeats.
  ///   - weight: what the customer counts.
  mutating func add(
    _ contacts: [Contact], first: [EpisodeStart], weight: Double = 1, inTotal: Bool = true
  ) {
    minutes.removeAll(keepingCapacity: true)
    root.removeAll(keepingCapacity: true)
    for contact in contacts {
      let seconds = contact.handledByStaff ? HandleTime.seconds(contact) : 0
      minutes.append(Double(seconds) / 60)
      root.append(contact.parent < 0 ? contact.time : root[Int(contact.parent)])
      guard inTotal, contact.time >= 0 else { continue }
      let isLater = contact.parent >= 0 && contacts[Int(contact.parent)].time >= 0
      total.add(isLater: isLater, minutes: minutes[minutes.count - 1], costs, weight)
    }
    for start in first { add(contacts, from: start, weight) }
  }

  /// What brought a contact within the window came itself since the first contact: what came before
  /// lies more than a window back.
  private mutating func add(_ contacts: [Contact], from start: EpisodeStart, _ weight: Double) {
    for (index, contact) in contacts.enumerated()
    where contact.time >= start.time && contact.time - start.time <= EpisodeStart.window
      && root[index] >= start.time
    {
      topics[Int(start.predicted)].add(
        isLater: contact.time > start.time, minutes: minutes[index], costs, weight)
    }
  }

  func truth(
    _ policy: World.ThresholdPolicy, costs: World.Costs, dividedBy times: Double
  ) -> PolicyTruth {
    var first = PolicyTruth.Figures()
    var byTopic: [String: PolicyTruth.Figures] = [:]
    for (topic, figures) in zip(Catalogue.topics, topics) {
      first.add(figures)
      byTopic[topic.name] = figures.divided(by: times)
    }
    return PolicyTruth(
      policy: policy, costs: costs, total: total.divided(by: times),
      firstContacts: first.divided(by: times), byTopic: byTopic)
  }
}

extension PolicyTruth.Figures {
  fileprivate mutating func add(
    isLater: Bool, minutes: Double, _ costs: World.Costs, _ weight: Double
  ) {
    if isLater { laterContacts += weight } else { contacts += weight }
    staffMinutes += weight * minutes
    cost += weight * (costs.perContact + costs.perStaffMinute * minutes)
  }

  fileprivate mutating func add(_ other: Self) {
    contacts += other.contacts
    laterContacts += other.laterContacts
    staffMinutes += other.staffMinutes
    cost += other.cost
  }

  fileprivate func divided(by times: Double) -> Self {
    .init(
      contacts: contacts / times, laterContacts: laterContacts / times,
      staffMinutes: staffMinutes / times, cost: cost / times)
  }
}
