import Statistics

/// What can have changed between two periods, in the order of cause and effect.
package enum Mechanism: Int, CaseIterable, Sendable {
  case mix, systemRates, failureEffects, staffErrorRates, staffEffects, background

  /// Its name in `attribution.json`.
  package var key: String {
    switch self {
    case .mix: "mix"
    case .systemRates: "system_failure_rates"
    case .failureEffects: "failure_effects"
    case .staffErrorRates: "staff_error_rates"
    case .staffEffects: "staff_effects"
    case .background: "background"
    }
  }
}

/// Shapley values of the mechanisms in the change of caused repeats per 100 interactions.
///
/// A period's figure is a product of mechanisms,
///
///     v = 100 Σ_c P(c) Σ_s P(s | c) Σ_a P(a | c, s) E[κ(c, a, s, H)],  H ~ P(h | c, s, a),
///
/// with contexts c, system failures s, handlers a (AI, or which member of staff) and staff errors H.
/// v(S) takes the mechanisms of S from the later period and the others from the earlier; each
/// mechanism's part is its mean contribution over all orders (Shapley 1953), exactly, from all 64
/// mixtures, so that the parts add up to v(all) − v(none), the periods' own figures. Where a situation
/// occurs in one period only, what would have followed in the other cannot be known: context and failures
/// are taken from its own, and who would have handled it from the other's contacts of the same context
/// (`HandlerLifts`).
struct MechanismGame {
  private static let players = Mechanism.allCases.count

  let tree: SituationTree
  /// κ's expectation of each leaf, `leaf * variants + variant`.
  let leafValues: [Double]
  /// The figure of each mixture of mechanisms, per 100 interactions; bit k: mechanism k is later.
  private(set) var worth: [Double] = []
  /// By mechanism.
  private(set) var shares: [Double] = []
  private let weights: [Double]
  private let lifts: HandlerLifts
  /// Expectations by situation (`handling`), and by context (`rates * 2 + handling`).
  private var situationMean: [[Double]]
  private var contextMean: [[Double]]

  /// - Parameter bareValues: likewise, without staff errors.
  init(
    tree: SituationTree, leafValues: [Double], bareValues: [Double], weights: ShapleyWeights
  ) {
    self.tree = tree
    self.leafValues = leafValues
    lifts = HandlerLifts(tree: tree, leafValues: leafValues, bareValues: bareValues)
    self.weights = weights.coalitionWeights
    let width = LeafRates.variants
    situationMean = [[Double]](
      repeating: [Double](repeating: 0, count: tree.contextOfSituation.count * width), count: 2)
    contextMean = [[Double]](
      repeating: [Double](repeating: 0, count: tree.contextCount * width), count: 4)
    for (l, leaf) in tree.leaves.enumerated() {
      for z in 0..<2 {
        let share = handlingShare(z, leaf: l, situation: leaf.situation)
        guard share > 0 else { continue }
        for v in 0..<width {
          situationMean[z][leaf.situation * width + v] +=
            share * leafValues[l * width + v] * lifts.ratio(z, l, v)
        }
      }
    }
    for (s, c) in tree.contextOfSituation.enumerated() {
      for y in 0..<2 {
        let share = failureShare(y, situation: s, context: c)
        guard share > 0 else { continue }
        for z in 0..<2 {
          for v in 0..<width {
            contextMean[y * 2 + z][c * width + v] += share * situationMean[z][s * width + v]
          }
        }
      }
    }
    worth = (0..<64).map { coalition in
      let of = Sources(coalition)
      var sum = 0.0
      for c in 0..<tree.contextCount {
        sum +=
          mixShare(of.mix, c) * contextMean[of.failures * 2 + of.handling][c * width + of.variant]
      }
      return 100 * sum
    }
    shares = weights.values(ofCoalitions: worth)
  }

  /// Which period each mechanism of a mixture is taken from.
  struct Sources {
    let mix: Int
    let failures: Int
    let handling: Int
    let variant: Int

    init(_ coalition: Int) {
      func later(_ mechanism: Mechanism) -> Int { coalition >> mechanism.rawValue & 1 }
      mix = later(.mix)
      failures = later(.systemRates)
      handling = later(.staffEffects)
      variant =
        later(.failureEffects) * LeafRates.effects + later(.staffErrorRates) * LeafRates.errors
        + later(.background) * LeafRates.level
    }
  }

  private func mixShare(_ x: Int, _ context: Int) -> Double {
    tree.contextCounts[x][context] / tree.total[x]
  }

  /// The period that a context's failures are taken from: the other one where it does not occur.
  private func failurePeriod(_ y: Int, _ context: Int) -> Int {
    tree.contextCounts[y][context] > 0 ? y : 1 - y
  }

