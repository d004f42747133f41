import FailureModes
import InteractionLog
import RepeatContacts
import Statistics

/// A second opinion without the link model: later contacts of the same customer within the window,
/// counted raw, compared between interactions with and without the mode (AIPW, effect on the
/// treated), adjusted for context, the modes that come before it, and how often the customer had been
/// in touch in the window before: frequent customers come back more whatever happens.
///
/// Raw counts hold repeats of repeats, so the figure compares with `if_removed`, not with `caused`.
struct DoublyRobust {
  let fitted: FittedAttribution

  func effect(mode: Int) throws -> AttributionReport.Estimate {
    let effect: RawComparison.Effect
    do {
      effect = try comparison(mode: mode).effect()
    } catch .tooFew {
      return .init(
        estimate: nil, ci95: nil,
        note: "fewer than 30 interactions with or without the mode whose whole window is covered")
    } catch .notEstimable(let reason) {
      return .init(estimate: nil, ci95: nil, note: "not estimable: \(reason)")
    } catch .notConverged {
      return .init(estimate: nil, ci95: nil, note: "the adjustment did not converge")
    }
    let cells = fitted.cells
    let all = cells.expectedContacts(fitted.data) { cells.cellMask[$0] & (1 << UInt64(mode)) != 0 }
    let ci = MeanInterval.normal95(effect.estimate, standardError: effect.standardError)
    return .init(estimate: effect.estimate * all, ci95: [ci.lower * all, ci.upper * all])
  }

  /// Interactions with and without a mode.
  ///
  /// - Parameter outcome: by contact; nil: later contacts within the window.
  func comparison(mode: Int, outcome: ((Int) -> Double)? = nil) -> RawComparison {
    let data = fitted.data
    let modes = fitted.input.modes
    let others = modes.modes.indices.filter {
      $0 != mode && fitted.rates.leftOut[$0] == nil && $0 < mode
        && !modes.modes[mode].causes.contains($0)
    }
    return RawComparison(
      fitted,
      .init(
        state: { row in
          modes.applies[mode].storage[row] == 1 ? modes.state[mode].storage[row] : -1
        }, adjusting: others,
        outcome: outcome ?? { RawComparison.laterContacts(data, $0) }))
  }

  /// Interactions with and without any failure of a side; the system's failures are adjusted for where
  /// it is that of staff.
  func comparison(side: FailureModeDeclaration.Side, outcome: ((Int) -> Double)? = nil)
    -> RawComparison
  {
    let data = fitted.data
    let modes = fitted.input.modes
    let all = modes.modes.indices.filter { fitted.rates.leftOut[$0] == nil }
    let own = all.filter { modes.modes[$0].side == side }
    return RawComparison(
      fitted,
      .init(
        state: { row in
          var state: Int8 = -1
          for m in own where modes.applies[m].storage[row] == 1 {
            let one = modes.state[m].storage[row]
            if one == 1 { return 1 }
            state = max(state, one)
          }
          return state
        }, adjusting: side == .staff ? all.filter { modes.modes[$0].side == .system } : [],
        outcome: outcome ?? { RawComparison.laterContacts(data, $0) }))
  }
}
