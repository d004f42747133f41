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

  func adding(to weeks: [AttributionReport.ChangeResult]) throws -> [AttributionReport.ChangeResult]
  {
    let spans = weeks.compactMap { CalendarSpan($0.week) }
    guard spans.count == weeks.count, spans.count > 1 else { return weeks }
    var result = weeks
    let analysis: ChangeAnalysis
    do {
      analysis = try ChangeAnalysis(
        fitted, spans: spans, probability: probability,
        coefficientCovariance: coefficientCovariance)
    } catch let error as ChangeError {
      for k in result.indices.dropFirst() { result[k].decompositionNote = "\(error)" }
      return result
    }
    // What cannot be compared is not looked at, and asks nothing of what can.
    let comparisons = (1..<weeks.count).count {
      (try? analysis.check($0 - 1)) != nil && (try? analysis.check($0)) != nil
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
    return result
  }
}
