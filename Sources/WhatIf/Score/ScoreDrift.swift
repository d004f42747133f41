import Statistics

/// Whether the score kept its scale from one part of the log to the next.
///
/// Two tests for each pair of neighbours in time, Holm's correction over all: do the scores of the
/// same topics and channels lie otherwise, and does the same score mean another chance of being right?
public struct ScoreDrift: Codable, Sendable, Equatable {
  public struct Test: Codable, Sendable, Equatable {
    /// `distribution` or `meaning`.
    public var name: String
    public var from: String
    public var to: String
    /// Largest difference in standard errors, or Wald's statistic; nil where there is no answer.
    public var statistic: Double?
    public var p: Double?
    /// p after Holm's correction over all tests.
    public var adjustedP: Double?
    /// `distribution`: share of scores up to `at`, in each part, topics and channels alike.
    /// `meaning`: chance of being right at the score `at`, in each part.
    public var at: Double?
    public var before: Double?
    public var after: Double?
    public var note: String?

    enum CodingKeys: String, CodingKey {
      case name, from, to, statistic, p, at, before, after, note
      case adjustedP = "adjusted_p"
    }
  }

  /// The parts compared, in the order of time.
  public var groups: [String]
  /// Whether they are versions that the log names; else halves of its time.
  public var areVersions: Bool
  public var tests: [Test]
  /// Whether a threshold must not be compared across the parts as it stands.
  public var warns: Bool
  public var sentence: String

  enum CodingKeys: String, CodingKey {
    case groups, tests, warns, sentence
    case areVersions = "are_versions"
  }

  /// Chance of a warning where nothing changed.
  static let level = 0.05

  package init(_ sample: ScoreSample, _ groups: ScoreGroups) throws {
    self.groups = groups.names
    areVersions = groups.areVersions
    var tests: [Test] = []
    for later in groups.names.indices.dropFirst() {
      let pair = ScorePair(sample, groups, from: later - 1, to: later)
      tests.append(try pair.distributionTest())
      tests.append(try pair.meaningTest())
    }
    Self.adjust(&tests)
    self.tests = tests
    let found = tests.filter { ($0.adjustedP ?? 1) < Self.level }
    warns = !found.isEmpty
    sentence = Self.sentence(found, groups, answered: tests.contains { $0.p != nil })
  }

  /// Holm 1979, Scand. J. Statist. 6, 65 - 70.
  static func adjust(_ tests: inout [Test]) {
    let order = tests.indices.filter { tests[$0].p != nil }
      .sorted { (tests[$0].p ?? 1, $0) < (tests[$1].p ?? 1, $1) }
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, (tests[index].p ?? 1) * Double(order.count - rank)))
      tests[index].adjustedP = largest
    }
  }

  private static func sentence(_ found: [Test], _ groups: ScoreGroups, answered: Bool) -> String {
    let parts = groups.areVersions ? "model versions" : "the halves of the log"
    guard answered else { return "Whether the score kept its scale cannot be tested here." }
    guard let first = found.first else {
      return "No sign that the score changed its scale between \(parts)."
    }
    let what =
      found.contains { $0.name == "meaning" }
      ? "The same score means something else" : "Scores of the same topics lie otherwise"
    return "\(what) from \(first.from) to \(first.to): a threshold of one is not a threshold of "
      + "the other. Compare thresholds within each, or on the recalibrated scale."
  }
}
