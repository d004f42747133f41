/// A number for each row that tells combinations of codes apart and ascends with them, the first
/// column slowest.
struct RowKeys: Sendable {
  /// One a row, from 0.
  private(set) var keys: [Int32] = []
  /// What all keys are below.
  private(set) var range = 1
  private let rowCount: Int
  private let threads: Int

  /// Numbers rows by columns of codes, each with its number of levels. Linear in rows and columns
  /// while the levels' product is below 64 times the rows; beyond that combinations are renumbered
  /// in between, and sorted where even that is not enough.
  init(codes: [[Int32]], levels: [Int], rowCount: Int, threads: Int) {
    self.rowCount = rowCount
    self.threads = threads
    let limit = min(max(64 * rowCount, 1 << 16), Int(Int32.max))
    var next = 0
    while next < codes.count {
      var end = next
      var product = range
      while end < codes.count, product <= limit / max(levels[end], 1) {
        product *= levels[end]
        end += 1
      }
      if end > next {
        append(Array(codes[next..<end]), Array(levels[next..<end]))
        range = product
        next = end
        continue
      }
      if keys.isEmpty { keys = [Int32](repeating: 0, count: rowCount) }
      let before = range
      compact()
      if range == before {
        appendSorted(codes[next])
        next += 1
      }
    }
    if keys.isEmpty { keys = [Int32](repeating: 0, count: rowCount) }
  }

  private mutating func append(_ codes: [[Int32]], _ levels: [Int]) {
    if keys.isEmpty, codes.count == 1 {
      keys = codes[0]
      return
    }
    let before = keys
    keys = parallelArray(count: rowCount, threads: threads) { rows, target in
      if before.isEmpty {
        for row in rows { target[row] = 0 }
      } else {
        for row in rows { target[row] = before[row] }
      }
      for (column, count) in zip(codes, levels) {
        let count = Int32(count)
        column.withUnsafeBufferPointer { column in
          for row in rows { target[row] = target[row] &* count &+ column[row] }
        }
      }
    }
  }

  /// Appends a column whose levels are too many to multiply, by the ranks of the pairs.
  private mutating func appendSorted(_ codes: [Int32]) {
    let pairs = zip(keys, codes).map { Int64($0) << 32 | Int64($1) }
    var distinct: [Int64] = []
    for pair in pairs.sorted() where pair != distinct.last { distinct.append(pair) }
    keys = pairs.map { pair in
      var (low, high) = (0, distinct.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if distinct[middle] <= pair { low = middle } else { high = middle }
      }
      return Int32(low)
    }
    range = distinct.count
  }

  /// Renumbers keys by rank, so that every number below the range is some row's.
  mutating func compact() {
    let occurring = KeySet(keys, range: range, threads: threads)
    guard occurring.count < range else { return }
    let before = keys
    keys = parallelArray(count: rowCount, threads: threads) { rows, target in
      occurring.withRanks { rank in
        before.withUnsafeBufferPointer { before in
          for row in rows { target[row] = rank(before[row]) }
        }
      }
    }
    range = occurring.count
  }

  /// How many keys have a row whose weight is not zero, where every number below the range is some
  /// row's.
  func count(havingWeight weights: [Double]) -> Int {
    guard weights.contains(0) else { return range }
    var present = [Bool](repeating: false, count: range)
    for (key, weight) in zip(keys, weights) where weight > 0 { present[Int(key)] = true }
    return present.count { $0 }
  }
}

/// Which keys occur, a bit each, with the number of those before each word.
private struct KeySet: Sendable {
  private let words: [UInt64]
  private let before: [Int32]
  let count: Int

  init(_ keys: [Int32], range: Int, threads: Int) {
    let wordCount = (range + 63) / 64
    let parts = RowBlocks.parts(rowCount: keys.count, threads: threads)
    let sets = parallelMap(count: parts.count, threads: threads) { part -> [UInt64] in
      var words = [UInt64](repeating: 0, count: wordCount)
      words.withUnsafeMutableBufferPointer { words in
        keys.withUnsafeBufferPointer { keys in
          for row in parts[part] {
            let key = UInt32(bitPattern: keys[row])
            words[Int(key >> 6)] |= 1 &<< UInt64(key & 63)
          }
        }
      }
      return words
    }
    var words = sets[0]
    for set in sets.dropFirst() {
      for word in words.indices { words[word] |= set[word] }
    }
    var total: Int32 = 0
    before = words.map { word in
      defer { total += Int32(word.nonzeroBitCount) }
      return total
    }
    self.words = words
    count = Int(total)
  }

  @inline(__always)
  func withRanks(_ body: ((Int32) -> Int32) -> Void) {
    words.withUnsafeBufferPointer { words in
      before.withUnsafeBufferPointer { before in
        body { key in
          let (word, bit) = (Int(UInt32(bitPattern: key) >> 6), UInt64(key & 63))
          let lower = words[word] & ((1 &<< bit) &- 1)
          return before[word] + Int32(truncatingIfNeeded: lower.nonzeroBitCount)
        }
      }
    }
  }
}
