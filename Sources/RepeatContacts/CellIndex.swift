/// Numbers distinct rows of small integers in order of first appearance; one hash and one compare a
/// row, no allocation per row.
package struct CellIndex: Sendable {
  private let width: Int
  private var keys: [Int32] = []
  private var slots: [Int32]
  private var mask: Int

  /// Distinct rows so far.
  package private(set) var count = 0

  /// - Parameter width: integers per row.
  package init(width: Int) {
    self.width = width
    slots = [Int32](repeating: -1, count: 1024)
    mask = 1023
  }

  /// The number of a row, given out anew if it has not been seen.
  package mutating func number(of row: [Int32]) -> Int32 {
    precondition(row.count == width)
    if count * 2 > mask { grow() }
    var slot = CellIndex.hash(row[...]) & mask
    while slots[slot] >= 0 {
      let start = Int(slots[slot]) * width
      var same = true
      for k in 0..<width where keys[start + k] != row[k] {
        same = false
        break
      }
      if same { return slots[slot] }
      slot = (slot + 1) & mask
    }
    slots[slot] = Int32(count)
    keys += row
    count += 1
    return Int32(count - 1)
  }

  /// The row with this number.
  package subscript(number: Int) -> ArraySlice<Int32> {
    keys[(number * width)..<((number + 1) * width)]
  }

  private mutating func grow() {
    mask = (mask + 1) * 4 - 1
    slots = [Int32](repeating: -1, count: mask + 1)
    for number in 0..<count {
      var slot = CellIndex.hash(self[number]) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(number)
    }
  }

  private static func hash(_ row: ArraySlice<Int32>) -> Int {
    var h: UInt64 = 0x9E37_79B9_7F4A_7C15
    for value in row {
      h = (h ^ UInt64(UInt32(bitPattern: value))) &* 0xBF58_476D_1CE4_E5B9
      h ^= h >> 29
    }
    return Int(truncatingIfNeeded: h >> 1)
  }
}
