import FailureModes
import RepeatContacts

/// The effects of one settled cell of a mixture: every mode known, parts in order of mode.
struct EntryEffects {
  let effects: CellEffects
  let coefficients: [Double]
  let context: Double
  let combination: Int
  let staff: Int
  let rates: ModeRates
  let weight: Double
  /// System parts and staff parts that hold, in order of mode.
  private let system: [Int32]
  private let errors: [Int32]
  private let mask: UInt64
  private let systemMask: UInt64

  init(
    effects: CellEffects, coefficients: [Double], context: Double, combination: Int, staff: Int,
    rates: ModeRates, weight: Double, parts: [Int32]
  ) {
    self.effects = effects
    self.coefficients = coefficients
    self.context = context
    self.combination = combination
    self.staff = staff
    self.rates = rates
    self.weight = weight
    let cells = effects.cells
    func isSystem(_ part: Int32) -> Bool {
      cells.modes[cells.parts[Int(part)].mode].side == .system
    }
    system = parts.filter(isSystem)
    errors = parts.filter { !isSystem($0) }
    var mask: UInt64 = 0
    var systemMask: UInt64 = 0
    for part in parts {
      let bit: UInt64 = 1 << UInt64(cells.parts[Int(part)].mode)
      mask |= bit
      if isSystem(part) { systemMask |= bit }
    }
    self.mask = mask
    self.systemMask = systemMask
  }

  /// κ with these parts, times the entry's weight, and the delay group it falls in.
  private func value(_ parts: [Int32]) -> (value: Double, group: Int) {
    let cells = effects.cells
    var mask: UInt64 = 0
    for part in parts { mask |= 1 << UInt64(cells.parts[Int(part)].mode) }
    return (
      weight * effects.design.mean(parts: parts, context: context, coefficients: coefficients),
      effects.design.form.group(mask: mask)
    )
  }

  private func subset(_ parts: [Int32], _ bits: Int) -> [Int32] {
    parts.indices.filter { bits & (1 << $0) != 0 }.map { parts[$0] }
  }

  func add(to out: inout [Double]) {
    let layout = effects.layout
    let groups = effects.design.form.groupCount
    let width = layout.count
    func put(_ slot: Int, _ group: Int, _ amount: Double) { out[group * width + slot] += amount }

    let bare = value([])
    put(EffectLayout.baseline, bare.group, bare.value)
    if system.isEmpty && errors.isEmpty { return }

    // κ(0, H') for every subset H' of the staff errors.
    let errorValues = (0..<(1 << errors.count)).map { value(subset(errors, $0)) }
    let all = value(system.isEmpty ? errors : merged(system, errors))
    let whole = errorValues[errorValues.count - 1]
    put(EffectLayout.systemDirect, all.group, all.value)
    put(EffectLayout.systemDirect, whole.group, -whole.value)

    addSystemShares(to: &out)
    let kept = keptProbabilities(under: 0)
    addThroughStaff(to: &out, errorValues: errorValues)
    // staff, own: E[κ(0, H(0))] − κ(0, 0), shared among the errors.
    if !errors.isEmpty {
      for (bits, p) in kept.enumerated() {
        put(EffectLayout.systemThroughStaff, errorValues[bits].group, -p * errorValues[bits].value)
        put(EffectLayout.staffOwn, errorValues[bits].group, p * errorValues[bits].value)
      }
      put(EffectLayout.systemThroughStaff, whole.group, whole.value)
      put(EffectLayout.staffOwn, bare.group, -bare.value)
      for g in 0..<groups {
        let worth = (0..<errorValues.count).map { coalition -> Double in
          // Errors outside the coalition are off; those inside are kept with their probability.
          var sum = 0.0
          for (bits, p) in kept.enumerated() where errorValues[bits & coalition].group == g {
            sum += p * errorValues[bits & coalition].value
          }
          return sum
        }
        let shares = effects.shares(of: mask & ~systemMask, worth: worth)
        for (k, share) in shares.enumerated() { put(layout.caused(Int(errors[k])), g, share) }
      }
    }
    addSwitchedOff(to: &out, all: all)
    addRemoved(to: &out, all: all)
  }

  /// Shapley shares of the system modes in Y(S, H) − Y(0, H).
  private func addSystemShares(to out: inout [Double]) {
    guard !system.isEmpty else { return }
    let width = effects.layout.count
    let values = (0..<(1 << system.count)).map { value(merged(subset(system, $0), errors)) }
    for g in 0..<effects.design.form.groupCount {
      let worth = values.map { $0.group == g ? $0.value : 0 }
      let shares = effects.shares(of: systemMask, worth: worth)
      for (k, share) in shares.enumerated() {
        out[g * width + effects.layout.caused(Int(system[k]))] += share
      }
    }
  }

