import LinearAlgebra
import RealModule

/// Logistic regression fitted outside each fold: of the treatment, or of a binary outcome in one arm.
///
/// One fit to all folds by Newton's method gives the gradient and the information of each fold at a
/// common point, so that a fold's own fit is a step away: (I − I_f)⁻¹ (g − g_f). Further steps with
/// the same factor take a gradient only, for all folds in one pass. Where they do not contract (few
/// rows), the fold is fitted by Newton's method on its own. Where every response outside a fold is 0
/// (or 1), the likelihood rises without end to the certain answer, which is taken.
struct FoldedLogistic {
  enum Response: Sendable, Equatable {
    case treatment
    /// The outcome of one arm.
    case outcome(treated: Bool)
  }

  let rows: FoldedRows
  let response: Response
  /// Blocks of the rows that count.
  let tasks: [Range<Int>]
  /// In the gathered order.
  let responses: [Double]

  /// Twice the rise of the log-likelihood that the next step promises: 1e-7 of a standard error.
  static let tolerance = 1e-14
  static let maximumIterations = 60
  static let maximumHalvings = 30
  /// Passes with a fixed factor before a fold gets its own fit.
  static let maximumPasses = 8
  /// A predictor whose probability is 1 in a double, and 0 the other way.
  private static let certain = 1_000.0

  init(_ rows: FoldedRows, response: Response) {
    self.rows = rows
    self.response = response
    tasks = rows.tasks.filter { task in
      if case .outcome(let treated) = response {
        rows.group(of: task).treated == treated
      } else {
        true
      }
    }
    if case .treatment = response {
      var arms = [Double](repeating: 0, count: rows.outcomes.count)
      for block in rows.blocks where block.treated {
        for i in block.start..<block.start + block.count { arms[i] = 1 }
      }
      responses = arms
    } else {
      responses = rows.outcomes
    }
  }

  /// A log-likelihood with its derivatives, or a part of them.
  struct Derivatives: Sendable {
    var logLikelihood = 0.0
    var gradient: [Double]
    /// Lower triangle.
    var information: [Double]

    init(width: Int) {
      gradient = [Double](repeating: 0, count: width)
      information = [Double](repeating: 0, count: width * width)
    }

    mutating func add(_ other: Derivatives, times factor: Double = 1) {
      logLikelihood += factor * other.logLikelihood
      addTo(&gradient, other.gradient, times: factor)
      addTo(&information, other.information, times: factor)
    }
  }

  /// Coefficients of each fold, in the gathered columns.
  func fit() throws(EffectError) -> [[Double]] {
    let known = certainResponses()
    let certain = known.map { response in
      response.map { value in
        var coefficients = [Double](repeating: 0, count: rows.width)
        coefficients[0] = value > 0 ? FoldedLogistic.certain : -FoldedLogistic.certain
        return coefficients
      }
    }
    guard known.contains(nil) else { return certain.compactMap { $0 } }
    let pooled = try newton(from: try start(), excluding: nil)
    if case .treatment = response { try requireOverlap(pooled) }
    let byFold = derivatives(at: pooled, tasks)
    var total = Derivatives(width: rows.width)
    for part in byFold { total.add(part) }
    var (factors, coefficients) = ([CholeskyFactor](), [[Double]]())
    for (fold, part) in byFold.enumerated() {
      var outside = total
      outside.add(part, times: -1)
      let factor = try ridgeFactor(
        outside.information, rows.width, perRow: outside.information[0])
      var moved = pooled
      addTo(&moved, factor.solve(outside.gradient))
      factors.append(factor)
      coefficients.append(certain[fold] ?? moved)
    }
    return try refined(
      coefficients, factors, pooled, open: Set(known.indices.filter { known[$0] == nil }))
  }

  /// Steps with each fold's factor, in the folds that are open, until they are too small to see.
  private func refined(
    _ start: [[Double]], _ factors: [CholeskyFactor], _ pooled: [Double], open folds: Set<Int>
  ) throws(EffectError) -> [[Double]] {
    var coefficients = start
    var decrements = [Double](repeating: .infinity, count: rows.folds)
    var open = folds
    for _ in 0..<FoldedLogistic.maximumPasses where !open.isEmpty {
      let gradients = FoldedGradient(self).gradients(coefficients)
      for fold in open.sorted() {
        let step = factors[fold].solve(gradients[fold])
        let decrement = dot(step, gradients[fold])
        // Not a contraction (a NaN is none either): leave it to Newton's method.
        guard decrement < decrements[fold] / 4 else { continue }
        decrements[fold] = decrement
        addTo(&coefficients[fold], step)
        if decrement <= FoldedLogistic.tolerance { open.remove(fold) }
      }
    }
    for fold in open.sorted() {
      coefficients[fold] = try newton(from: pooled, excluding: fold)
    }
    return coefficients
  }

  /// A start from every eighth task of many, else from the common rate.
  private func start() throws(EffectError) -> [Double] {
    var first = [Double](repeating: 0, count: rows.width)
    let sample = tasks.enumerated().filter { $0.offset % 8 == 3 }.map(\.element)
    let whole = rate(tasks)
    first[0] = logit(whole)
    let count = sample.reduce(0) { $0 + $1.reduce(0) { $0 + rows.blocks[$1].count } }
    guard count > 50 * rows.width, abs(rate(sample) - whole) < 0.1 else { return first }
    // A sample that cannot be fitted is no fault of the data: the common rate serves as well.
    return (try? newton(from: first, on: sample, tolerance: 1e-2)) ?? first
  }

