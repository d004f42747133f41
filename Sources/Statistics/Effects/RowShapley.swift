/// Exact Shapley values of many rows' worth, against a baseline: each player's level is either the
/// row's or the baseline's (interventional values: Štrumbelj & Kononenko 2014, Knowl. Inf. Syst. 41;
/// Janzing, Minorics & Blöbaum 2020, AISTATS).
///
/// Only distinct rows are worked on. A player at its baseline is worth nothing, so that a row asks
/// for the subsets of its other players, and rows that differ ask for the same mixtures of levels
/// again and again: each mixture is valued once.
public struct RowShapley: Sendable, Equatable {
  public let playerCount: Int
  /// The values of distinct rows, players within a row.
  public let distinctValues: [Double]
  /// For each row the number of its distinct row.
  public let distinctRow: [Int32]
  /// Worth of all players at the baseline: what a row's values add up from.
  public let baselineWorth: Double
  /// Mixtures of levels that were valued.
  public let evaluations: Int

  public var distinctCount: Int { playerCount == 0 ? 1 : distinctValues.count / playerCount }

  /// Values of up to 12 players.
  ///
  /// - Parameters:
  ///   - columns: the level of each row, by player; levels are numbers from 0.
  ///   - baseline: one level a player.
  ///   - worth: of a level for each player; asked once for each mixture that occurs.
  public init<Failure: Error>(
    columns: [[Int32]], baseline: [Int32],
    worth: (UnsafeBufferPointer<Int32>) throws(Failure) -> Double
  ) throws {
    let code = try LevelCode(columns: columns, baseline: baseline)
    let (keys, rows) = code.distinctKeys(columns)
    let weights = try (0...code.playerCount).map { count throws(ShapleyError) in
      try ShapleyWeights(playerCount: count)
    }
    var memory = WorthMemory(code)
    var values = [Double](repeating: 0, count: keys.count * code.playerCount)
    var subsets: [UInt64] = []
    var worths: [Double] = []
    for (distinct, key) in keys.enumerated() {
      let active = code.activePlayers(key)
      code.subsetKeys(key, active, into: &subsets)
      worths.removeAll(keepingCapacity: true)
      for subset in subsets { worths.append(try memory.worth(subset, worth)) }
      let own = weights[active.count].values(ofCoalitions: worths)
      for (place, player) in active.enumerated() {
        values[distinct * code.playerCount + player] = own[place]
      }
    }
    baselineWorth = try memory.worth(code.baselineKey, worth)
    playerCount = code.playerCount
    distinctValues = values
    distinctRow = rows
    evaluations = memory.evaluations
  }

  /// The values of one row, which add up to its worth less the baseline's.
  public func values(ofRow row: Int) -> ArraySlice<Double> {
    let first = Int(distinctRow[row]) * playerCount
    return distinctValues[first..<first + playerCount]
  }

  /// The values of all rows, players within a row.
  public func expanded() -> [Double] {
    [Double](unsafeUninitializedCapacity: distinctRow.count * playerCount) { target, count in
      distinctValues.withUnsafeBufferPointer { values in
        distinctRow.withUnsafeBufferPointer { rows in
          for row in rows.indices {
            let (source, place) = (Int(rows[row]) * playerCount, row * playerCount)
            for player in 0..<playerCount {
              target.initializeElement(at: place + player, to: values[source + player])
            }
          }
        }
      }
      count = distinctRow.count * playerCount
    }
  }
}

/// Levels of all players as one number, player by player in a mixed radix.
private struct LevelCode {
  let radices: [UInt64]
  /// The weight of each player's level in the number.
  let places: [UInt64]
  let baseline: [UInt64]
  /// Numbers are below this.
  let size: UInt64

  var playerCount: Int { radices.count }
  var baselineKey: UInt64 { zip(baseline, places).reduce(0) { $0 + $1.0 * $1.1 } }

