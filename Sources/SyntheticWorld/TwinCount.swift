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
    happens.removeAll(keepingCapacity: true)
    var count = 0
    for contact in contacts {
      let exists = contact.parent < 0 || exists(contact, in: contacts, without: removed)
      happens.append(exists)
      if !exists && contact.time >= 0 { count += 1 }
    }
    return count
  }

  private func exists(
    _ contact: Contact, in contacts: [Contact], without removed: ModeSet
  ) -> Bool {
    guard happens[Int(contact.parent)] else { return false }
    let parent = contacts[Int(contact.parent)]
    guard parent.time >= 0, !parent.modes.isDisjoint(with: removed) else { return true }
    let modes = tree.conduct.outcome(of: parent, without: removed)
    let expected = tree.expectedRepeats(of: parent, under: modes)
    return contact.mark < (contact.origin == .retry ? expected.retry : expected.usual)
  }
}
