import InteractionLog

/// Puts failure modes in an order in which none causes an earlier one.
enum CauseOrder {
  /// Indices of `modes`: system modes first, then staff; within a side as declared, but after what
  /// causes them. Causes must be names of `modes`.
  static func order(_ modes: [FailureModeDeclaration]) throws -> [Int] {
    let index = Dictionary(
      modes.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { a, _ in a })
    var waitingFor = [Int](repeating: 0, count: modes.count)
    for mode in modes {
      for cause in mode.causes {
        guard let effect = index[cause] else {
          throw FailureModeError.unknownCause(
            mode: mode.name, cause: cause,
            nearest: NearestName.candidates(for: cause, among: modes.map(\.name)))
        }
        if mode.side == .staff, modes[effect].side == .system {
          throw FailureModeError.staffCausesSystem(mode: mode.name, cause: cause)
        }
        waitingFor[effect] += 1
      }
    }
    var order: [Int] = []
    var placed = [Bool](repeating: false, count: modes.count)
    for side in [FailureModeDeclaration.Side.system, .staff] {
      let mine = modes.indices.filter { modes[$0].side == side }
      for _ in mine {
        guard let next = mine.first(where: { !placed[$0] && waitingFor[$0] == 0 }) else {
          throw FailureModeError.cycle(cycle(modes, index, unplaced: placed.map { !$0 }))
        }
        placed[next] = true
        order.append(next)
        for cause in modes[next].causes {
          if let effect = index[cause] { waitingFor[effect] -= 1 }
        }
      }
    }
    return order
  }

  /// A circle among the modes that could not be placed.
  private static func cycle(
    _ modes: [FailureModeDeclaration], _ index: [String: Int], unplaced: [Bool]
  ) -> [String] {
    // Every mode left is, or follows, a circle: walking back along causes must come around.
    var walk: [Int] = []
    guard var current = unplaced.firstIndex(of: true) else { return [] }
    while !walk.contains(current) {
      walk.append(current)
      let name = modes[current].name
      guard
        let cause = modes.indices.first(where: { unplaced[$0] && modes[$0].causes.contains(name) })
      else { break }
      current = cause
    }
    let from = walk.firstIndex(of: current) ?? 0
    let circle = Array(walk[from...].reversed())
    // Begin at the mode declared first, so that the message does not depend on the walk.
    let start = circle.firstIndex(of: circle.min() ?? 0) ?? 0
    return (circle[start...] + circle[..<start]).map { modes[$0].name }
  }
}
