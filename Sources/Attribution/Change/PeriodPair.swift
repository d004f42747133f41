import LinearAlgebra
import RepeatContacts
import Statistics

/// Two periods compared: the mechanisms' shares, the failures that moved, satisfaction, all with
/// their errors.
struct PeriodPair {
  /// The six mechanisms' shares of the caused repeats, then the coincidental contacts' difference.
  static let quantities = Mechanism.allCases.count + 1
  private static let coincidentalPlace = Mechanism.allCases.count

  let analysis: ChangeAnalysis
  let periods: [Int]
  let comparisons: Int
  let values: [Double]
  let covariance: Matrix
  /// Caused repeats per 100 interactions in both periods.
  let caused: [Double]
  let moved: [AttributionReport.FailureChange]
  let satisfaction: SatisfactionChange?

  init(_ analysis: ChangeAnalysis, from: Int, to: Int, comparisons: Int) {
    self.analysis = analysis
    self.comparisons = comparisons
    periods = [from, to]
    let (tree, rates, frames, game) = analysis.situation(periods)
    let coincidental = analysis.coincidental
    values = game.shares + [coincidental.per100(to) - coincidental.per100(from)]
    caused = [game.worth[0], game.worth[63]]
    let (weight, influence) = game.weightsAndInfluence()
    let sampling = CustomerInfluence(analysis, periods: periods, tree: tree)
    let players = Mechanism.allCases.count
    let byClass = sampling.byClass(width: players) { t, leaf, k in
      influence[t][leaf * players + k]
    }
    covariance =
      sampling.covariance(width: PeriodPair.quantities) { contact, t, member, sum in
        let base = member * players
        for k in 0..<players { sum[k] += byClass[t][base + k] }
        let own = coincidental.influence(contact, t == 0 ? from : to)
        sum[players] += t == 0 ? -own : own
      }
      + PeriodPair.parameterCovariance(
        analysis, periods: periods, tree: tree, rates: rates, frames: frames, weight: weight,
        shares: game.shares)
    let moves = FailureMoves(rates, tree: tree, frames: frames)
    moved = moves.ranked(analysis, periods: periods, sampling: sampling)
    satisfaction = SatisfactionChange(analysis, periods: periods)
  }

  /// Estimate and interval of a sum of the quantities.
  func estimate(_ places: [Int]) -> AttributionReport.Estimate {
    var (value, variance) = (0.0, 0.0)
    for i in places {
      value += values[i]
      for j in places { variance += covariance[i, j] }
    }
    return .init(
      estimate: value, ci95: TotalEstimates.interval(value, max(variance, 0).squareRoot()))
  }

  func places(_ mechanism: Mechanism) -> [Int] {
    mechanism == .background
      ? [mechanism.rawValue, PeriodPair.coincidentalPlace] : [mechanism.rawValue]
  }

  func decomposition(sentence: String) -> AttributionReport.ChangeDecomposition {
    let whole = estimate(Array(0..<PeriodPair.quantities))
    return .init(
      from: period(0), to: period(1), difference: whole, verdict: verdict(whole),
      mechanisms: Mechanism.allCases.map { mechanism in
        if let note = blindness(mechanism) {
          return .init(mechanism: mechanism.key, estimate: nil, ci95: nil, note: note)
        }
        let part = estimate(places(mechanism))
        return .init(
          mechanism: mechanism.key, estimate: part.estimate, ci95: part.ci95, note: part.note)
      },
      baseline: estimate([Mechanism.background.rawValue]),
      coincidental: estimate([PeriodPair.coincidentalPlace]), moved: moved,
      csat: satisfaction?.estimate, csatVerdict: satisfaction?.verdict ?? .notTold,
      sentence: sentence)
  }

  /// Why the log shows nothing of a mechanism; nil where it does.
  private func blindness(_ mechanism: Mechanism) -> String? {
    let fitted = analysis.fitted
    return switch mechanism {
    case .mix, .background: nil
    case .systemRates: fitted.systemNote
    case .staffErrorRates: fitted.staffNote
    case .failureEffects: fitted.systemNote == nil ? nil : fitted.staffNote
    case .staffEffects: fitted.input.table.text("handled_by") == nil ? fitted.staffNote : nil
    }
  }

