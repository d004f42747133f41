import Execution
import RepeatContacts
import Statistics

/// Effects of observed cells under parameters that can be moved one at a time; one thread's working
/// memory.
final class EffectEvaluator {
  let effects: CellEffects
  let cells: ModeCells
  /// κ's linear predictor of each context combination.
  private let contextPredictor: [Double]
  private let coefficients: Scratch<Double>
  private var rates: RateTable
  /// Mixture weights; those of a cell at hand are recomputed where rates are moved.
  private(set) var weights: [Double]
  private let centreWeights: [Double]
  private var contextShift = 0.0
  private var ratesMoved = false

  // The settled cell at hand.
  private var context = 0.0
  var weight = 0.0
  private var combination = 0
  private var staff = 0
  /// κ × weight of each subset of its parts (NaN: not asked for yet), and the group it falls in.
  let values: Scratch<Double>
  private let groups: Scratch<Int32>
  /// Probability that exactly a subset of the staff errors remains; ratios by error.
  private let kept: Scratch<Double>
  private let ratios: Scratch<Double>

  init(effects: CellEffects, coefficients: [Double], rates: ModeRates, weights: [Double]) {
    self.effects = effects
    cells = effects.cells
    contextPredictor = effects.design.contextPredictor(coefficients)
    self.coefficients = Scratch(count: coefficients.count, repeating: 0)
    self.rates = RateTable(rates)
    self.weights = weights
    centreWeights = weights
    let most = effects.mostParts
    values = Scratch(count: 1 << most, repeating: .nan)
    groups = Scratch(count: 1 << most, repeating: 0)
    kept = Scratch(count: 1 << most, repeating: 0)
    ratios = Scratch(count: most + 1, repeating: 0)
    for (k, value) in coefficients.enumerated() { self.coefficients.base[k] = value }
  }

  /// Effects of observed cell `o`: `groups × layout.count` values, group by group, written over `out`.
  func effects(of o: Int, into out: UnsafeMutablePointer<Double>) {
    let width = effects.layout.count
    for k in 0..<(effects.design.form.groupCount * width) { out[k] = 0 }
    forEachSettled(o) { add(effects.plans[$0], to: out) }
  }