  private func failureShare(_ y: Int, situation: Int, context: Int) -> Double {
    let t = failurePeriod(y, context)
    return tree.situationCount[t][situation] / tree.contextCounts[t][context]
  }

  private func handlingPeriod(_ z: Int, _ situation: Int) -> Int {
    tree.situationCount[z][situation] > 0 ? z : 1 - z
  }

  private func handlingShare(_ z: Int, leaf: Int, situation: Int) -> Double {
    let t = handlingPeriod(z, situation)
    return tree.leafCount[t][leaf] / tree.situationCount[t][situation]
  }

  /// How much each mixture's weights reach a situation: `(handling * variants + variant) * players + k`.
  private func reach(_ situation: Int) -> [Double] {
    let width = LeafRates.variants
    let players = MechanismGame.players
    let context = tree.contextOfSituation[situation]
    var result = [Double](repeating: 0, count: 2 * width * players)
    for coalition in 0..<64 {
      let of = Sources(coalition)
      let share =
        100 * mixShare(of.mix, context)
        * failureShare(of.failures, situation: situation, context: context)
      guard share > 0 else { continue }
      let place = (of.handling * width + of.variant) * players
      for k in 0..<players { result[place + k] += weights[coalition * players + k] * share }
    }
    return result
  }

  /// Each mechanism's share as a linear function of the leaves' values: what a leaf's value in a
  /// variant weighs, `(leaf * variants + variant) * players + k`; and the influence of one contact of
  /// each period in a leaf on the shares (the derivative of the frequencies), `leaf * players + k`.
  func weightsAndInfluence() -> (weight: [Double], influence: [[Double]]) {
    let width = LeafRates.variants
    let players = MechanismGame.players
    let reach = tree.contextOfSituation.indices.map { self.reach($0) }
    let situations = situationInfluence()
    let contexts = contextInfluence()
    var weight = [Double](repeating: 0, count: tree.leaves.count * width * players)
    var influence = [[Double]](
      repeating: [Double](repeating: 0, count: tree.leaves.count * players), count: 2)
    var reached = [[Double]](repeating: weight, count: 2)
    for (l, leaf) in tree.leaves.enumerated() {
      let (s, c) = (leaf.situation, leaf.context)
      for t in 0..<2 where tree.leafCount[t][l] > 0 {
        for k in 0..<players {
          influence[t][l * players + k] =
            contexts[t][c * players + k] + situations[t][s * players + k]
        }
      }
      for z in 0..<2 {
        let t = handlingPeriod(z, s)
        let share = tree.leafCount[t][l] / tree.situationCount[t][s]
        guard share > 0 else { continue }
        let each = 1 / tree.situationCount[t][s]
        for v in 0..<width {
          let ratio = lifts.ratio(z, l, v)
          let deviation =
            (leafValues[l * width + v] * ratio - situationMean[z][s * width + v]) * each
          for k in 0..<players {
            let q = reach[s][(z * width + v) * players + k]
            reached[z][(l * width + v) * players + k] = q * share
            weight[(l * width + v) * players + k] += q * share * ratio
            influence[t][l * players + k] += q * deviation
          }
        }
      }
    }
    lifts.addInfluence(
      players: players, reached: reached, weight: &weight, influence: &influence)
    return (weight, influence)
  }

  private func situationInfluence() -> [[Double]] {
    let width = LeafRates.variants
    let players = MechanismGame.players
    var result = [[Double]](
      repeating: [Double](repeating: 0, count: tree.contextOfSituation.count * players), count: 2)
    for (s, c) in tree.contextOfSituation.enumerated() {
      for coalition in 0..<64 {
        let of = Sources(coalition)
        let t = failurePeriod(of.failures, c)
        guard tree.situationCount[t][s] > 0 else { continue }
        let deviation =
          100 * mixShare(of.mix, c) / tree.contextCounts[t][c]
          * (situationMean[of.handling][s * width + of.variant]
            - contextMean[of.failures * 2 + of.handling][c * width + of.variant])
        for k in 0..<players {
          result[t][s * players + k] += weights[coalition * players + k] * deviation
        }
      }
    }
    return result
  }

  private func contextInfluence() -> [[Double]] {
    let width = LeafRates.variants
    let players = MechanismGame.players
    var result = [[Double]](
      repeating: [Double](repeating: 0, count: tree.contextCount * players), count: 2)
    for coalition in 0..<64 {
      let of = Sources(coalition)
      for c in 0..<tree.contextCount {
        let mean = 100 * contextMean[of.failures * 2 + of.handling][c * width + of.variant]
        let deviation = (mean - worth[coalition]) / tree.total[of.mix]
        for k in 0..<players {
          result[of.mix][c * players + k] += weights[coalition * players + k] * deviation
        }
      }
    }
    return result
  }
}
