/// Names close to a misspelled one, for error messages.
package enum NearestName {
  /// Up to `limit` candidates by edit distance, nearest first, ties in candidate order.
  ///
  /// Case and the difference between space, `-` and `_` do not count. A candidate further away than
  /// half of the longer name is left out, unless one name contains the other.
  package static func candidates(
    for name: String, among candidates: some Sequence<String>, limit: Int = 1
  ) -> [String] {
    let wanted = folded(name)
    var scored: [(distance: Int, position: Int, name: String)] = []
    for (position, candidate) in candidates.enumerated() where candidate != name {
      let other = folded(candidate)
      if other.isEmpty || wanted.isEmpty { continue }
      let distance = editDistance(wanted, other)
      let related =
        min(wanted.count, other.count) >= 3 && (contains(wanted, other) || contains(other, wanted))
      if distance * 2 <= max(wanted.count, other.count) || related {
        scored.append((distance, position, candidate))
      }
    }
    scored.sort { ($0.distance, $0.position) < ($1.distance, $1.position) }
    return scored.prefix(limit).map(\.name)
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."): UInt8(ascii: "_")
      default: byte
      }
    }
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard part.count <= text.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
  }

  /// Levenshtein distance over bytes.
  private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var previous = Array(0...b.count)
    for (i, byte) in a.enumerated() {
      var current = [i + 1]
      current.reserveCapacity(b.count + 1)
      for (j, other) in b.enumerated() {
        current.append(
          min(previous[j + 1] + 1, current[j] + 1, previous[j] + (byte == other ? 0 : 1)))
      }
      previous = current
    }
    return previous[b.count]
  }
}
