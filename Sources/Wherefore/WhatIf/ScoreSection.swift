import InteractionLog
import Report
import WhatIf

/// What is said of the score beside a what-if: how often it is right, and whether it kept its scale.
struct ScoreSection: Encodable, Sendable {
  /// nil where nothing can be said, as `note` says.
  let report: ScoreReport?
  let note: String?

  /// - Parameters:
  ///   - column: where the score stands in the table; `shown` is its name for readers.
  /// - Throws: what `LinearAlgebra` and `Statistics` throw at numbers that are none.
  init(_ table: InteractionTable, column: String, shown: String, threads: Int) throws {
    var options = ScoreOptions()
    (options.score, options.threads) = (column, threads)
    do {
      var report = try ScoreAnalysis(table, options: options).report()
      report.score = shown
      (self.report, note) = (report, nil)
    } catch let error as ScoreError {
      (report, note) = (nil, "\(error)")
    }
  }
}
