/// Where each quantity stands in a vector of effects: the four parts of the split, then for each part
/// (mode at a component) what it caused, what switching it off alone takes away, and what removing it
/// with the failures that it induces takes away (repeats of the interaction itself, no descendants).
package struct EffectLayout: Sendable, Equatable {
  package let partCount: Int

  package static let systemDirect = 0
  package static let systemThroughStaff = 1
  package static let staffOwn = 2
  package static let baseline = 3

  package init(partCount: Int) { self.partCount = partCount }

  package var count: Int { 4 + 3 * partCount }
  @inline(__always) package func caused(_ part: Int) -> Int { 4 + part }
  @inline(__always) package func switchedOff(_ part: Int) -> Int { 4 + partCount + part }
  @inline(__always) package func removed(_ part: Int) -> Int { 4 + 2 * partCount + part }
}
