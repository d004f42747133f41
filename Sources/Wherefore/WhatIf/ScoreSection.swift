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
  ///   - isAlone: whether nothing else was asked, so that a score that says nothing is an error.
  /// - Throws: `ScoreError`; what `LinearAlgebra` and `Statistics` throw at numbers that are none.
  init(
    _ table: InteractionTable, column: String, shown: String, isAlone: Bool, threads: Int
  ) throws {
    var options = ScoreOptions()
    (options.score, options.shownScore, options.threads) = (column, shown, threads)
    do {
      (report, note) = (try ScoreAnalysis(table, options: options).report(), nil)
    } catch let error as ScoreError where !isAlone {
      (report, note) = (nil, "\(error)")
    }
  }
}
