import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import Statistics
import Synchronization

/// `wherefore validate --refuters`: how often each refuter raises an alarm in worlds that the analysis
/// describes rightly, and in worlds built to be wrong.
public struct RefuterValidation: Sendable {
  public var worlds: [FlawedWorld]
  public var count: Int
  public var interactions: Int
  public var firstSeed: UInt64
  public var threads: Int
  public var refuters: [RefuterName]

  public init(
    worlds: [FlawedWorld] = FlawedWorld.allCases, count: Int, interactions: Int,
    firstSeed: UInt64 = 1, threads: Int, refuters: [RefuterName] = RefuterName.allCases
  ) {
    self.worlds = worlds
    self.count = count
    self.interactions = interactions
    self.firstSeed = firstSeed
    self.threads = threads
    self.refuters = refuters
  }

  /// Alarms of each refuter in each kind of world.
  public struct Result: Codable, Sendable {
    public var interactions: Int
    public var worlds: [Kind]

    public struct Kind: Codable, Sendable {
      public var world: String
      public var isSound: Bool
      public var aimedAt: [String]
      public var refuters: [Row]
      /// Worlds that could not be analysed, and why the first could not.
      public var failed: Int
      public var failure: String?

      enum CodingKeys: String, CodingKey {
        case world, refuters, failed, failure
        case isSound = "is_sound"
        case aimedAt = "aimed_at"
      }
    }

    public struct Row: Codable, Sendable {
      public var refuter: String
      /// Worlds in which it could be tried, and in how many it warned or failed, and failed.
      public var tried: Int
      public var alarms: Int
      public var fails: Int
      /// Alarms by figure.
      public var byTarget: [String: Int]

      enum CodingKeys: String, CodingKey {
        case refuter, tried, alarms, fails
        case byTarget = "by_target"
      }
    }
  }

  public func run(progress: RunProgress = .silent) -> Result {
    let todo = worlds.indices.flatMap { w in (0..<count).map { (world: w, number: $0) } }
    let report = progress.stage("worlds", from: 0, to: 1)
    let done = Mutex(0)
    let found = parallelMap(count: todo.count, threads: threads) { k in
      let (world, number) = todo[k]
      let result = Swift.Result {
        try RefuterValidation.refuters(
          worlds[world], interactions: interactions, seed: firstSeed + UInt64(number),
          names: refuters)
      }
      report(
        Double(
          done.withLock {
            $0 += 1
            return $0
          }) / Double(todo.count))
      return result
    }
    let kinds = worlds.indices.map { w -> Result.Kind in
      let list = Array(found[(w * count)..<((w + 1) * count)])
      var kind = Result.Kind(
        world: worlds[w].rawValue, isSound: worlds[w].isSound,
        aimedAt: worlds[w].aimedAt.map(\.rawValue), refuters: [], failed: 0, failure: nil)
      var runs: [[AttributionReport.Refuter]] = []
      for result in list {
        switch result {
        case .success(let run): runs.append(run)
        case .failure(let error):
          kind.failed += 1
          kind.failure = kind.failure ?? "\(error)"
        }
      }
      kind.refuters = RefuterName.allCases.filter { refuters.contains($0) }.map {
        RefuterValidation.row($0, runs)
      }
      return kind
    }
    return Result(interactions: interactions, worlds: kinds)
  }

  private static func row(_ name: RefuterName, _ runs: [[AttributionReport.Refuter]])
    -> Result.Row
  {
    var row = Result.Row(refuter: name.rawValue, tried: 0, alarms: 0, fails: 0, byTarget: [:])
    for run in runs {
      guard let refuter = run.first(where: { $0.refuter == name.rawValue }),
        refuter.verdict != .notApplicable
      else { continue }
      row.tried += 1
      if refuter.verdict != .pass { row.alarms += 1 }
      if refuter.verdict == .fail { row.fails += 1 }
      for result in refuter.results where result.verdict == .warn || result.verdict == .fail {
        row.byTarget[result.target, default: 0] += 1
      }
    }
    return row
  }

  /// The refuters' results on one world.
  static func refuters(
    _ world: FlawedWorld, interactions: Int, seed: UInt64, names: [RefuterName]
  ) throws -> [AttributionReport.Refuter] {
    let (table, study) = world.log(interactions: interactions, seed: seed)
    let modes = try ModeTable.build(study: study, table: table)
    var options = AttributionOptions(seed: seed, threads: 1)
    options.modelChecks = false
    options.refuters = names
    let provenance = AttributionReport.Provenance(
      version: WhereforeVersion.current, studySHA256: "", logSHA256: "", seed: seed,
      rowsRead: table.count, rowsRejected: 0)
    let outcome = try AttributionEngine(options: options).run(
      AttributionInput(
        table: table, modes: modes, study: study, customers: nil, constantColumns: []),
      provenance: provenance, revising: world.revised)
    return outcome.report.refuters ?? []
  }
}

extension RefuterValidation.Result {
  /// Writes the JSON through a temporary name.
  public func write(to path: String) throws { try JSONText.write(self, to: path) }

  /// Refuters down, kinds of world across in groups that fit a terminal: alarms of worlds tried.
  public var text: String {
    var lines = [
      "Alarms (warnings and failures) of worlds in which the refuter could be tried; worlds of about "
        + "\(interactions) interactions. * marks what the flaw is meant to set off."
    ]
    for kind in worlds {
      lines.append("")
      lines.append(
        "\(kind.world)\(kind.isSound ? " (nothing is wrong)" : "")"
          + (kind.failed > 0
            ? ": \(kind.failed) could not be analysed (\(kind.failure ?? ""))" : ""))
      for row in kind.refuters {
        let aimed = kind.aimedAt.contains(row.refuter) ? "*" : " "
        let name = row.refuter + String(repeating: " ", count: max(22 - row.refuter.count, 1))
        let worst = row.byTarget.sorted {
          $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value
        }.prefix(3).map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        lines.append(
          "  \(aimed) \(name) \(row.alarms) of \(row.tried), failed \(row.fails)"
            + (worst.isEmpty ? "" : "   \(worst)"))
      }
    }
    return lines.joined(separator: "\n")
  }
}