  /// Whether a difference is told from none, over all comparisons that are made.
  func verdict(_ estimate: AttributionReport.Estimate)
    -> AttributionReport.ChangeDecomposition.Verdict
  {
    guard let value = estimate.estimate, let ci = estimate.ci95 else { return .notTold }
    let family = NormalDistribution.quantile(1 - 0.025 / Double(max(comparisons, 1)))
    let reach = (ci[1] - ci[0]) / 2 * family / NormalDistribution.quantile975
    return value > reach ? .rose : value < -reach ? .fell : .notTold
  }

  func period(_ t: Int) -> AttributionReport.ComparedPeriod {
    let span = analysis.spans[periods[t]]
    let coincidental = analysis.coincidental.per100(periods[t])
    return .init(
      period: span.description, from: span.firstDay, to: span.lastDay, days: span.days.count,
      daysInLog: span.days.clamped(to: analysis.logDays).count,
      interactions: Int(analysis.classes.count(periods[t])),
      repeatsPer100: caused[t] + coincidental, causedPer100: caused[t],
      coincidentalPer100: coincidental, csat: satisfaction?.means[t],
      exposure: analysis.exposure[periods[t]])
  }
}

extension PeriodPair {
  /// By the delta method: deviations of κ by period, pooled coefficients, shifts of the rates.
  private static func parameterCovariance(
    _ analysis: ChangeAnalysis, periods: [Int], tree: SituationTree, rates: LeafRates,
    frames: [LeafRates.Frame], weight: [Double], shares: [Double]
  ) -> Matrix {
    let gradient = MechanismGradient(
      rates, tree: tree, frames: frames, weight: weight,
      teamOfStaff: analysis.shifts.teamOfStaff, teamCount: analysis.classes.teams.count)
    let drift = analysis.drift
    var result = Matrix(rows: quantities, columns: quantities)
    for t in 0..<2 {
      var slopes = widened(gradient.drift[t])
      for (side, sign) in [(0, -1.0), (1, 1.0)] {
        let exposures = analysis.coincidental.exposures[periods[side]]
        guard exposures > 0 else { continue }
        for k in 0..<slopes.rows {
          slopes[k, coincidentalPlace] +=
            sign * 100 * drift.ownSlope[periods[side]][periods[t]][k] / exposures
        }
      }
      result = result + sandwich(slopes, drift.covariance[periods[t]])
    }
    result =
      result + sandwich(widened(gradient.coefficients), analysis.coefficientCovariance)
    let teams = analysis.shifts.teamCount
    let count = analysis.shifts.periodCount
    for shift in analysis.shifts.shifts {
      let m = shift.mode
      let places = periods + (0..<teams).map { count + $0 }
      var slopes = Matrix(rows: places.count, columns: quantities)
      for k in 0..<Mechanism.allCases.count {
        for t in 0..<2 { slopes[t, k] = gradient.rates[t][m, k] }
        for team in 0..<teams { slopes[2 + team, k] = gradient.teams[m * teams + team, k] }
      }
      if analysis.unknownModes.contains(m) {
        for t in 0..<2 {
          let h = 0.02
          let moved = analysis.situation(periods, moving: m, of: t, by: h).game.shares
          for k in moved.indices { slopes[t, k] += (moved[k] - shares[k]) / h }
        }
      }
      result =
        result + sandwich(slopes, shift.covariance.submatrix(rows: places, columns: places))
      let members = shift.staffVariance.count
      for (s, variance) in shift.staffVariance.enumerated() {
        for a in 0..<Mechanism.allCases.count {
          for b in 0..<Mechanism.allCases.count {
            result[a, b] +=
              variance * gradient.staff[m * members + s, a] * gradient.staff[m * members + s, b]
          }
        }
      }
    }
    return result
  }

  private static func widened(_ matrix: Matrix) -> Matrix {
    var result = Matrix(rows: matrix.rows, columns: quantities)
    for r in 0..<matrix.rows { for c in 0..<matrix.columns { result[r, c] = matrix[r, c] } }
    return result
  }

  private static func sandwich(_ slopes: Matrix, _ covariance: Matrix) -> Matrix {
    slopes.transposed * covariance * slopes
  }
}
