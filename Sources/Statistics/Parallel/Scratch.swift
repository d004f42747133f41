/// Memory of a fixed size for inner loops: no bounds and no exclusivity checks, freed with its owner.
///
/// Whoever holds one keeps to `0 ..< count`; it is written by one thread at a time.
package final class Scratch<Element: BitwiseCopyable> {
  package let base: UnsafeMutablePointer<Element>
  package let count: Int

  package init(count: Int, repeating value: Element) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: value, count: count)
  }

  /// Memory that its owner writes before it reads.
  package init(unwritten count: Int) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
  }

  deinit { base.deallocate() }

  package var array: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
