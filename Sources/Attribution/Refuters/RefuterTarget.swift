/// A figure that refuters try: a part of the split, or what a failure mode caused.
package struct RefuterTarget: Sendable {
  package let kind: AttributionReport.RefuterResult.Kind
  package let name: String
  /// Place of the mode; nil for the split.
  package let mode: Int?
  /// Places in a vector of effects (`EffectLayout`) whose sum the figure is.
  package let indices: [Int]

  /// The parts of the split that can be told, then every mode that is in the model.
  static func all(_ fitted: FittedAttribution) -> [RefuterTarget] {
    var list: [RefuterTarget] = []
    func split(_ name: String, _ index: Int) {
      list.append(.init(kind: .split, name: name, mode: nil, indices: [index]))
    }
    if fitted.systemNote == nil {
      split("system_direct", EffectLayout.systemDirect)
      if fitted.staffNote == nil { split("system_through_staff", EffectLayout.systemThroughStaff) }
    }
    if fitted.staffNote == nil { split("staff_own", EffectLayout.staffOwn) }
    split("baseline", EffectLayout.baseline)
    let cells = fitted.cells
    for (m, mode) in cells.modes.enumerated() where fitted.rates.leftOut[m] == nil {
      let parts = cells.parts.indices.filter { cells.parts[$0].mode == m }
      guard !parts.isEmpty else { continue }
      list.append(
        .init(
          kind: .mode, name: mode.name, mode: m,
          indices: parts.map { fitted.effects.layout.caused($0) }))
    }
    return list
  }

  /// The figure in a vector of effects.
  @inline(__always) func sum(_ effects: some Collection<Double>) -> Double {
    indices.reduce(0) { $0 + effects[effects.index(effects.startIndex, offsetBy: $1)] }
  }
}