  /// The mean response of some tasks.
  private func rate(_ tasks: [Range<Int>]) -> Double {
    var (sum, count) = (0.0, 0.0)
    for task in tasks {
      for block in rows.blocks[task] {
        count += Double(block.count)
        for i in block.start..<block.start + block.count { sum += responses[i] }
      }
    }
    return min(max(sum / max(count, 1), 1e-6), 1 - 1e-6)
  }

  private func newton(
    from start: [Double], excluding fold: Int?
  ) throws(EffectError) -> [Double] {
    try newton(
      from: start, on: tasks.filter { rows.group(of: $0).fold != fold },
      tolerance: FoldedLogistic.tolerance)
  }

  /// Newton's method with step halving on the log-likelihood less the ridge.
  private func newton(
    from start: [Double], on tasks: [Range<Int>], tolerance: Double
  ) throws(EffectError) -> [Double] {
    let count = tasks.reduce(0) { $0 + $1.reduce(0) { $0 + rows.blocks[$1].count } }
    let ridge = FoldedRows.relativeRidge * Double(count)
    var coefficients = start
    var here = objective(coefficients, tasks, ridge)
    var last = Double.infinity
    for _ in 0..<FoldedLogistic.maximumIterations {
      let step = try ridgeFactor(here.information, rows.width, perRow: Double(count))
        .solve(here.gradient)
      last = dot(step, here.gradient)
      if last <= tolerance { return coefficients }
      var (fraction, moved) = (1.0, false)
      // A rise below the rounding of the sum cannot be seen.
      let rounding = 1e-13 * (abs(here.logLikelihood) + 1)
      for _ in 0..<FoldedLogistic.maximumHalvings {
        var trial = coefficients
        addTo(&trial, step, times: fraction)
        let there = objective(trial, tasks, ridge)
        if there.logLikelihood >= here.logLikelihood - rounding {
          (coefficients, here, moved) = (trial, there, true)
          break
        }
        fraction /= 2
      }
      if !moved { break }
    }
    // What is left is far below a standard error although rounding hides further progress.
    if last <= 1e-8 { return coefficients }
    throw .notConverged(
      model: response == .treatment ? "propensity" : "outcome",
      iterations: FoldedLogistic.maximumIterations, decrement: last)
  }

  private func objective(
    _ coefficients: [Double], _ tasks: [Range<Int>], _ ridge: Double
  ) -> Derivatives {
    var sum = Derivatives(width: rows.width)
    for part in derivatives(at: coefficients, tasks) { sum.add(part) }
    sum.logLikelihood -= ridge / 2 * dot(coefficients, coefficients)
    addTo(&sum.gradient, coefficients, times: -ridge)
    return sum
  }

  /// The log-likelihood's derivatives by fold.
  private func derivatives(at coefficients: [Double], _ tasks: [Range<Int>]) -> [Derivatives] {
    let partial = rows.map(tasks) { task in derivatives(of: task, coefficients) }
    var byFold = [Derivatives](repeating: Derivatives(width: rows.width), count: rows.folds)
    for (task, part) in zip(tasks, partial) { byFold[rows.group(of: task).fold].add(part) }
    return byFold
  }

  private func derivatives(of task: Range<Int>, _ coefficients: [Double]) -> Derivatives {
    let width = rows.width
    var sum = Derivatives(width: width)
    let predictor = Scratch<Double>(count: FoldedRows.rowsPerBlock, repeating: 0)
    let residuals = Scratch<Double>(count: FoldedRows.rowsPerBlock, repeating: 0)
    let weighted = Scratch<Double>(count: FoldedRows.rowsPerBlock * width, repeating: 0)
    for block in rows.blocks[task] {
      let values = rows.values(of: block)
      BlockKernels.multiply(
        values, rows: block.count, columns: width, coefficients, width: 1, into: predictor.base)
      for i in 0..<block.count {
        let eta = predictor.base[i]
        let response = responses[block.start + i]
        let small = Double.exp(-abs(eta))
        let tail = 1 / (1 + small)
        let p = eta > 0 ? tail : small * tail
        // y η − log(1 + e^η) without overflow at either end.
        sum.logLikelihood += response * eta - max(eta, 0) + Double.log(tail)
        residuals.base[i] = response - p
        predictor.base[i] = (small * tail * tail).squareRoot()
      }
      sum.gradient.withUnsafeMutableBufferPointer {
        BlockKernels.addTransposeProduct(
          values, rows: block.count, columns: width, residuals.base, width: 1,
          to: $0.baseAddress!)
      }
      for c in 0..<width {
        let (source, target) = (values + c * block.count, weighted.base + c * block.count)
        for i in 0..<block.count { target[i] = source[i] * predictor.base[i] }
      }
      sum.information.withUnsafeMutableBufferPointer {
        BlockKernels.addCrossProduct(
          weighted.base, rows: block.count, columns: width, to: $0.baseAddress!)
      }
    }
    return sum
  }
}