  init(columns: [[Int32]], baseline: [Int32]) throws(ShapleyError) {
    let limit = ShapleyWeights.maximumPlayers
    guard columns.count <= limit else {
      throw .tooManyPlayers(count: columns.count, limit: limit)
    }
    precondition(columns.count == baseline.count, "\(baseline.count) baselines")
    precondition(columns.allSatisfy { $0.count == columns[0].count }, "columns of two lengths")
    var (radices, places, size) = ([UInt64](), [UInt64](), UInt64(1))
    for (player, column) in columns.enumerated() {
      guard column.min() ?? 0 >= 0, baseline[player] >= 0 else {
        throw .negativeLevel(player: player)
      }
      let levels = UInt64(max(column.max() ?? 0, baseline[player])) + 1
      places.append(size)
      radices.append(levels)
      let (product, overflow) = size.multipliedReportingOverflow(by: levels)
      guard !overflow else { throw .tooManyLevels(players: player + 1) }
      size = product
    }
    self.radices = radices
    self.places = places
    self.size = size
    self.baseline = baseline.map { UInt64($0) }
  }

  /// Distinct rows in order of appearance, and the number of each row's.
  func distinctKeys(_ columns: [[Int32]]) -> (keys: [UInt64], rows: [Int32]) {
    let count = columns.first?.count ?? 0
    var keys = [UInt64](repeating: 0, count: count)
    keys.withUnsafeMutableBufferPointer { keys in
      for (column, place) in zip(columns, places) {
        column.withUnsafeBufferPointer { column in
          for row in 0..<count { keys[row] &+= place &* UInt64(truncatingIfNeeded: column[row]) }
        }
      }
    }
    var numbers = KeyNumbers(size: size)
    let rows = keys.map { numbers.number($0) }
    return (numbers.keys, rows)
  }

  func level(_ key: UInt64, _ player: Int) -> UInt64 { key / places[player] % radices[player] }

  /// Players that are not at the baseline.
  func activePlayers(_ key: UInt64) -> [Int] {
    radices.indices.filter { level(key, $0) != baseline[$0] }
  }

  /// The rows with each subset of `active` at the level of `key` and all others at the baseline.
  func subsetKeys(_ key: UInt64, _ active: [Int], into subsets: inout [UInt64]) {
    subsets.removeAll(keepingCapacity: true)
    subsets.append(baselineKey)
    for player in active {
      // Differences wrap where the level is below the baseline; sums come out right.
      let step = (level(key, player) &- baseline[player]) &* places[player]
      for i in subsets.indices { subsets.append(subsets[i] &+ step) }
    }
  }
}

/// Numbers of keys in order of appearance: a table where keys are few, else a dictionary.
private struct KeyNumbers {
  private(set) var keys: [UInt64] = []
  private var table: [Int32]
  private var numbers: [UInt64: Int32] = [:]

  static let largestTable: UInt64 = 1 << 20

  init(size: UInt64) {
    table = [Int32](repeating: -1, count: size <= KeyNumbers.largestTable ? Int(size) : 0)
  }

  mutating func number(_ key: UInt64) -> Int32 {
    if table.isEmpty {
      if let known = numbers[key] { return known }
      numbers[key] = Int32(keys.count)
    } else {
      let known = table[Int(key)]
      if known >= 0 { return known }
      table[Int(key)] = Int32(keys.count)
    }
    keys.append(key)
    return Int32(keys.count - 1)
  }
}

/// Worths that were asked for before.
private struct WorthMemory {
  private let code: LevelCode
  private var numbers: KeyNumbers
  private var worths: [Double] = []
  private var levels: [Int32]

  var evaluations: Int { worths.count }

  init(_ code: LevelCode) {
    self.code = code
    numbers = KeyNumbers(size: code.size)
    levels = [Int32](repeating: 0, count: code.playerCount)
  }

  mutating func worth<Failure: Error>(
    _ key: UInt64, _ worth: (UnsafeBufferPointer<Int32>) throws(Failure) -> Double
  ) throws(Failure) -> Double {
    let number = Int(numbers.number(key))
    if number < worths.count { return worths[number] }
    for player in levels.indices { levels[player] = Int32(code.level(key, player)) }
    let value = try levels.withUnsafeBufferPointer { levels throws(Failure) in try worth(levels) }
    worths.append(value)
    return value
  }
}
