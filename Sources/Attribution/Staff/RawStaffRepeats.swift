import Execution
import RepeatContacts

/// The repeats that the customary rule counts after the contacts of a group (those with a staff error,
/// those of a team), and where the link model says that they came from.
///
/// Contact i of the group is followed by j, the next contact of the customer (and topic) within the
/// rule's window. With p the links' probabilities and q_k the share of i's expected repeats that is
/// part k of the split,
///
///     of the customer's own accord      1 − Σ_i' p_i'j
///     brought by another contact        Σ_{i' ≠ i} p_i'j
///     brought by i, part k              p_ij q_k(i)
///
/// which add up to 1 for every counted repeat, and so to the raw count.
package struct RawStaffRepeats: Sendable {
  /// Where a counted repeat came from.
  package enum Origin: Int, CaseIterable, Sendable {
    case ownAccord, otherContact, baseline, systemDirect, systemThroughStaff, staffOwn

    /// Place of the part in the effect layout; nil for those that contact i did not bring.
    package var part: Int? {
      switch self {
      case .ownAccord, .otherContact: nil
      case .baseline: EffectLayout.baseline
      case .systemDirect: EffectLayout.systemDirect
      case .systemThroughStaff: EffectLayout.systemThroughStaff
      case .staffOwn: EffectLayout.staffOwn
      }
    }
  }

  /// A counted repeat: the contact of the group, the one that follows it, and the place of their pair.
  package struct Counted: Sendable {
    package let prior: Int32
    package let later: Int32
    /// −1: too far apart for the model's window.
    package let pair: Int
  }

  /// By group.
  package let counted: [[Counted]]
  package let tree: LinkTree
  /// q by observed cell and part of the split, `cell * 4 + part`.
  package let shares: [Double]

  /// - Parameters:
  ///   - groups: by group, whether each contact of the tree is in it.
  ///   - following: the contact that the rule counts after each, −1 for none.
  package init(groups: [[Bool]], following: [Int32], tree: LinkTree, shares: [Double]) {
    self.tree = tree
    self.shares = shares
    let data = tree.data
    counted = groups.map { group in
      group.indices.compactMap { i -> Counted? in
        guard group[i], following[i] >= 0 else { return nil }
        let j = Int(following[i])
        let first = Int(data.firstPrior[j])
        return Counted(
          prior: Int32(i), later: Int32(j), pair: i >= first ? data.pairStart[j] + i - first : -1)
      }
    }
  }

  /// Place of a group's repeats of one origin in `values`.
  package static func place(_ group: Int, _ origin: Origin) -> Int {
    group * Origin.allCases.count + origin.rawValue
  }

  /// Expected repeats by group and origin under probabilities of the tree's pairs.
  package func values(_ probability: [Double]) -> [Double] { sums(probability) { $0 } }

  /// Variance of what was realised, given the log and the parameters: each counted repeat has one
  /// origin. Negative shares, which a chance cannot be, count as none.
  package func realisedVariance() -> [Double] { sums(tree.probability, worth: Self.variance) }

  /// The same of a group's repeats of any of several origins.
  func realisedVariance(_ group: Int, _ origins: [Origin]) -> Double {
    counted[group].reduce(0) { sum, one in
      var chance = 0.0
      forEachOrigin(one, tree.probability) { if origins.contains($0) { chance += $1 } }
      return sum + Self.variance(chance)
    }
  }

  private static func variance(_ value: Double) -> Double {
    let chance = min(max(value, 0), 1)
    return chance * (1 - chance)
  }

  /// Probability of each origin of a counted repeat under probabilities of the tree's pairs, in the
  /// order of `Origin.allCases`.
  @inline(__always) private func forEachOrigin(
    _ one: Counted, _ probability: [Double], _ body: (Origin, Double) -> Void
  ) {
    let data = tree.data
    var any = 0.0
    for pair in data.pairStart[Int(one.later)]..<data.pairStart[Int(one.later) + 1] {
      any += probability[pair]
    }
    let own = one.pair >= 0 ? probability[one.pair] : 0
    let cell = Int(data.cell[Int(one.prior)])
    for origin in Origin.allCases {
      var chance = origin == .ownAccord ? 1 - any : any - own
      if let part = origin.part { chance = own * shares[cell * 4 + part] }
      body(origin, chance)
    }
  }

  /// Probability of each origin of a counted repeat, by `Origin.rawValue`.
  package func origins(_ one: Counted) -> [Double] {
    var result = [Double](repeating: 0, count: Origin.allCases.count)
    forEachOrigin(one, tree.probability) { result[$0.rawValue] = $1 }
    return result
  }

  /// Σ over the counted repeats, by group and origin, of what the probability of the origin is worth.
  private func sums(_ probability: [Double], worth: (Double) -> Double) -> [Double] {
    var result = [Double](repeating: 0, count: counted.count * Origin.allCases.count)
    for (g, list) in counted.enumerated() {
      for one in list {
        forEachOrigin(one, probability) { result[Self.place(g, $0)] += worth($1) }
      }
    }
    return result
  }

  /// Σ p_ij by group and cell of the contact that brought: what the shares' derivatives weigh.
  package func broughtByCell(cellCount: Int) -> [[Double]] {
    counted.map { list in
      var sums = [Double](repeating: 0, count: cellCount)
      for one in list where one.pair >= 0 {
        sums[Int(tree.data.cell[Int(one.prior)])] += tree.probability[one.pair]
      }
      return sums
    }
  }

  /// The contact that the rule counts after each contact, −1 for none.
  package static func following(_ data: LinkData, _ rule: RuleCount) -> [Int32] {
    let contact = data.contactOfRow(rowCount: rule.next.count)
    return data.row.map { row in
      let next = rule.next[Int(row)]
      return next >= 0 ? contact[Int(next)] : -1
    }
  }
}
