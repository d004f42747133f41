import SyntheticWorld

/// `wherefore validate`: worlds with known truth, analysed as a log would be, in every regime.
///
/// A world's number is its seed. With a folder every world's figures are kept there as it is done
/// (`ValidationFolder`), and a later run goes on where an earlier one was stopped.
public struct Validation: Sendable {
  public var regimes: [Regime]
  public var worlds: Int
  public var interactions: Int
  public var firstSeed: UInt64
  public var threads: Int
  /// The checks that refit the model run in every so many worlds, the first included; 0: in none.
  public var checkEvery: Int
  /// Where finished worlds are kept and taken from; nil: nowhere.
  public var folder: String?

  public init(
    regimes: [Regime], worlds: Int, interactions: Int, firstSeed: UInt64, threads: Int,
    checkEvery: Int = 0, folder: String? = nil
  ) {
    self.regimes = regimes
    self.worlds = worlds
    self.interactions = interactions
    self.firstSeed = firstSeed
    self.threads = threads
    self.checkEvery = checkEvery
    self.folder = folder
  }

  /// The worlds of each regime and what they say together.
  public struct Result: Codable, Sendable {
    public var version: String
    /// Worlds asked for in each regime.
    public var worlds: Int
    public var interactions: Int
    public var firstSeed: UInt64
    public var regimes: [RegimeResult]
    public var verdict: Verdict
  }

  /// Runs the worlds that are not there yet, as many at once as there are threads; the result depends
  /// neither on that nor on how often it was interrupted.
  ///
  /// - Throws: `ValidationFolderError` where the folder does not fit, errors of the file system. A
  ///   world that cannot be analysed is no error here: it is counted.
  public func run(progress: RunProgress = .silent) throws -> Result {
    let seeds = (0..<worlds).map { firstSeed + UInt64($0) }
    let done = try WorldQueue(
      regimes: regimes.map(\.rawValue), seeds: seeds, threads: threads, folder: folder,
      interactions: interactions
    ).run(progress: progress) { regime, seed in figures(regimes[regime], seed: seed) }
    var results = zip(regimes, done).map { regime, worlds in
      RegimeResult(regime, worlds: seeds.compactMap { worlds[$0] })
    }
    let verdict = Verdict(judging: &results)
    return Result(
      version: WhereforeVersion.current, worlds: worlds, interactions: interactions,
      firstSeed: firstSeed, regimes: results, verdict: verdict)
  }

  private func figures(_ regime: Regime, seed: UInt64) -> WorldFigures {
    let checked = checkEvery > 0 && (seed - firstSeed) % UInt64(checkEvery) == 0
    do {
      return try WorldFigures.measure(
        regime: regime, interactions: interactions, seed: seed, threads: 1, modelChecks: checked)
    } catch {
      return WorldFigures(regime: regime, seed: seed, failure: "\(error)")
    }
  }
}
