/// An array whose blocks of places are written on a number of threads.
///
/// - Parameter write: writes the elements at its places, all of them and no others; it gets the
///   memory of the whole array.
func parallelArray<Element: BitwiseCopyable>(
  count: Int, threads: Int,
  _ write: @escaping @Sendable (Range<Int>, UnsafeMutablePointer<Element>) -> Void
) -> [Element] {
  [Element](unsafeUninitializedCapacity: count) { buffer, written in
    if let base = buffer.baseAddress {
      let memory = SharedMemory(base: base)
      let blocks = RowBlocks(rowCount: count)
      _ = parallelMap(count: blocks.count, threads: threads) { write(blocks[$0], memory.base) }
    }
    written = count
  }
}

/// Memory that several threads write, each at its own places.
struct SharedMemory<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
}

/// Rows in blocks of a size that depends on nothing.
struct RowBlocks: Sendable {
  let rowCount: Int
  static let size = 65_536

  var count: Int { (rowCount + Self.size - 1) / Self.size }

  subscript(block: Int) -> Range<Int> {
    block * Self.size..<min((block + 1) * Self.size, rowCount)
  }
}

extension RowBlocks {
  /// Rows in about as many parts as there are threads, of which each has memory of its own: only
  /// for what comes out the same in any number of parts.
  static func parts(rowCount: Int, threads: Int) -> [Range<Int>] {
    let count = max(1, min(threads, RowBlocks(rowCount: rowCount).count, 8))
    return (0..<count).map { rowCount * $0 / count..<rowCount * ($0 + 1) / count }
  }
}

/// The elements at some positions, in the order of the positions.
func gathered<Element: BitwiseCopyable>(
  _ elements: [Element], _ positions: [Int32], threads: Int = 1
) -> [Element] {
  // Threads only read them.
  nonisolated(unsafe) let elements = elements
  return parallelArray(count: positions.count, threads: threads) { places, target in
    elements.withUnsafeBufferPointer { elements in
      positions.withUnsafeBufferPointer { positions in
        for place in places { target[place] = elements[Int(positions[place])] }
      }
    }
  }
}
