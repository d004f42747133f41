import FailureModes
import RepeatContacts
import Statistics

/// The split of an observed cell's expected repeats, per unit of exposure and by delay group.
///
/// With Y(s, h) the repeats under system failures s and staff errors h:
///
///     system, direct        Y(S, H)    − Y(0, H)
///     system, through staff Y(0, H)    − Y(0, H(0))
///     staff, own            Y(0, H(0)) − Y(0, 0)
///     baseline              Y(0, 0)
///
/// H(0) keeps an observed staff error with probability p(0)/p(S), the ratio of its rate without and
/// with the system failures (monotone coupling). A ratio above 1, a system failure that goes with
/// fewer staff errors, is carried as it is: the path's effect is then negative, not clipped.
/// Within a side modes share by asymmetric Shapley values (Frye, Rowat & Feige 2020) that respect
/// the declared order of causes.
package struct CellEffects: Sendable {
  package let design: RepeatRateDesign
  package let cells: ModeCells
  package let layout: EffectLayout
  private let reachable: [UInt64]
  private let shapley: [UInt64: ShapleyWeights]

  /// Ratios of rates are held below this: a rate that is nearly 0 under the failures is no evidence
  /// that a thousand errors were prevented.
  package static let largestRatio = 3.0

  package init(design: RepeatRateDesign, cells: ModeCells) throws {
    self.design = design
    self.cells = cells
    layout = EffectLayout(partCount: cells.parts.count)
    // Modes that each mode can bring about, directly or through others; staff modes follow from any
    // system mode that their rate depends on.
    let count = cells.modes.count
    var reach = [UInt64](repeating: 0, count: count)
    for m in (0..<count).reversed() {
      for effect in cells.modes[m].causes { reach[m] |= (1 << UInt64(effect)) | reach[effect] }
      if cells.modes[m].side == .system {
        for h in 0..<count where cells.modes[h].side == .staff && cells.rates.rates[h] != nil {
          reach[m] |= 1 << UInt64(h)
        }
      }
    }
    reachable = reach
    var shapley: [UInt64: ShapleyWeights] = [:]
    var system: UInt64 = 0
    for m in 0..<count where cells.modes[m].side == .system { system |= 1 << UInt64(m) }
    for mask in cells.cellMask {
      for side in [mask & system, mask & ~system] where side.nonzeroBitCount > 1 {
        guard shapley[side] == nil, side.nonzeroBitCount <= ShapleyWeights.maximumPlayers else {
          continue
        }
        let players = (0..<count).filter { side & (1 << UInt64($0)) != 0 }
        let order = players.map { player in
          players.enumerated().reduce(UInt32(0)) { bits, other in
            reach[other.element] & (1 << UInt64(player)) != 0
              ? bits | (1 << UInt32(other.offset)) : bits
          }
        }
        shapley[side] = try ShapleyWeights(order: order)
      }
    }
    self.shapley = shapley
  }

  /// Effects of observed cell `o` at these coefficients: `groups × layout.count` values, group by
  /// group; the sum over groups weighted by each group's exposure is the cell's effect.
  package func effects(
    _ o: Int, coefficients: [Double], contextPredictor: [Double], weights: [Double],
    rates: ModeRates
  ) -> [Double] {
    let groups = design.form.groupCount
    var out = [Double](repeating: 0, count: groups * layout.count)
    let combination = Int(cells.observedCombination[o])
    let staff = Int(cells.observedStaff[o])
    let context = contextPredictor[combination]
    for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
      let weight = weights[entry]
      guard weight > 0 else { continue }
      let parts = cells.cellParts[Int(cells.mixtureCell[entry])]
      let walker = EntryEffects(
        effects: self, coefficients: coefficients, context: context, combination: combination,
        staff: staff, rates: rates, weight: weight, parts: parts)
      walker.add(to: &out)
    }
    return out
  }

  /// Ratio p(under) / p(factual) of a mode's rate.
  func ratio(
    _ mode: Int, under: UInt64, factual: UInt64, combination: Int, staff: Int, rates: ModeRates
  ) -> Double {
    guard let rate = rates.rates[mode] else { return 1 }
    let before = rate.probability(combination: combination, staff: staff, mask: factual)
    let after = rate.probability(combination: combination, staff: staff, mask: under)
    return min(after / max(before, 1e-12), CellEffects.largestRatio)
  }

  func reach(_ mode: Int) -> UInt64 { reachable[mode] }

  /// Shares of the modes in `mask` (bits of modes, ascending) in the values of their coalitions.
  ///
  /// - Parameter worth: value of each coalition, bit k being the k-th mode of the mask.
  func shares(of mask: UInt64, worth: [Double]) -> [Double] {
    if worth.count == 2 { return [worth[1] - worth[0]] }
    if let weights = shapley[mask] { return weights.values { worth[Int($0)] } }
    // Beyond the exact limit: credit in the declared order of causes, one mode after the other.
    var values: [Double] = []
    var coalition = 0
    for k in 0..<mask.nonzeroBitCount {
      values.append(worth[coalition | (1 << k)] - worth[coalition])
      coalition |= 1 << k
    }
    return values
  }
}
