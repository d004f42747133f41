import Statistics
import Synchronization
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
    let settings = ValidationFolder.Settings(
      version: WhereforeVersion.current, world: World.version, interactions: interactions)
    let store = try folder.map { try ValidationFolder(path: $0, settings: settings) }
    defer { store?.release() }
    var done: [[UInt64: WorldFigures]] = []
    for regime in regimes { done.append(try store?.worlds(of: regime) ?? [:]) }
    // Seed by seed through all regimes: a run that is stopped has as many worlds of each.
    let todo = seeds.flatMap { seed in
      regimes.indices.filter { done[$0][seed] == nil }.map { (regime: $0, seed: seed) }
    }
    let total = max(regimes.count * worlds, 1)
    let before = total - todo.count
    let report = progress.stage("worlds", from: 0, to: 1)
    report(Double(before) / Double(total))
    let queue = Mutex(Queue())
    let finished = parallelMap(count: min(threads, max(todo.count, 1)), threads: threads) { _ in
      var mine: [(regime: Int, world: WorldFigures)] = []
      while let next = queue.withLock({ $0.next(of: todo.count) }) {
        let (regime, seed) = todo[next]
        let world = figures(regimes[regime], seed: seed)
        do {
          try store?.append(world, to: regimes[regime])
        } catch {
          queue.withLock { $0.fail(error) }
          break
        }
        mine.append((regime, world))
        report(Double(before + queue.withLock { $0.finish() }) / Double(total))
      }
      return mine
    }
    if let error = queue.withLock({ $0.failure }) { throw error }
    for (regime, world) in finished.joined() { done[regime][world.seed] = world }
    var results = zip(regimes, done).map { regime, worlds in
      RegimeResult(regime, worlds: seeds.compactMap { worlds[$0] })
    }
    let verdict = Verdict(judging: &results)
    return Result(
      version: WhereforeVersion.current, worlds: worlds, interactions: interactions,
      firstSeed: firstSeed, regimes: results, verdict: verdict)
  }

  /// Which world is next, how many are done, and what went wrong.
  private struct Queue: Sendable {
    private var started = 0
    private var finished = 0
    private(set) var failure: (any Error)?

    mutating func next(of count: Int) -> Int? {
      guard started < count, failure == nil else { return nil }
      started += 1
      return started - 1
    }

    mutating func finish() -> Int {
      finished += 1
      return finished
    }

    mutating func fail(_ error: any Error) { failure = failure ?? error }
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