  /// Calls `body` with the plan of each cell of an observed cell's mixture, its weight and context in
  /// hand.
  @inline(__always) func forEachSettled(_ o: Int, _ body: (_ plan: Int) -> Void) {
    combination = Int(cells.observedCombination[o])
    staff = Int(cells.observedStaff[o])
    context = contextPredictor[combination] + contextShift
    if ratesMoved { cells.weigh(o, rates, into: &weights) }
    for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
      weight = weights[entry]
      guard weight > 0 else { continue }
      body(Int(effects.planOfCell[Int(cells.mixtureCell[entry])]))
    }
    if ratesMoved {
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        weights[entry] = centreWeights[entry]
      }
    }
  }

  // MARK: Moves

  /// Runs `body` with the context's linear predictor moved.
  func withContext(movedBy h: Double, _ body: () -> Void) {
    contextShift = h
    body()
    contextShift = 0
  }

  /// Runs `body` with one coefficient of κ (not the context's) moved.
  func withCoefficient(_ column: Int, movedBy h: Double, _ body: () -> Void) {
    let centre = coefficients.base[column]
    coefficients.base[column] = centre + h
    body()
    coefficients.base[column] = centre
  }

  /// Runs `body` with all logits of a mode's rate moved.
  func withRate(of mode: Int, movedBy h: Double, _ body: () -> Void) {
    rates.shift(mode, by: h)
    ratesMoved = cells.hasUnknown
    body()
    rates.shift(mode, by: 0)
    ratesMoved = false
  }

  /// Runs `body` with a parent's coefficient in a mode's rate moved.
  func withParent(_ parent: Int, ofRate mode: Int, movedBy h: Double, _ body: () -> Void) {
    let centre = rates[mode, parent: parent]
    rates[mode, parent: parent] = centre + h
    ratesMoved = cells.hasUnknown
    body()
    rates[mode, parent: parent] = centre
    ratesMoved = false
  }

  // MARK: One settled cell

  /// κ × weight with exactly these parts.
  @inline(__always) func value(_ plan: PartPlan, _ subset: Int) -> Double {
    let known = values.base[subset]
    if known == known { return known }
    let predictor = context + plan.predictor(subset, UnsafePointer(coefficients.base))
    let result =
      weight * (effects.response?.mean(predictor) ?? effects.design.form.link.mean(predictor))
    values.base[subset] = result
    groups.base[subset] = Int32(plan.group(subset))
    return result
  }

  /// Adds `amount` × κ of a subset to a slot, in the group that the subset falls in.
  @inline(__always) private func put(
    _ plan: PartPlan, _ subset: Int, _ amount: Double, _ slot: Int,
    _ out: UnsafeMutablePointer<Double>
  ) {
    let amount = amount * value(plan, subset)
    out[Int(groups.base[subset]) * effects.layout.count + slot] += amount
  }

  private func add(_ plan: PartPlan, to out: UnsafeMutablePointer<Double>) {
    let all = (1 << plan.parts.count) - 1
    for subset in 0...all { values.base[subset] = .nan }
    put(plan, 0, 1, EffectLayout.baseline, out)
    guard all != 0 else { return }
    if !plan.system.isEmpty {
      put(plan, all, 1, EffectLayout.systemDirect, out)
      put(plan, plan.allErrors, -1, EffectLayout.systemDirect, out)
      addSystemShares(plan, to: out)
    }
    if !plan.errors.isEmpty {
      addThroughStaff(plan, to: out)
      addStaffOwn(plan, to: out)
    }
    let layout = effects.layout
    for place in plan.parts.indices {
      let part = Int(plan.parts[place])
      put(plan, all, 1, layout.switchedOff(part), out)
      put(plan, all & ~(1 << place), -1, layout.switchedOff(part), out)
      // What goes when a mode is removed together with the failures that it induces.
      put(plan, all, 1, layout.removed(part), out)
      forEachRemainder(plan, without: 1 << place) { left, probability in
        put(plan, left, -probability, layout.removed(part), out)
      }
    }
  }

  /// Shapley shares of the system modes in Y(S, H) − Y(0, H).
  private func addSystemShares(_ plan: PartPlan, to out: UnsafeMutablePointer<Double>) {
    let shares = plan.systemShares
    for (c, coalition) in shares.coalitions.enumerated() {
      let subset = PartPlan.spread(coalition, over: plan.system) | plan.allErrors
      for (k, place) in plan.system.enumerated() {
        let share = shares.weights[c * shares.playerCount + k]
        if share != 0 {
          put(plan, subset, share, effects.layout.caused(Int(plan.parts[place])), out)
        }
      }
    }
  }

  /// Shapley shares of the system modes in Y(0, H) − Y(0, H(0)): the worth of a coalition is what is
  /// expected when only its members had failed.
  private func addThroughStaff(_ plan: PartPlan, to out: UnsafeMutablePointer<Double>) {
    let shares = plan.systemShares
    guard shares.playerCount > 0 else { return }
    for (c, coalition) in shares.coalitions.enumerated() {
      fillKept(plan, under: plan.modes(of: PartPlan.spread(coalition, over: plan.system)))
      for bits in 0..<(1 << plan.errors.count) where kept.base[bits] != 0 {
        let subset = PartPlan.spread(bits, over: plan.errors)
        for (k, place) in plan.system.enumerated() {
          let share = shares.weights[c * shares.playerCount + k]
          put(
            plan, subset, share * kept.base[bits],
            effects.layout.caused(Int(plan.parts[place])), out)
        }
      }
    }
  }

  /// Staff, own: E[κ(0, H(0))] − κ(0, 0), shared among the errors, and the path through staff.
  private func addStaffOwn(_ plan: PartPlan, to out: UnsafeMutablePointer<Double>) {
    fillKept(plan, under: 0)
    let shares = plan.errorShares
    for bits in 0..<(1 << plan.errors.count) where kept.base[bits] != 0 {
      let p = kept.base[bits]
      let subset = PartPlan.spread(bits, over: plan.errors)
      if !plan.system.isEmpty { put(plan, subset, -p, EffectLayout.systemThroughStaff, out) }
      put(plan, subset, p, EffectLayout.staffOwn, out)
      for (c, coalition) in shares.coalitions.enumerated() {
        // Errors outside the coalition are off; those inside are kept with their probability.
        let inside = PartPlan.spread(bits & coalition, over: plan.errors)
        for (k, place) in plan.errors.enumerated() {
          put(
            plan, inside, p * shares.weights[c * shares.playerCount + k],
            effects.layout.caused(Int(plan.parts[place])), out)
        }
      }
    }
    if !plan.system.isEmpty {
      put(plan, plan.allErrors, 1, EffectLayout.systemThroughStaff, out)
    }
    put(plan, 0, -1, EffectLayout.staffOwn, out)
  }

  /// Ratio p(under) / p(factual) of a mode's rate.
  func ratio(_ mode: Int, under: UInt64, factual: UInt64) -> Double {
    guard rates.has(mode) else { return 1 }
    let before = rates.probability(mode, combination: combination, staff: staff, mask: factual)
    let after = rates.probability(mode, combination: combination, staff: staff, mask: under)
    return min(after / max(before, 1e-12), CellEffects.largestRatio)
  }

  /// Probability that exactly a subset of the errors remains when only the system modes in `under`
  /// had failed.
  private func fillKept(_ plan: PartPlan, under: UInt64) {
    for (k, place) in plan.errors.enumerated() {
      ratios.base[k] = ratio(plan.modes[place], under: under, factual: plan.systemMask)
    }
    for bits in 0..<(1 << plan.errors.count) {
      var product = 1.0
      for k in plan.errors.indices {
        product *= bits & (1 << k) != 0 ? ratios.base[k] : 1 - ratios.base[k]
      }
      kept.base[bits] = product
    }
  }
}
