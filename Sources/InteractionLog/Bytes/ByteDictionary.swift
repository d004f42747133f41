/// Distinct byte strings, numbered in the order they were first seen.
///
/// Open addressing over an arena: looking a text up allocates nothing. Expected O(length).
package struct ByteDictionary {
  private var arena: [UInt8] = []
  /// Where each text begins in the arena, and at last where it ends.
  private var bounds: [Int] = [0]
  private var hashes: [UInt64] = []
  /// By hash: its upper half beside code + 1, so that most looks end here; 0 is free. The length is
  /// a power of two.
  private var slots: [UInt64]

  package init() { slots = Array(repeating: 0, count: 64) }

  package var count: Int { hashes.count }

  /// The code of a text already seen, or −1.
  func code(of bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    find(bytes, hash: ByteHash.of(bytes)).code
  }

  /// The code of a text, a new one where `accept` takes it; −1 where it does not.
  ///
  /// `accept` is asked once per distinct text, so it may be slow.
  @inline(__always) package mutating func insert(
    _ bytes: UnsafeBufferPointer<UInt8>, accept: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Int32 {
    let hash = ByteHash.of(bytes)
    let (code, slot) = find(bytes, hash: hash)
    if code >= 0 { return code }
    guard accept(bytes) else { return -1 }
    return add(bytes, hash: hash, slot: slot)
  }

  /// Takes over the texts of another dictionary in its order; the code here of each of its codes.
  mutating func merge(_ other: ByteDictionary) -> [Int32] {
    var codes: [Int32] = []
    codes.reserveCapacity(other.count)
    for code in 0..<other.count {
      let hash = other.hashes[code]
      codes.append(
        other.withBytes(of: code) { bytes in
          let (known, slot) = find(bytes, hash: hash)
          return known >= 0 ? known : add(bytes, hash: hash, slot: slot)
        })
    }
    return codes
  }

  @inline(__always) private func find(
    _ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64
  ) -> (code: Int32, slot: Int) {
    slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: hash) & mask
      while true {
        let entry = slots[slot]
        if entry == 0 { return (-1, slot) }
        if entry >> 32 == hash >> 32 {
          let code = Int(entry & 0xFFFF_FFFF) - 1
          if matches(code, bytes) { return (Int32(code), slot) }
        }
        slot = (slot + 1) & mask
      }
    }
  }

  @inline(__always) private func matches(_ code: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bounds.withUnsafeBufferPointer { bounds in
      let start = bounds[code]
      let length = bounds[code + 1] - start
      guard length == bytes.count else { return false }
      return arena.withUnsafeBufferPointer { arena in
        for offset in 0..<length where arena[start + offset] != bytes[offset] { return false }
        return true
      }
    }
  }

  private mutating func add(
    _ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64, slot: Int
  ) -> Int32 {
    let code = hashes.count
    arena.append(contentsOf: bytes)
    bounds.append(arena.count)
    hashes.append(hash)
    slots[slot] = Self.entry(hash, code)
    if hashes.count * 2 > slots.count { grow() }
    return Int32(code)
  }

  private static func entry(_ hash: UInt64, _ code: Int) -> UInt64 {
    (hash & 0xFFFF_FFFF_0000_0000) | UInt64(code + 1)
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for (code, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = Self.entry(hash, code)
    }
  }

  /// The text of a code.
  subscript(code: Int) -> String {
    withBytes(of: code) { String(decoding: $0, as: UTF8.self) }
  }

  func withBytes<Result>(of code: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    arena.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[bounds[code]..<bounds[code + 1]]))
    }
  }

  /// Whether the text of code `a` comes before that of `b` in byte order.
  func precedes(_ a: Int, _ b: Int) -> Bool {
    withBytes(of: a) { a in withBytes(of: b) { b in a.lexicographicallyPrecedes(b) } }
  }

  /// Every text in byte order, with the new code of each old one.
  package func sorted() -> (values: [String], renumbered: [Int32]) {
    var order = Array(0..<count)
    order.sort { precedes($0, $1) }
    var renumbered = [Int32](repeating: 0, count: count)
    var values: [String] = []
    values.reserveCapacity(count)
    for (new, old) in order.enumerated() {
      renumbered[old] = Int32(new)
      values.append(self[old])
    }
    return (values, renumbered)
  }
}

/// A 64-bit hash of bytes, the same in every run.
enum ByteHash {
  @inline(__always) static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    if let base = UnsafeRawPointer(bytes.baseAddress) {
      while index + 8 <= bytes.count {
        mix(&hash, base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        index += 8
      }
    }
    var tail: UInt64 = 0
    while index < bytes.count {
      tail = tail << 8 | UInt64(bytes[index])
      index += 1
    }
    mix(&hash, tail)
    return hash ^ (hash >> 29)
  }

  @inline(__always) private static func mix(_ hash: inout UInt64, _ word: UInt64) {
    let product = (hash ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    hash = product.high ^ product.low ^ 0x8EBC_6AF0_9C88_C6E3
  }
}
