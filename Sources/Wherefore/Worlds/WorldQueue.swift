import Statistics
import Synchronization
import SyntheticWorld

/// Worlds of several regimes, seed by seed through all of them, so that a run that is stopped has as many
/// of each; those that a folder has already are taken from there.
struct WorldQueue {
  let regimes: [String]
  let seeds: [UInt64]
  let threads: Int
  /// Where finished worlds are kept and taken from; nil: nowhere.
  let folder: String?
  let interactions: Int

  /// Measures the worlds that are not there yet, as many at once as there are threads.
  ///
  /// - Returns: by regime, the worlds by seed.
  /// - Throws: `ValidationFolderError` where the folder does not fit, errors of the file system.
  func run<World: FinishedWorld>(
    progress: RunProgress, measure: @escaping @Sendable (_ regime: Int, _ seed: UInt64) -> World
  ) throws -> [[UInt64: World]] {
    let settings = ValidationFolder.Settings(
      version: WhereforeVersion.current, world: SyntheticWorld.World.version,
      interactions: interactions)
    let store = try folder.map { try ValidationFolder(path: $0, settings: settings) }
    defer { store?.release() }
    var done: [[UInt64: World]] = []
    for regime in regimes { done.append(try store?.worlds(of: regime) ?? [:]) }
    let todo = seeds.flatMap { seed in
      regimes.indices.filter { done[$0][seed] == nil }.map { (regime: $0, seed: seed) }
    }
    let total = max(regimes.count * seeds.count, 1)
    let before = total - todo.count
    let report = progress.stage("worlds", from: 0, to: 1)
    report(Double(before) / Double(total))
    let place = Mutex(Place())
    let finished = parallelMap(count: min(threads, max(todo.count, 1)), threads: threads) { _ in
      var mine: [(regime: Int, world: World)] = []
      while let next = place.withLock({ $0.next(of: todo.count) }) {
        let (regime, seed) = todo[next]
        let world = measure(regime, seed)
        do {
          try store?.append(world)
        } catch {
          place.withLock { $0.fail(error) }
          break
        }
        mine.append((regime, world))
        report(Double(before + place.withLock { $0.finish() }) / Double(total))
      }
      return mine
    }
    if let error = place.withLock({ $0.failure }) { throw error }
    for (regime, world) in finished.joined() { done[regime][world.seed] = world }
    return done
  }

  /// Which world is next, how many are done, and what went wrong.
  private struct Place: Sendable {
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
}
