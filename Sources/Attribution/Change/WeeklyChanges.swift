import InteractionLog
import LinearAlgebra
import RepeatContacts
import Statistics

/// The decomposition of each listed week against the one listed before it.
struct WeeklyChanges {
  let fitted: FittedAttribution
  let coefficientCovariance: Matrix
  /// Of every candidate pair under the pooled fit.
  let probability: [Double]

  /// The weeks with their decompositions, and what those compare by interaction; nil where there is
  /// nothing to compare.
  func adding(
    to weeks: [AttributionReport.ChangeResult]
  ) throws -> (weeks: [AttributionReport.ChangeResult], ledger: ChangeLedger?) {
    let spans = weeks.compactMap { CalendarSpan($0.week) }
    guard spans.count == weeks.count, spans.count > 1 else { return (weeks, nil) }
    var result = weeks
    let analysis: ChangeAnalysis
    do {
      analysis = try ChangeAnalysis(
        fitted, spans: spans, probability: probability,
        coefficientCovariance: coefficientCovariance)
    } catch let error as ChangeError {
      for k in result.indices.dropFirst() { result[k].decompositionNote = "\(error)" }
      return (result, nil)
    }
    // What cannot be compared is not looked at, and asks nothing of what can.
    let comparisons = (1..<weeks.count).count {
      analysis.isComparable($0 - 1) && analysis.isComparable($0)
    }
    let outcomes = parallelMap(count: weeks.count - 1, threads: fitted.options.threads) { k in
      Result { try analysis.decomposition(from: k, to: k + 1, comparisons: comparisons) }
    }
    for (k, outcome) in outcomes.enumerated() {
      do {
        result[k + 1].decomposition = try outcome.get()
      } catch let error as ChangeError {
        result[k + 1].decompositionNote = "\(error)"
      }
    }
    return (result, analysis.ledger(threads: fitted.options.threads))
  }
}

extension ChangeAnalysis {
  /// What each contact of the periods that can be compared adds to its own period's figures.
  func ledger(threads: Int) -> ChangeLedger {
    let byMember = parallelMap(count: spans.count, threads: threads) { period in
      isComparable(period) ? causedByMember(period) : nil
    }
    var causedByClass = [[Double]](repeating: [], count: spans.count)
    for (period, values) in byMember.enumerated() {
      guard let values else { continue }
      causedByClass[period] = [Double](repeating: 0, count: classes.classes.count)
      for (member, value) in zip(classes.members[period], values) {
        causedByClass[period][member.id] = value
      }
    }
    var ledger = ChangeLedger()
    for i in 0..<fitted.data.count {
      let period = Int(classes.periodOfContact[i])
      guard period >= 0, !causedByClass[period].isEmpty else { continue }
      ledger.append(
        row: fitted.data.row[i], caused: causedByClass[period][Int(classes.ofContact[i])],
        coincidental: coincidental.count[i], exposure: coincidental.exposure[i])
    }
    return ledger
  }

  func isComparable(_ period: Int) -> Bool {
    do {
      try check(period)
      return true
    } catch {
      return false
    }
  }

  /// κ of each class of a period's contacts under the period's own mechanisms.
  private func causedByMember(_ period: Int) -> [Double] {
    let periods = [period, period]
    let tables = periods.map { shifts.table($0) }
    let tree = SituationTree(fitted, classes, periods: periods, tables: tables, coarse: coarse)
    let rates = LeafRates(
      fitted, drift: drift, periods: periods, tables: tables, teams: classes.teams)
    let values = zip(rates.frames(tree), tree.leaves).map { frame, leaf in
      let weights = rates.weights(frame, rates.errorRates(frame, leaf, period: 0))
      return zip(weights, frame.sets).reduce(0.0) {
        $0 + $1.0 * rates.kappa(frame, leaf, $1.1, effects: 0, level: 0).mean
      }
    }
    return tree.leavesOfClass[0].map { list in
      list.reduce(0) { $0 + $1.weight * values[Int($1.leaf)] }
    }
  }
}
