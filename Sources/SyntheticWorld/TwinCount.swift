import Statistics

/// Counts the contacts that do not happen in twin worlds: one without each mode, one without any
/// system mode, all on the factual world's random numbers.
///
/// A twin's contacts are a subset of the factual ones (removing a mode only lowers expected
/// repeats), so the twin is found by pruning the factual tree instead of simulating again.
package struct TwinCount: Sendable {
  private let tree: CustomerTree
  /// What each twin removes: the modes one by one, then all system modes.
  private let removals: [ModeSet]
  private var avoided: [Int]
  private var happens: [Bool] = []
  /// By contact: what holds on it in the twin world.
  private var modes: [ModeSet] = []
  /// By contact: factor on what it brings.
  private var factors: [Double] = []

  package init(tree: CustomerTree) {
    self.tree = tree
    removals = InjectedMode.allCases.map(\.flag) + [.system]
    avoided = removals.map { _ in 0 }
  }

  /// Counts one customer's contacts, parents before their repeats.
  package mutating func add(_ contacts: [Contact]) {
    guard contacts.contains(where: { $0.parent >= 0 && $0.time >= 0 }) else { return }
    for index in removals.indices {
      avoided[index] += countAvoided(contacts, without: removals[index])
    }
  }

  /// By mode: avoided contacts.
  package var byMode: [String: Int] {
    var result: [String: Int] = [:]
    for mode in InjectedMode.allCases { result[mode.rawValue] = avoided[mode.index] }
    return result
  }

  package var allSystem: Int { avoided[removals.count - 1] }

  private mutating func countAvoided(_ contacts: [Contact], without removed: ModeSet) -> Int {
    countAvoided(contacts) { _ in Change(removed: removed) }
  }

  /// What is otherwise about a contact in a twin world.
  package struct Change: Sendable {
    /// Modes that do not happen on it.
    package var removed: ModeSet
    /// Factor on its expected repeats, at most 1.
    package var factor: Double

    package init(removed: ModeSet = [], factor: Double = 1) {
      self.removed = removed
      self.factor = factor
    }
  }

  /// The log's contacts of one customer that do not happen where each contact of the log is changed
  /// so.
  package mutating func countAvoided(
    _ contacts: [Contact], changing: (Contact) -> Change
  ) -> Int {
    happens.removeAll(keepingCapacity: true)
    modes.removeAll(keepingCapacity: true)
    factors.removeAll(keepingCapacity: true)
    var count = 0
    for contact in contacts {
      let exists = contact.parent < 0 || exists(contact, in: contacts)
      happens.append(exists)
      let change = contact.time >= 0 ? changing(contact) : Change()
      modes.append(modes(of: contact, in: contacts, without: change.removed))
      factors.append(change.factor)
      if !exists && contact.time >= 0 { count += 1 }
    }
    return count
  }

  private func exists(_ contact: Contact, in contacts: [Contact]) -> Bool {
    let index = Int(contact.parent)
    guard happens[index] else { return false }
    let parent = contacts[index]
    guard modes[index] != parent.modes || factors[index] != 1 else { return true }
    return contact.mark
      < factors[index] * tree.expectedRepeats(of: parent, under: modes[index])[contact.origin]
  }

  /// What holds on a contact in the twin world; its parent's modes are known by then.
  private func modes(
    of contact: Contact, in contacts: [Contact], without removed: ModeSet
  ) -> ModeSet {
    let inherits = contact.keepsProblem && contact.parent >= 0
    let parent = inherits ? modes[Int(contact.parent)] : []
    let isAsBefore =
      contact.modes.isDisjoint(with: removed)
      && (!inherits || parent == contacts[Int(contact.parent)].modes)
    guard contact.time >= 0, !isAsBefore else { return contact.modes }
    return tree.conduct.outcome(of: contact, after: parent, without: removed)
  }
}

extension World {
  /// Contacts of the log that do not happen where each of its contacts is changed so, all else on the
  /// same random numbers.
  package func avoided(changing: (Contact) -> TwinCount.Change) -> Int {
    let tree = CustomerTree(parameters, seed: seed)
    var twin = TwinCount(tree: tree)
    var contacts: [Contact] = []
    var count = 0
    let keys = StreamKey.customer.below(seed)
    for number in 0..<customerCount(tree) {
      tree.grow(tree.customer(key: RandomStream.key(keys, UInt64(number))), into: &contacts)
      parameters.prune(&contacts)
      count += twin.countAvoided(contacts, changing: changing)
    }
    return count
  }
}
