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
  /// What an outcome's linear predictor makes of it; nil: repeats, under the design's own link.
  let response: BinaryLink?
  private let reachable: [UInt64]
  /// One plan per distinct list of parts, and the plan of each settled cell.
  let plans: [PartPlan]
  let planOfCell: [Int32]
  /// Parts of the longest list.
  let mostParts: Int

  /// Ratios of rates are held below this: a rate that is nearly 0 under the failures is no evidence
  /// that a thousand errors were prevented.
  package static let largestRatio = 3.0

  package init(design: RepeatRateDesign, cells: ModeCells, response: BinaryLink? = nil) throws {
    self.design = design
    self.response = response
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
    var plans: [PartPlan] = []
    var placeOfList: [[Int32]: Int32] = [:]
    planOfCell = cells.cellParts.map { parts in
      if let place = placeOfList[parts] { return place }
      let place = Int32(plans.count)
      plans.append(PartPlan(parts: parts, design: design, shapley: shapley))
      placeOfList[parts] = place
      return place
    }
    mostParts = plans.map(\.parts.count).max() ?? 0
    self.plans = plans
  }

  func reach(_ mode: Int) -> UInt64 { reachable[mode] }
}
