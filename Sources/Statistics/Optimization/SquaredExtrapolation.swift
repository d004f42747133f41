/// One application of a fixed-point map.
public struct FixedPointStep: Sendable, Equatable {
  /// F(x).
  public var next: [Double]
  /// The merit (log-likelihood) at x itself, which an EM step knows for free.
  public var merit: Double

  public init(next: [Double], merit: Double) {
    self.next = next
    self.merit = merit
  }
}

/// Squared extrapolation of a slowly converging fixed-point map such as EM: SQUAREM, scheme S3, of
/// Varadhan & Roland 2008 (Scand. J. Stat. 35, 335 - 353, table 1).
///
/// With r = F(x) − x and v = F(F(x)) − F(x) − r, a cycle moves to F(x − 2αr + α²v), with
/// α = −‖r‖/‖v‖ held between −4^k and −1; the bound grows while it binds. Where the merit of the
/// extrapolated point is below that of F(x), or it is not finite or not admissible, the cycle
/// falls back to F(F(x)) and the bound shrinks: never worse than two plain steps.
public struct SquaredExtrapolation: Sendable, Equatable {
  /// Applications of the map after which to stop.
  public var maximumEvaluations: Int
  /// Stops when max_j |F(x)_j − x_j| / (1 + |x_j|) is at most this.
  public var tolerance: Double
  /// By how much the merit may fall in an extrapolation; 0 keeps it monotone.
  public var meritSlack: Double

  public init(
    maximumEvaluations: Int = 1500, tolerance: Double = 1e-8, meritSlack: Double = 0
  ) {
    self.maximumEvaluations = maximumEvaluations
    self.tolerance = tolerance
    self.meritSlack = meritSlack
  }

  /// How an extrapolation ended.
  public enum Ending: String, Sendable, Equatable {
    case converged
    case maximumEvaluations
    /// The map gave a value that is not finite at a point that it had produced itself.
    case notFinite
  }

  /// What one cycle did.
  public struct Cycle: Sendable, Equatable {
    /// Applications of the map in this cycle.
    public let evaluations: Int
    /// Merit at the start of the cycle.
    public let merit: Double
    /// max_j |F(x)_j − x_j| / (1 + |x_j|) at its start.
    public let residual: Double
    /// α; −1 is two plain steps.
    public let steplength: Double
    /// Whether the extrapolated point was taken.
    public let extrapolated: Bool
  }

  /// Where an extrapolation ended and how it got there.
  public struct FixedPoint: Sendable, Equatable {
    public let point: [Double]
    /// The last merit computed, at a point at most one plain step before `point`.
    public let merit: Double
    public let residual: Double
    public let evaluations: Int
    public let ending: Ending
    public let tolerance: Double
    public let history: [Cycle]

    /// Cycles.
    public var iterations: Int { history.count }
    public var converged: Bool { ending == .converged }
  }

  /// Iterates a map that also tells the merit at its argument.
  ///
  /// - Parameters:
  ///   - admissible: gives the extrapolated point back, moved into the map's domain where that
  ///     needs it, or nil to refuse it.
  ///   - map: F with the merit at its argument (higher is better).
  public func run<Failure: Error>(
    from start: [Double], admissible: ([Double]) -> [Double]? = { $0 },
    map: ([Double]) throws(Failure) -> FixedPointStep
  ) throws(Failure) -> FixedPoint {
    var progress = Progress(point: start)
    while true {
      let startEvaluations = progress.evaluations
      let x = progress.point
      guard let x1 = try plainStep(&progress, map) else { break }
      let (merit, residual) = (progress.merit, progress.residual)
      guard let x2 = try plainStep(&progress, map) else { break }
      let alpha = steplength(x, x1, x2, bound: progress.bound)
      var taken = alpha == -1
      if alpha < -1, progress.evaluations < maximumEvaluations,
        let trial = admissible(extrapolated(x, x1, x2, alpha))
      {
        taken = try tryExtrapolation(to: trial, &progress, map)
      }
      if !taken {
        progress.bound = max(1, progress.bound / 4)
      } else if alpha == -progress.bound {
        progress.bound *= 4
      }
      progress.history.append(
        Cycle(
          evaluations: progress.evaluations - startEvaluations, merit: merit, residual: residual,
          steplength: alpha, extrapolated: taken && alpha < -1))
    }
    return FixedPoint(
      point: progress.point, merit: progress.merit, residual: progress.residual,
      evaluations: progress.evaluations, ending: progress.ending, tolerance: tolerance,
      history: progress.history)
  }

  private struct Progress {
    var point: [Double]
    var bound = 1.0
    var evaluations = 0
    var merit = -Double.infinity
    var residual = Double.infinity
    var ending = Ending.maximumEvaluations
    var history: [Cycle] = []
  }

  /// Applies the map at the current point and moves there; nil where the iteration ends, with the
  /// ending noted.
  private func plainStep<Failure: Error>(
    _ progress: inout Progress, _ map: ([Double]) throws(Failure) -> FixedPointStep
  ) throws(Failure) -> [Double]? {
    guard progress.evaluations < maximumEvaluations else { return nil }
    let step = try map(progress.point)
    progress.evaluations += 1
    guard isFinite(step) else {
      progress.ending = .notFinite
      return nil
    }
    progress.merit = step.merit
    progress.residual = residual(progress.point, step.next)
    progress.point = step.next
    if progress.residual <= tolerance {
      progress.ending = .converged
      return nil
    }
    return step.next
  }

  /// Moves to F(trial) where the merit at `trial` is at least that at F(x); else stays at F(F(x)).
  private func tryExtrapolation<Failure: Error>(
    to trial: [Double], _ progress: inout Progress,
    _ map: ([Double]) throws(Failure) -> FixedPointStep
  ) throws(Failure) -> Bool {
    let step = try map(trial)
    progress.evaluations += 1
    guard isFinite(step), step.merit >= progress.merit - meritSlack else { return false }
    progress.merit = step.merit
    progress.residual = residual(trial, step.next)
    progress.point = step.next
    return true
  }

  /// Iterates a map whose merit is a function of its own.
  public func run<Failure: Error>(
    from start: [Double], admissible: ([Double]) -> [Double]? = { $0 },
    merit: ([Double]) throws(Failure) -> Double,
    map: ([Double]) throws(Failure) -> [Double]
  ) throws(Failure) -> FixedPoint {
    try run(from: start, admissible: admissible) { (point) throws(Failure) in
      FixedPointStep(next: try map(point), merit: try merit(point))
    }
  }

  private func residual(_ x: [Double], _ next: [Double]) -> Double {
    var largest = 0.0
    for j in x.indices { largest = max(largest, abs(next[j] - x[j]) / (1 + abs(x[j]))) }
    return largest
  }

  private func isFinite(_ step: FixedPointStep) -> Bool {
    !step.merit.isNaN && step.next.allSatisfy(\.isFinite)
  }

  private func steplength(
    _ x: [Double], _ x1: [Double], _ x2: [Double], bound: Double
  ) -> Double {
    var (r, v) = (0.0, 0.0)
    for j in x.indices {
      let first = x1[j] - x[j]
      let change = x2[j] - x1[j] - first
      r += first * first
      v += change * change
    }
    guard v > 0 else { return -bound }
    return -min(max((r / v).squareRoot(), 1), bound)
  }

  private func extrapolated(
    _ x: [Double], _ x1: [Double], _ x2: [Double], _ alpha: Double
  ) -> [Double] {
    x.indices.map { j in
      let r = x1[j] - x[j]
      return x[j] - 2 * alpha * r + alpha * alpha * (x2[j] - x1[j] - r)
    }
  }
}
