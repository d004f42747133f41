/// A direction in which the likelihood rises without end (Albert & Anderson 1984, Biometrika 71,
/// 1 - 10; for counts Santos Silva & Tenreyro 2010, Econ. Lett. 107, 310 - 312).
///
/// Under separation scoring does not shorten its steps: it moves the separated rows by about 1 in η
/// for ever, and the others less and less. So the last step is that direction if there is one, and
/// its signs prove it: no row may move against its response.
struct Separation: Equatable {
  /// Whether every row moves towards its response.
  let isComplete: Bool

  /// Below this last movement in η a fit has arrived.
  private static let leastMovement = 0.02
  /// The share of the largest movement that counts as none.
  private static let still = 1e-3

  /// nil where the step moves no row, or one against its response.
  static func find(_ likelihood: LikelihoodPass, direction: [Double]) -> Separation? {
    guard canSeparate(likelihood) else { return nil }
    let observations = likelihood.observations
    let movement = likelihood.design.linearPredictor(direction, threads: likelihood.threads)
    var largest = 0.0
    for place in movement.indices where observations.weights[place] > 0 {
      largest = max(largest, abs(movement[place]))
    }
    guard largest > leastMovement else { return nil }
    let limit = still * largest
    var isComplete = true
    for place in movement.indices where observations.weights[place] > 0 {
      let y = observations.response[place]
      // What may move without end: no successes or counts downwards, nothing but successes upwards.
      let mayFall = y == 0
      let mayRise = likelihood.family.isBinomial && y == 1
      if movement[place] > limit, !mayRise { return nil }
      if movement[place] < -limit, !mayFall { return nil }
      if abs(movement[place]) <= limit { isComplete = false }
    }
    return Separation(isComplete: isComplete)
  }

  private static func canSeparate(_ likelihood: LikelihoodPass) -> Bool {
    switch likelihood.family {
    case .binomial, .quasibinomial: likelihood.link != .identity
    case .poisson, .quasipoisson, .negativeBinomial: likelihood.link == .log
    case .gaussian, .gamma: false
    }
  }
}
