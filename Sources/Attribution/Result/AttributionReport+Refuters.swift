extension AttributionReport {
  /// One attempt to refute the attribution, with what it found for the split and for every mode.
  public struct Refuter: Codable, Sendable {
    public var refuter: String
    /// The gravest verdict of its results.
    public var verdict: Verdict
    /// In plain words: what was done, what would show that the attribution is wrong.
    public var meaning: String
    public var results: [RefuterResult]

    public init(refuter: String, verdict: Verdict, meaning: String, results: [RefuterResult]) {
      self.refuter = refuter
      self.verdict = verdict
      self.meaning = meaning
      self.results = results
    }
  }

  /// What one refuter found for one figure.
  public struct RefuterResult: Codable, Sendable {
    public enum Kind: String, Codable, Sendable { case split, mode }
    public var kind: Kind
    /// A part of the split or a failure mode.
    public var target: String
    public var verdict: Verdict
    /// What a sound attribution gives; nil where nothing could be tried.
    public var expected: Double?
    public var observed: Double?
    /// Of what was observed, where it has one.
    public var ci95: [Double]?
    /// Chance of so much or more where the attribution is sound, before and after counting that
    /// several figures were looked at (Holm 1979); nil where the verdict is no test's.
    public var p: Double?
    public var adjustedP: Double?
    public var meaning: String

    public init(
      kind: Kind, target: String, verdict: Verdict, expected: Double?, observed: Double?,
      ci95: [Double]?, p: Double?, adjustedP: Double?, meaning: String
    ) {
      self.kind = kind
      self.target = target
      self.verdict = verdict
      self.expected = expected
      self.observed = observed
      self.ci95 = ci95
      self.p = p
      self.adjustedP = adjustedP
      self.meaning = meaning
    }

    enum CodingKeys: String, CodingKey {
      case kind, target, verdict, expected, observed, ci95, p, meaning
      case adjustedP = "adjusted_p"
    }
  }
}
