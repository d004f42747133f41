/// What can be said of a score: how often it is right by its value, whether it kept its scale, and what
/// its thresholds are on other scales.
public struct ScoreReport: Codable, Sendable, Equatable {
  /// Calibration of a part of the scores.
  public struct Section: Codable, Sendable, Equatable {
    /// `all`, `topic` (predicted) or `part` (a model version, or a half of the log).
    public var by: String
    public var name: String
    /// Scores of which it is known whether they were right, and their customers.
    public var n: Int
    public var customers: Int
    public var meanScore: Double
    public var right: Double
    public var rightCi95: [Double]
    /// nil where there are too few, as `note` says.
    public var curve: ReliabilityCurve?
    public var error: CalibrationError?
    public var brier: BrierScore?
    public var note: String?

    enum CodingKeys: String, CodingKey {
      case by, name, n, customers, right, curve, error, brier, note
      case meanScore = "mean_score"
      case rightCi95 = "right_ci95"
    }
  }

  /// Name of the column.
  public var score: String
  /// Interactions with a score, and those of them of which it is known whether the intent was right.
  public var scored: Int
  public var reviewed: Int
  /// All first, then the parts of the log in the order of time, then topics by name.
  public var sections: [Section]
  public var drift: ScoreDrift
  /// Of the whole log, or of each part of it where the score changed its scale.
  public var recalibrations: [Recalibration]
  /// Thresholds in force, the most used first, at most `ScoreOptions.thresholds`.
  public var thresholds: [RestatedThreshold]

  enum CodingKeys: String, CodingKey {
    case score, scored, reviewed, sections, drift, recalibrations, thresholds
  }
}

/// Which columns to look at, and how closely.
public struct ScoreOptions: Sendable, Equatable {
  public var score = "intent_confidence"
  /// What the column is called where something is said of it; nil: as it is.
  public var shownScore: String?
  public var version = "model_version"
  public var threshold = "confidence_threshold"
  /// Bins of a curve, where there are enough scores.
  public var bins = 15
  /// Scores of a bin at least, on average.
  public var scoresInBin = 40
  /// Thresholds that are restated, at most.
  public var thresholds = 12
  /// Threads; results do not depend on them.
  public var threads = 1

  public init() {}
}
