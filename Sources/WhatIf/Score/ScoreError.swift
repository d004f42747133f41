/// Why nothing can be said of a score.
public enum ScoreError: Error, Sendable, Equatable {
  /// No column of numbers of this name.
  case noColumn(name: String, known: [String])
  /// The column has no value in any row.
  case noValues(name: String)
  /// All rows have the same score.
  case constant(name: String, value: Double, rows: Int)
  /// A score outside 0...1.
  case outside(name: String, interaction: String, value: Double)
  /// No row has a score, a predicted and an actual intent.
  case nothingReviewed(name: String, scored: Int)
}

extension ScoreError: CustomStringConvertible {
  /// The wording: what was wrong, what was expected, what to do.
  public var description: String {
    switch self {
    case .noColumn(let name, let known):
      "The log has no column of scores called '\(name)'. Expected a column of numbers from 0 to 1"
        + (known.isEmpty ? "." : ", one of \(known.joined(separator: ", ")).")
    case .noValues(let name):
      "The column '\(name)' has no value in any row. Expected the classifier's score, 0 to 1, of "
        + "the interactions that it classified: let the log carry it."
    case .constant(let name, let value, let rows):
      "All \(rows) scores in '\(name)' are \(value). A threshold on them decides nothing; expected "
        + "scores that differ: look at where the column comes from."
    case .outside(let name, let interaction, let value):
      "Interaction \(interaction) has \(value) in '\(name)'. Expected a score from 0 to 1: divide "
        + "percentages by 100 with a derived column."
    case .nothingReviewed(let name, let scored):
      "None of the \(scored) interactions with a score in '\(name)' has both intent_predicted and "
        + "intent_actual. Expected a sample whose true intent was looked at: without it nobody can "
        + "say how often a score is right."
    }
  }
}
