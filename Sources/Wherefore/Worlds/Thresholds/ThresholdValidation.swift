import SyntheticWorld

/// `wherefore validate --thresholds`: worlds whose response to the confidence threshold is known, asked
/// what other thresholds would do.
///
/// A world's number is its seed. With a folder every world's figures are kept there as it is done, and a
/// later run goes on where an earlier one was stopped.
public struct ThresholdValidation: Sendable {
  public var regimes: [ThresholdRegime]
  public var worlds: Int
  public var interactions: Int
  public var firstSeed: UInt64
  public var threads: Int
  /// Where finished worlds are kept and taken from; nil: nowhere.
  public var folder: String?

  public init(
    regimes: [ThresholdRegime], worlds: Int, interactions: Int, firstSeed: UInt64 = 1,
    threads: Int, folder: String? = nil
  ) {
    self.regimes = regimes
    self.worlds = worlds
    self.interactions = interactions
    self.firstSeed = firstSeed
    self.threads = threads
    self.folder = folder
  }

  /// The worlds of each regime and what they say together.
  public struct Result: Codable, Sendable {
    public var version: String
    public var worlds: Int
    public var interactions: Int
    public var regimes: [ThresholdResult]
    public var targets: [ThresholdTarget]

    public var passes: Bool { targets.allSatisfy { $0.outcome == .pass } }
  }

  /// Runs the worlds that are not there yet; the result depends neither on how many at once nor on how
  /// often it was interrupted.
  ///
  /// - Throws: `ValidationFolderError` where the folder does not fit, errors of the file system. A
  ///   world that cannot be analysed is no error here: it is counted.
  public func run(progress: RunProgress = .silent) throws -> Result {
    let seeds = (0..<worlds).map { firstSeed + UInt64($0) }
    let done = try WorldQueue(
      regimes: regimes.map(\.rawValue), seeds: seeds, threads: threads, folder: folder,
      interactions: interactions
    ).run(progress: progress) { regime, seed in
      ThresholdFigures.measure(regime: regimes[regime], interactions: interactions, seed: seed)
    }
    let found = zip(regimes, done).map { regime, worlds in
      (regime, seeds.compactMap { worlds[$0] })
    }
    return Result(
      version: WhereforeVersion.current, worlds: worlds, interactions: interactions,
      regimes: found.map { ThresholdResult($0, worlds: $1) },
      targets: ThresholdTarget.all(found))
  }
}
