import LinearAlgebra
import RepeatContacts

/// The hazard of leaving after a contact, told from silence: a discrete-time complementary log-log
/// hazard, contact by contact, and the customers' rhythm, by maximum likelihood together.
struct SilenceFit: Sendable {
  let coefficients: [Double]
  let rhythm: CustomerSilence.Rhythm
  let state: OutcomeEquations.State
  /// Minus the derivative of the score: the outcome's columns, then log a and log b.
  let information: Matrix
  let iterations: Int
  let converged: Bool

  static let maximumIterations = 200
  static let tolerance = 1e-7

  init(_ equations: OutcomeEquations, _ silence: CustomerSilence) throws {
    let n = equations.columnCount
    var x = [Double](repeating: 0, count: n + 2)
    x[0] = equations.link.predictor(ofMean: 0.02)
    let rhythm = silence.start()
    (x[n], x[n + 1]) = (rhythm.logShape, rhythm.logRate)
    var value = Self.objective(x, equations, silence)
    var iteration = 0
    var step = Double.infinity
    while iteration < Self.maximumIterations && step > Self.tolerance {
      iteration += 1
      let score = Self.score(x, equations, silence, cells: equations.cells)
      let change = try Self.direction(x, score, equations, silence)
      let largest = change.map(abs).max() ?? 0
      guard largest.isFinite else { break }
      var damping = min(1, 2 / max(largest, 1e-300))
      var moved = x
      var gained = -Double.infinity
      for _ in 0..<30 {
        moved = x.indices.map { x[$0] + damping * change[$0] }
        gained = Self.objective(moved, equations, silence)
        if gained >= value - 1e-9 * abs(value) { break }
        damping /= 2
      }
      guard gained >= value - 1e-9 * abs(value) else { break }
      step = damping * largest
      x = moved
      value = gained
    }
    iterations = iteration
    converged = step <= Self.tolerance
    coefficients = Array(x[0..<n])
    self.rhythm = Self.rhythm(x, n)
    state = equations.state(coefficients)
    information = Self.information(x, equations, silence, observed: true)
  }

  private static func rhythm(_ x: [Double], _ n: Int) -> CustomerSilence.Rhythm {
    .init(logShape: min(max(x[n], -8), 8), logRate: min(max(x[n + 1], -10), 15))
  }

  private static func objective(
    _ x: [Double], _ equations: OutcomeEquations, _ silence: CustomerSilence
  ) -> Double {
    let n = equations.columnCount
    let state = equations.state(Array(x[0..<n]))
    var value = silence.logLikelihood(rhythm(x, n), hazard: state.mean)
    for k in 0..<n { value -= 0.5 * equations.ridge[k] * x[k] * x[k] }
    return value.isFinite ? value : -.infinity
  }

  /// The score in all parameters, penalties included; `cells` carry the mixture weights.
  static func score(
    _ x: [Double], _ equations: OutcomeEquations, _ silence: CustomerSilence, cells: ModeCells
  ) -> [Double] {
    let n = equations.columnCount
    let state = equations.state(Array(x[0..<n]), cells: cells)
    let rhythm = rhythm(x, n)
    var inHazard = silence.seenAgain.indices.map { o in
      silence.seenAgain[o] > 0 ? -silence.seenAgain[o] / (1 - state.mean[o]) : 0
    }
    var (inShape, inRate) = (0.0, 0.0)
    for c in silence.customers {
      let slopes = silence.slopes(c, rhythm, hazard: state.mean[c.cell])
      inHazard[c.cell] += slopes.hazard
      inShape += slopes.logShape
      inRate += slopes.logRate
    }
    for o in inHazard.indices { inHazard[o] *= state.slope[cells.settledCell(o)] }
    var score = equations.gathered(inHazard)
    for k in 0..<n { score[k] -= equations.ridge[k] * x[k] }
    return score + [inShape, inRate]
  }

  /// Minus the derivative of the score.
  ///
  /// - Parameter observed: with the curvature of the link; without it the part that is never negative.
  private static func information(
    _ x: [Double], _ equations: OutcomeEquations, _ silence: CustomerSilence, observed: Bool
  ) -> Matrix {
    let n = equations.columnCount
    let cells = equations.cells
    let state = equations.state(Array(x[0..<n]))
    let rhythm = rhythm(x, n)
    var squared = silence.seenAgain.indices.map { o in
      silence.seenAgain[o] / ((1 - state.mean[o]) * (1 - state.mean[o]))
    }
    var slope = silence.seenAgain.indices.map { -silence.seenAgain[$0] / (1 - state.mean[$0]) }
    for c in silence.customers {
      let own = silence.slopes(c, rhythm, hazard: state.mean[c.cell]).hazard
      squared[c.cell] += own * own
      slope[c.cell] += own
    }
    let first = equations.weighted(
      squared.indices.map { squared[$0] * state.slope[cells.settledCell($0)] }, state)
    let curved = equations.settledCrossProduct(
      slope.indices.map { o in
        let cell = cells.settledCell(o)
        return slope[o] * state.slope[cell] * equations.link.curvature(state.predictor[cell])
      })
    var result = Matrix(rows: n + 2, columns: n + 2)
    for i in 0..<n {
      for j in 0..<n { result[i, j] = first[i, j] - (observed ? curved[i, j] : 0) }
      result[i, i] += equations.ridge[i]
    }
    let h = 1e-5
    for k in n..<(n + 2) {
      var (up, down) = (x, x)
      up[k] += h
      down[k] -= h
      let a = score(up, equations, silence, cells: cells)
      let b = score(down, equations, silence, cells: cells)
      for i in 0..<(n + 2) {
        let value = -(a[i] - b[i]) / (2 * h)
        if observed || i >= n { result[i, k] = value }
        if observed && i < n { result[k, i] = value }
      }
    }
    return result
  }

  /// Newton's direction, or one that surely gains where the likelihood is not concave.
  private static func direction(
    _ x: [Double], _ score: [Double], _ equations: OutcomeEquations, _ silence: CustomerSilence
  ) throws -> [Double] {
    let newton = try LUFactor(information(x, equations, silence, observed: true)).solve(score)
    if dot(newton, score) > 0 { return newton }
    var safe = information(x, equations, silence, observed: false)
    let n = equations.columnCount
    for k in n..<(n + 2) {
      for j in n..<(n + 2) where j != k { safe[k, j] = 0 }
      safe[k, k] = max(abs(safe[k, k]), 1)
    }
    return try LUFactor(safe).solve(score)
  }
}
