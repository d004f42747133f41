import RepeatContacts

/// Sets of parts that are taken out together, each with its failures' consequences: for every plan
/// the sets that touch it, with the places that they take out.
struct RemovalSets: Sendable {
  /// Parts of each set.
  let sets: [[Int]]
  /// By plan, ordered by places, so that sets that take out the same are computed once.
  let touching: [[(set: Int, places: Int)]]

  init(_ sets: [[Int]], effects: CellEffects) {
    self.sets = sets
    var setsOfPart = [[Int]](repeating: [], count: effects.layout.partCount)
    for (k, set) in sets.enumerated() { for part in set { setsOfPart[part].append(k) } }
    touching = effects.plans.map { plan in
      var places: [Int: Int] = [:]
      for (place, part) in plan.parts.enumerated() {
        for set in setsOfPart[Int(part)] { places[set, default: 0] |= 1 << place }
      }
      return places.map { (set: $0.key, places: $0.value) }
        .sorted { ($0.places, $0.set) < ($1.places, $1.set) }
    }
  }
}

extension EffectEvaluator {
  /// κ of observed cell `o`, and what goes of it when each set of parts is removed together with the
  /// failures that they induce, per unit of exposure: E[κ] over what is left, exact.
  ///
  /// - Parameter gone: one place a set, written over; 0 for sets that do not touch the cell.
  /// - Returns: κ of the cell.
  func removals(
    of o: Int, _ sets: RemovalSets, into gone: UnsafeMutablePointer<Double>
  ) -> Double {
    for k in sets.sets.indices { gone[k] = 0 }
    var whole = 0.0
    forEachSettled(o) { index in
      let plan = effects.plans[index]
      let all = (1 << plan.parts.count) - 1
      for subset in 0...all { values.base[subset] = .nan }
      let full = value(plan, all)
      whole += full
      var known = 0
      var loss = 0.0
      for (set, places) in sets.touching[index] {
        if places != known {
          known = places
          var left = 0.0
          forEachRemainder(plan, without: places) { left += $1 * value(plan, $0) }
          loss = full - left
        }
        gone[set] += loss
      }
    }
    return whole
  }

  /// Calls `body` with every subset of a plan's parts that may be left when those at `removed` never
  /// happened, and its probability.
  ///
  /// Parts are walked in causal order. One that a removed mode can have brought about stays with the
  /// ratio of its rates under what is left and under what was (see `CellEffects`); the others stay as
  /// they are.
  func forEachRemainder(
    _ plan: PartPlan, without removed: Int, _ body: (_ left: Int, _ probability: Double) -> Void
  ) {
    var reach: UInt64 = 0
    for place in plan.parts.indices where removed & 1 << place != 0 {
      reach |= effects.reach(plan.modes[place])
    }
    walk(plan, at: 0, without: removed, reach, left: 0, leftMask: 0, probability: 1, body)
  }

  private func walk(
    _ plan: PartPlan, at place: Int, without removed: Int, _ reach: UInt64, left: Int,
    leftMask: UInt64, probability: Double, _ body: (Int, Double) -> Void
  ) {
    guard probability != 0 else { return }
    guard place < plan.parts.count else { return body(left, probability) }
    let own = plan.modes[place]
    let bit: UInt64 = 1 << UInt64(own)
    func go(_ left: Int, _ leftMask: UInt64, _ p: Double) {
      walk(
        plan, at: place + 1, without: removed, reach, left: left, leftMask: leftMask,
        probability: p, body)
    }
    if removed & 1 << place != 0 { return go(left, leftMask, probability) }
    guard reach & bit != 0 else {
      return go(left | 1 << place, leftMask | bit, probability)
    }
    let ratio = ratio(own, under: leftMask, factual: plan.mask & (bit - 1))
    go(left | 1 << place, leftMask | bit, probability * ratio)
    if ratio != 1 { go(left, leftMask, probability * (1 - ratio)) }
  }
}
