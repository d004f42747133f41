import InteractionLog
import LinearAlgebra
import RepeatContacts

/// The decomposition of each listed week against the one listed before it.
struct WeeklyChanges {
  let fitted: FittedAttribution
  let coefficientCovariance: Matrix?
  /// Of every candidate pair under the pooled fit.
  let probability: [Double]

  func adding(to weeks: [AttributionReport.ChangeResult]) throws -> [AttributionReport.ChangeResult]
  {
    let spans = weeks.compactMap { CalendarSpan($0.week) }
    guard spans.count == weeks.count, spans.count > 1 else { return weeks }
    let analysis = try ChangeAnalysis(
      fitted, spans: spans, probability: probability, coefficientCovariance: coefficientCovariance)
    var result = weeks
    for k in 1..<weeks.count {
      do {
        result[k].decomposition = try analysis.decomposition(from: k - 1, to: k)
      } catch let error as ChangeError {
        result[k].decompositionNote = "\(error)"
      }
    }
    return result
  }
}