  /// Shapley shares of the system modes in Y(0, H) − Y(0, H(0)): the worth of a coalition is what is
  /// expected when only its members had failed.
  private func addThroughStaff(
    to out: inout [Double], errorValues: [(value: Double, group: Int)]
  ) {
    guard !system.isEmpty, !errors.isEmpty else { return }
    let width = effects.layout.count
    let kept = (0..<(1 << system.count)).map { keptProbabilities(under: systemBits($0)) }
    for g in 0..<effects.design.form.groupCount {
      let worth = kept.map { probabilities -> Double in
        var sum = 0.0
        for (bits, p) in probabilities.enumerated() where errorValues[bits].group == g {
          sum += p * errorValues[bits].value
        }
        return sum
      }
      let shares = effects.shares(of: systemMask, worth: worth)
      for (k, share) in shares.enumerated() {
        out[g * width + effects.layout.caused(Int(system[k]))] += share
      }
    }
  }

  /// Probability that exactly these errors remain when only the system modes in `under` had failed.
  private func keptProbabilities(under: UInt64) -> [Double] {
    let ratios = errors.map { part in
      effects.ratio(
        effects.cells.parts[Int(part)].mode, under: under, factual: systemMask,
        combination: combination, staff: staff, rates: rates)
    }
    return (0..<(1 << errors.count)).map { bits in
      ratios.indices.reduce(1.0) { $0 * (bits & (1 << $1) != 0 ? ratios[$1] : 1 - ratios[$1]) }
    }
  }

  private func systemBits(_ bits: Int) -> UInt64 {
    system.indices.reduce(UInt64(0)) {
      bits & (1 << $1) != 0
        ? $0 | (1 << UInt64(effects.cells.parts[Int(system[$1])].mode)) : $0
    }
  }

  private func addSwitchedOff(to out: inout [Double], all: (value: Double, group: Int)) {
    let parts = merged(system, errors)
    let width = effects.layout.count
    for part in parts {
      let without = value(parts.filter { $0 != part })
      let slot = effects.layout.switchedOff(Int(part))
      out[all.group * width + slot] += all.value
      out[without.group * width + slot] -= without.value
    }
  }

  /// What goes when a mode is removed together with the failures that it induces.
  private func addRemoved(to out: inout [Double], all: (value: Double, group: Int)) {
    let parts = merged(system, errors)
    let width = effects.layout.count
    for part in parts {
      let slot = effects.layout.removed(Int(part))
      out[all.group * width + slot] += all.value
      let mode = effects.cells.parts[Int(part)].mode
      remains(
        parts, at: 0, without: mode, left: [], leftMask: 0, probability: 1, slot: slot,
        width: width, out: &out)
    }
  }

  /// Walks the parts in causal order; each that the removed mode can have brought about stays with
  /// the ratio of its rates under what is left and under what was.
  private func remains(
    _ parts: [Int32], at index: Int, without mode: Int, left: [Int32], leftMask: UInt64,
    probability: Double, slot: Int, width: Int, out: inout [Double]
  ) {
    guard probability != 0 else { return }
    guard index < parts.count else {
      let rest = value(left)
      out[rest.group * width + slot] -= probability * rest.value
      return
    }
    let part = parts[index]
    let own = effects.cells.parts[Int(part)].mode
    let bit: UInt64 = 1 << UInt64(own)
    func go(_ left: [Int32], _ leftMask: UInt64, _ p: Double) {
      remains(
        parts, at: index + 1, without: mode, left: left, leftMask: leftMask, probability: p,
        slot: slot, width: width, out: &out)
    }
    if own == mode { return go(left, leftMask, probability) }
    guard effects.reach(mode) & bit != 0 else { return go(left + [part], leftMask | bit, probability) }
    let ratio = effects.ratio(
      own, under: leftMask, factual: mask & (bit - 1), combination: combination, staff: staff,
      rates: rates)
    go(left + [part], leftMask | bit, probability * ratio)
    if ratio != 1 { go(left, leftMask, probability * (1 - ratio)) }
  }

  /// Two ascending lists of parts as one.
  private func merged(_ a: [Int32], _ b: [Int32]) -> [Int32] { (a + b).sorted() }
}
