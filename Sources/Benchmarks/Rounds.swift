import Foundation

/// Runs of ours and of a peer in turn.
struct Rounds {
  var own: [Double] = []
  var others: [Double] = []
  /// The largest over all rounds.
  var difference = 0.0
  /// What the peer said in the last round.
  var notes: [String] = []

  /// Of times that were taken before.
  init(own: [Double], others: [Double]) {
    self.own = own
    self.others = others
  }

  /// - Parameters:
  ///   - timed: our side, all of which is timed.
  ///   - values: what is compared of its result, in the peer's order.
  init<Result>(
    _ count: Int, against peer: Peer, in unit: Difference.Unit, timed: () throws -> Result,
    values: (Result) throws -> [Double]
  ) throws {
    for _ in 0..<count {
      let (result, seconds) = try Rounds.timed(timed)
      own.append(seconds)
      let answer = try peer.run()
      others.append(answer.seconds)
      difference = max(difference, Difference.between(try values(result), answer.values, unit))
      notes = answer.notes ?? []
    }
  }

  static func timed<Result>(_ work: () throws -> Result) rethrows -> (Result, seconds: Double) {
    let clock = ContinuousClock()
    let began = clock.now
    let result = try work()
    let parts = (clock.now - began).components
    return (result, Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
  }
}

/// A folder of files that are handed to peers, removed at the end.
struct Handover: ~Copyable {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "wherefore-bench-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Writes columns of numbers one after the other, eight bytes a number, lowest byte first.
  func write(_ columns: [[Double]], to name: String) throws -> String {
    var data = Data()
    for column in columns { column.withUnsafeBytes { data.append(contentsOf: $0) } }
    try data.write(to: URL(filePath: path(name)))
    return path(name)
  }
}
