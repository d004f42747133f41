#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The modes' rates as flat tables of logits, for loops that ask for millions of probabilities.
package struct RateTable: Sendable {
  private let modeCount: Int
  private let combinationCount: Int
  private let staffCount: Int
  private let present: [Bool]
  /// `mode * combinationCount + combination`.
  private let contextLogit: [Double]
  /// Coefficient of a parent in a mode's rate, `mode * modeCount + parent`; 0 for the others.
  private var parentCoefficient: [Double]
  private let parentMask: [UInt64]
  /// `mode * staffCount + staff`.
  private let staffEffect: [Double]
  /// Added to every logit of a mode.
  private var shift: [Double]

  package init(_ rates: ModeRates) {
    let modes = rates.rates.count
    modeCount = modes
    combinationCount = rates.rates.lazy.compactMap { $0?.contextLogit.count }.max() ?? 0
    staffCount = rates.rates.lazy.compactMap { $0?.staffEffects.count }.max() ?? 0
    var present = [Bool](repeating: false, count: modes)
    var context = [Double](repeating: 0, count: modes * combinationCount)
    var parents = [Double](repeating: 0, count: modes * modes)
    var masks = [UInt64](repeating: 0, count: modes)
    var staff = [Double](repeating: 0, count: modes * staffCount)
    for (m, rate) in rates.rates.enumerated() {
      guard let rate else { continue }
      present[m] = true
      for (c, logit) in rate.contextLogit.enumerated() { context[m * combinationCount + c] = logit }
      let offset = rate.coefficients.count - rate.parents.count
      for (k, parent) in rate.parents.enumerated() {
        parents[m * modes + parent] = rate.coefficients[offset + k]
        masks[m] |= 1 << UInt64(parent)
      }
      for (s, effect) in rate.staffEffects.enumerated() { staff[m * staffCount + s] = effect }
    }
    self.present = present
    contextLogit = context
    parentCoefficient = parents
    parentMask = masks
    staffEffect = staff
    shift = [Double](repeating: 0, count: modes)
  }

  /// Whether a mode has a rate.
  package func has(_ mode: Int) -> Bool { present[mode] }

  /// The modes that a mode's rate depends on.
  package func parents(of mode: Int) -> UInt64 { parentMask[mode] }

  /// Probability of a mode that has a rate.
  ///
  /// - Parameters:
  ///   - staff: staff member, −1 for none.
  ///   - mask: the modes that hold; only parents matter.
  package func probability(_ mode: Int, combination: Int, staff: Int, mask: UInt64) -> Double {
    var logit = contextLogit[mode * combinationCount + combination] + shift[mode]
    var parents = mask & parentMask[mode]
    while parents != 0 {
      logit += parentCoefficient[mode * modeCount + parents.trailingZeroBitCount]
      parents &= parents - 1
    }
    if staff >= 0 && staff < staffCount { logit += staffEffect[mode * staffCount + staff] }
    return 1 / (1 + exp(-logit))
  }

  /// Adds to all of a mode's logits.
  package mutating func shift(_ mode: Int, by h: Double) { shift[mode] = h }

  /// Coefficient of a parent.
  package subscript(mode: Int, parent parent: Int) -> Double {
    get { parentCoefficient[mode * modeCount + parent] }
    set { parentCoefficient[mode * modeCount + parent] = newValue }
  }
}
