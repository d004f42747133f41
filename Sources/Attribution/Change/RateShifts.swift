import FailureModes
import LinearAlgebra
import RepeatContacts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the modes' rates differ between periods: to each mode's pooled model (context, the modes before
/// it, staff intercepts) a shift of the logit for each period, and for staff errors one for each team
/// on top of its members' shrunk intercepts.
///
/// Posterior modes under normal priors (sd 1 for periods, ½ for teams), from the contacts that were
/// looked at and whose own causes are known. With the shifts a period's expected errors are those that
/// were found on what was reviewed in it; what nobody looked at takes the period's rate, never 0.
struct RateShifts: Sendable {
  /// One mode's shifts: of the periods first, then of the teams.
  struct Shifts: Sendable {
    let mode: Int
    let values: [Double]
    let covariance: Matrix
    /// Posterior variance of each staff member's intercept; empty where the mode has none.
    let staffVariance: [Double]
    /// Contacts looked at and found, by period.
    let known: [Double]
    let found: [Double]
  }

  static let periodPrecision = 1.0
  static let teamPrecision = 4.0
  /// Members of a team are not taken to be more alike than this, where few errors let their spread be
  /// estimated as none: what nobody could have seen is not known for sure.
  static let leastStaffSD = 0.2

  let rates: ModeRates
  let shifts: [Shifts]
  let periodCount: Int
  let teamCount: Int
  /// Team of each staff member, −1 none.
  let teamOfStaff: [Int32]

  init(_ fitted: FittedAttribution, classes: ContactClasses) throws {
    rates = fitted.rates
    periodCount = classes.members.count
    teamCount = classes.teams.count
    var team = [Int32](
      repeating: -1, count: fitted.input.table.text("staff_id")?.values.count ?? 0)
    for each in classes.classes where each.staff >= 0 && each.team >= 0 {
      team[each.staff] = Int32(each.team)
    }
    teamOfStaff = team
    var shifts: [Shifts] = []
    for m in fitted.cells.modes.indices where fitted.rates.leftOut[m] == nil {
      guard fitted.rates.rates[m] != nil else { continue }
      shifts.append(try RateShifts.fit(m, fitted, classes, teamCount: teamCount))
    }
    self.shifts = shifts
  }

  func shift(of mode: Int) -> Shifts? { shifts.first { $0.mode == mode } }

  /// The rates in a period, with one mode's logits moved by a further `h`.
  func table(_ period: Int, moving mode: Int? = nil, by h: Double = 0) -> RateTable {
    var shifted = rates
    for each in shifts where teamCount > 0 {
      guard var rate = shifted.rates[each.mode], !rate.staffEffects.isEmpty else { continue }
      for s in rate.staffEffects.indices where teamOfStaff[s] >= 0 {
        rate.staffEffects[s] += each.values[periodCount + Int(teamOfStaff[s])]
      }
      shifted.rates[each.mode] = rate
    }
    var table = RateTable(shifted)
    for each in shifts {
      table.shift(each.mode, by: each.values[period] + (each.mode == mode ? h : 0))
    }
    return table
  }

  /// Cells of a mode's shifts: successes and trials at one logit.
  private struct Row {
    let period: Int
    let team: Int
    let staff: Int
    let logit: Double
    var trials: Double
    var yes: Double
  }

  private static func fit(
    _ mode: Int, _ fitted: FittedAttribution, _ classes: ContactClasses, teamCount: Int
  ) throws -> Shifts {
    let states = fitted.input.modes.state.map(\.storage)
    let parents = fitted.rates.rates[mode]?.parents ?? []
    let table = RateTable(fitted.rates)
    let bit: UInt64 = 1 << UInt64(mode)
    let isStaff = fitted.cells.modes[mode].side == .staff
    let periods = classes.members.count
    let usesTeams = isStaff && teamCount > 1
    var rows: [Row] = []
    var known = [Double](repeating: 0, count: periods)
    var found = known
    for (p, members) in classes.members.enumerated() {
      for member in members {
        let each = classes.classes[member.id]
        let row = Int(fitted.data.row[each.contact])
        guard each.applies & bit != 0, states[mode][row] >= 0 else { continue }
        var mask: UInt64 = 0
        var settled = true
        for parent in parents {
          let state = states[parent][row]
          if state < 0 { settled = false }
          if state == 1 { mask |= 1 << UInt64(parent) }
        }
        guard settled else { continue }
        let probability = table.probability(
          mode, combination: each.combination, staff: each.staff, mask: mask)
        let yes = states[mode][row] == 1 ? member.count : 0
        known[p] += member.count
        found[p] += yes
        rows.append(
          Row(
            period: p, team: usesTeams ? each.team : -1, staff: each.staff,
            logit: log(max(probability, 1e-300) / max(1 - probability, 1e-300)),
            trials: member.count, yes: yes))
      }
    }
    let (values, covariance) = try newton(rows, periods: periods, teams: teamCount)
    return Shifts(
      mode: mode, values: values, covariance: covariance,
      staffVariance: staffVariance(mode, fitted, rows, values, periods: periods), known: known,
      found: found)
  }

  /// 1 / (1 / sd² + information) of each staff member.
  private static func staffVariance(
    _ mode: Int, _ fitted: FittedAttribution, _ rows: [Row], _ theta: [Double], periods: Int
  ) -> [Double] {
    guard let rate = fitted.rates.rates[mode], !rate.staffEffects.isEmpty else { return [] }
    let sd = max(rate.staffSD, leastStaffSD)
    var precision = [Double](repeating: 1 / (sd * sd), count: rate.staffEffects.count)
    for row in rows where row.staff >= 0 {
      let logit = row.logit + theta[row.period] + (row.team < 0 ? 0 : theta[periods + row.team])
      let p = 1 / (1 + exp(-logit))
      precision[row.staff] += row.trials * p * (1 - p)
    }
    return precision.map { 1 / $0 }
  }

  private static func newton(
    _ rows: [Row], periods: Int, teams: Int
  ) throws -> ([Double], Matrix) {
    let n = periods + teams
    let precision = (0..<n).map { $0 < periods ? periodPrecision : teamPrecision }
    var theta = [Double](repeating: 0, count: n)
    for round in 0..<25 {
      var gradient = theta.indices.map { -precision[$0] * theta[$0] }
      var hessian = Matrix(diagonal: precision)
      for row in rows {
        let team = row.team < 0 ? -1 : periods + row.team
        let logit = row.logit + theta[row.period] + (team < 0 ? 0 : theta[team])
        let p = 1 / (1 + exp(-logit))
        let residual = row.yes - row.trials * p
        let weight = row.trials * p * (1 - p)
        gradient[row.period] += residual
        hessian[row.period, row.period] += weight
        guard team >= 0 else { continue }
        gradient[team] += residual
        hessian[team, team] += weight
        hessian[team, row.period] += weight
        hessian[row.period, team] += weight
      }
      let factor = try CholeskyFactor(hessian)
      let step = factor.solve(gradient)
      for k in theta.indices { theta[k] += min(max(step[k], -1), 1) }
      if (step.map(abs).max() ?? 0) < 1e-9 || round == 24 { return (theta, factor.inverse()) }
    }
    return (theta, Matrix(diagonal: precision.map { 1 / $0 }))
  }
}
