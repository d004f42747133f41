import Attribution

/// The modes of a report as they are shown: whole modes by the repeats that they caused, most first,
/// each with its components.
struct RankedModes {
  struct Mode {
    var whole: AttributionReport.ModeResult
    /// Empty where the mode has one component only: the whole says it all.
    var components: [AttributionReport.ModeResult]
    /// The component where there is only one.
    var onlyComponent: String?
  }

  let modes: [Mode]

  init(_ results: [AttributionReport.ModeResult]) {
    var modes: [Mode] = []
    for whole in results where whole.component == nil {
      let components = results.filter { $0.mode == whole.mode && $0.component != nil }
      modes.append(
        Mode(
          whole: whole, components: components.count > 1 ? Self.ranked(components) : [],
          onlyComponent: components.count == 1 ? components[0].component : nil))
    }
    self.modes = modes.sorted { Self.precedes($0.whole, $1.whole) }
  }

  private static func ranked(
    _ results: [AttributionReport.ModeResult]
  ) -> [AttributionReport.ModeResult] {
    results.sorted(by: precedes)
  }

  /// Larger first, unknown last, ties by name.
  private static func precedes(
    _ left: AttributionReport.ModeResult, _ right: AttributionReport.ModeResult
  ) -> Bool {
    switch (left.caused.estimate, right.caused.estimate) {
    case (let left?, let right?) where left != right: return left > right
    case (.some, nil): return true
    case (nil, .some): return false
    default:
      let (leftKey, rightKey) = (
        left.mode + (left.component ?? ""), right.mode + (right.component ?? "")
      )
      return leftKey.utf8.lexicographicallyPrecedes(rightKey.utf8)
    }
  }
}
