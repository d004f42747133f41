/// Many texts one behind the other: a place each, no allocation each.
package struct TextArena: Sendable {
  private var bytes: [UInt8] = []
  private var bounds: [Int] = [0]

  package init() {}

  package var count: Int { bounds.count - 1 }

  package subscript(index: Int) -> String {
    bytes.withUnsafeBufferPointer {
      String(
        decoding: UnsafeBufferPointer(rebasing: $0[bounds[index]..<bounds[index + 1]]),
        as: UTF8.self)
    }
  }

  package mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: text)
    bounds.append(bytes.count)
  }

  /// Whether the text at `index` has these bytes.
  @inline(__always) package func matches(
    _ index: Int, _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let start = bounds[index]
    guard bounds[index + 1] - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      for offset in 0..<text.count where bytes[start + offset] != text[offset] { return false }
      return true
    }
  }

  /// Whether the text at `index` comes before these bytes.
  package func precedes(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes[bounds[index]..<bounds[index + 1]].lexicographicallyPrecedes(text)
  }

  /// The index of a text in an arena whose texts are in byte order; nil where it is not there.
  package func find(_ text: String) -> Int? {
    var text = text
    return text.withUTF8 { wanted in
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if precedes(middle, wanted) { low = middle + 1 } else { high = middle }
      }
      return low < count && matches(low, wanted) ? low : nil
    }
  }

  /// The index of a text by looking at all; nil where it is not there.
  package func firstIndex(of text: String) -> Int? {
    var text = text
    return text.withUTF8 { wanted in (0..<count).first { matches($0, wanted) } }
  }
}
