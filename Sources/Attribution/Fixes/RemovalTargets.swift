import FailureModes
import InteractionLog

/// Everything whose removal a report speaks of: each failure mode as a whole and at each of its
/// components, in the order of `modes[]`.
struct RemovalTargets: Sendable {
  struct Target: Sendable {
    let mode: Int
    /// nil: the mode as a whole.
    let component: String?
    /// Parts that go; none on an interaction together, for a mode is at one component on each.
    let parts: [Int]
    /// Whether somebody can repair it: a system mode at a component, or as a whole where it has none.
    let isFix: Bool
  }

  let targets: [Target]

  /// Under the scope `figures` the modes as a whole, none of which is a fix.
  init(_ fitted: FittedAttribution) {
    let cells = fitted.cells
    let isReport = fitted.options.scope == .report
    var targets: [Target] = []
    for (m, mode) in cells.modes.enumerated() where fitted.rates.leftOut[m] == nil {
      let parts = cells.parts.indices.filter { cells.parts[$0].mode == m }
      let hasComponents = parts.contains { cells.parts[$0].component != nil }
      let isSystem = mode.side == .system
      targets.append(
        Target(mode: m, component: nil, parts: parts, isFix: isReport && isSystem && !hasComponents)
      )
      guard hasComponents && isReport else { continue }
      for part in parts {
        targets.append(
          Target(
            mode: m, component: cells.parts[part].component ?? "(none)", parts: [part],
            isFix: isSystem))
      }
    }
    self.targets = targets
  }

  func index(mode: Int, component: String?) -> Int? {
    targets.firstIndex { $0.mode == mode && $0.component == component }
  }
}
