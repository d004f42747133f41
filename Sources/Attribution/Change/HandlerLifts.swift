/// What staff errors multiply the repeats of contacts by, on average over those who handle contacts of
/// one context, in either period.
///
/// A situation (context and system failures) that occurs in one period only has no handlers of its own
/// in the other. Were they taken from its own period, what a new team brings with it would pass for the
/// system failing otherwise: the rarer the situations, the more. Staff take a contact by its context
/// rather than by what has failed on it, so that the other period's value of such a situation is its own
/// value times the ratio of both periods' lifts in its context. Where one of the periods has fewer than
/// `fewest` such contacts the lifts of all contexts stand in, and the value is left as it is where one
/// has no staff at all.
struct HandlerLifts {
  /// Fewest contacts of either period for which a context's own lifts are used.
  static let fewest = 10.0

  private let tree: SituationTree
  private let leafValues: [Double]
  /// Values without staff errors, `leaf * variants + variant`.
  private let bareValues: [Double]
  /// Context, handler's kind and possible staff modes of each leaf; −1 where staff cannot err. The last
  /// group is all of them.
  private let groupOfLeaf: [Int32]
  private let all: Int
  /// By period: contacts of each group, and their mean lift, `group * variants + variant`.
  private let count: [[Double]]
  private let mean: [[Double]]

  init(tree: SituationTree, leafValues: [Double], bareValues: [Double]) {
    self.tree = tree
    self.leafValues = leafValues
    self.bareValues = bareValues
    let width = LeafRates.variants
    var numbers: [Key: Int32] = [:]
    let groups = tree.leaves.map { leaf -> Int32 in
      guard leaf.staffModes != 0 else { return -1 }
      let key = Key(combination: leaf.combination, staffModes: leaf.staffModes)
      let number = numbers[key] ?? Int32(numbers.count)
      numbers[key] = number
      return number
    }
    groupOfLeaf = groups
    let last = numbers.count
    all = last
    var count = [[Double]](repeating: [Double](repeating: 0, count: last + 1), count: 2)
    var mean = [[Double]](
      repeating: [Double](repeating: 0, count: (last + 1) * width), count: 2)
    for t in 0..<2 {
      for l in groups.indices where groups[l] >= 0 && tree.leafCount[t][l] > 0 {
        for group in [Int(groups[l]), last] {
          count[t][group] += tree.leafCount[t][l]
          for v in 0..<width where bareValues[l * width + v] > 0 {
            mean[t][group * width + v] +=
              tree.leafCount[t][l] * leafValues[l * width + v] / bareValues[l * width + v]
          }
        }
      }
      for group in 0...last where count[t][group] > 0 {
        for v in 0..<width { mean[t][group * width + v] /= count[t][group] }
      }
    }
    self.count = count
    self.mean = mean
  }

  private struct Key: Hashable {
    let combination: Int
    let staffModes: UInt64
  }

  /// The group whose lifts turn a leaf's value of the other period into that of period `z`; nil where
  /// there is nothing to turn.
  private func group(_ z: Int, _ leaf: Int) -> Int? {
    let own = Int(groupOfLeaf[leaf])
    guard own >= 0, tree.situationCount[z][tree.leaves[leaf].situation] == 0 else { return nil }
    if min(count[0][own], count[1][own]) >= Self.fewest { return own }
    return min(count[0][all], count[1][all]) >= Self.fewest ? all : nil
  }

  /// What a leaf's value is multiplied by where period `z` handles it.
  func ratio(_ z: Int, _ leaf: Int, _ variant: Int) -> Double {
    guard let group = group(z, leaf) else { return 1 }
    return ratio(z, group: group, variant)
  }

  private func ratio(_ z: Int, group: Int, _ variant: Int) -> Double {
    let place = group * LeafRates.variants + variant
    let (to, from) = (mean[z][place], mean[1 - z][place])
    return to > 0 && from > 0 ? to / from : 1
  }

  /// What the ratios add to the influence of the leaves' frequencies and to the weight of their values.
  ///
  /// - Parameters:
  ///   - reached: what the shares gain from a leaf handled by a period, in each variant and by player:
  ///     `(leaf * variants + variant) * players + k`, by period.
  func addInfluence(
    players: Int, reached: [[Double]], weight: inout [Double], influence: inout [[Double]]
  ) {
    let width = LeafRates.variants
    // By period that handles, group and variant: what a relative move of the ratio moves.
    var amount = [[Double]](
      repeating: [Double](repeating: 0, count: (all + 1) * width * players), count: 2)
    for z in 0..<2 {
      for l in tree.leaves.indices {
        guard let group = group(z, l) else { continue }
        for v in 0..<width {
          let place = l * width + v
          let value = leafValues[place] * ratio(z, group: group, v)
          for k in 0..<players {
            amount[z][(group * width + v) * players + k] +=
              reached[z][place * players + k] * value
          }
        }
      }
    }
    for l in tree.leaves.indices where groupOfLeaf[l] >= 0 {
      for group in [Int(groupOfLeaf[l]), all] {
        for t in 0..<2 where tree.leafCount[t][l] > 0 {
          let n = count[t][group]
          for v in 0..<width {
            let lift = mean[t][group * width + v]
            let bare = bareValues[l * width + v]
            guard lift > 0, bare > 0 else { continue }
            let own = leafValues[l * width + v] / bare
            for k in 0..<players {
              // Up with the lift of the period that handles, down with that of the other.
              let base = (group * width + v) * players + k
              let each = (amount[t][base] - amount[1 - t][base]) / (n * lift)
              guard each != 0 else { continue }
              influence[t][l * players + k] += each * (own - lift)
              weight[(l * width + v) * players + k] += each * tree.leafCount[t][l] / bare
            }
          }
        }
      }
    }
  }
}
