import LinearAlgebra

/// Finds the modes of a generalized model's random effects, and of its fixed effects where asked.
///
/// For given θ it maximises ℓ(y | η) − |u|²/2 with η = offset + Xβ + ZΛu by Newton's method with
/// step halving: penalised iteratively reweighted least squares with the observed information
/// (Bates, Mächler, Bolker & Walker 2015, `lme4`'s "Computational methods for mixed models",
/// section 3.2). Each search starts where the last one ended.
final class EffectModes {
  let structure: MixedStructure
  let response: MixedResponse
  let system: MixedSystem
  /// u, then β of the scaled columns.
  var coefficients: [Double]
  /// ℓ at the coefficients, less that of a perfect fit.
  private(set) var logLikelihood = 0.0
  /// Newton steps in all searches.
  private(set) var iterations = 0
  /// η, and what the kernel says of each row at the coefficients.
  let predictor: Scratch<Double>
  let weight: Scratch<Double>
  let score: Scratch<Double>
  let third: Scratch<Double>

  /// Newton stops when a step would lower −2ℓ + |u|² by less.
  static let tolerance = 1e-12
  static let mostIterations = 100

  init(_ structure: MixedStructure, _ response: MixedResponse) {
    self.structure = structure
    self.response = response
    system = structure.system()
    coefficients = [Double](repeating: 0, count: structure.layout.order)
    func column() -> Scratch<Double> { Scratch(count: structure.rows.count, repeating: 0) }
    predictor = column()
    weight = column()
    score = column()
    third = column()
  }

  /// −2ℓ + |u|² at the coefficients, less that of a perfect fit.
  var penalized: Double {
    var squares = 0.0
    for j in 0..<structure.layout.effectCount { squares += coefficients[j] * coefficients[j] }
    return squares - 2 * logLikelihood
  }

  /// Sets Λ from θ and keeps the effects Λu where they are, which is near where they will be.
  func set(theta: [Double]) {
    let effects = system.multiply(coefficients)
    system.set(theta: theta)
    coefficients = system.divide(effects, orKeep: coefficients)
  }

  /// Moves u (and β) to their mode at the system's Λ and leaves the system factored there.
  ///
  /// - Returns: false where the likelihood is not finite at the start: β is too far out.
  /// - Throws: `.modesNotFound` where no step helps, `.system`.
  func find(withFixed: Bool) throws(MixedModelError) -> Bool {
    evaluate()
    if !penalized.isFinite {
      for j in 0..<structure.layout.effectCount { coefficients[j] = 0 }
      evaluate()
      if !penalized.isFinite { return false }
    }
    for _ in 0..<Self.mostIterations {
      system.products.sum(weights: weight, scores: score)
      try system.factor()
      let (step, decrement) = newtonStep(withFixed: withFixed)
      iterations += 1
      if decrement <= Self.tolerance { return true }
      if !move(along: step, decrement) {
        // Sums of the size of ℓ carry rounding, below which no fall can be seen.
        if decrement <= 1e-9 * max(abs(penalized), 1) { return true }
        throw .modesNotFound(iterations: iterations, decrement: decrement)
      }
    }
    return true
  }

  /// The Newton step and the fall of −2ℓ + |u|² that it promises.
  private func newtonStep(withFixed: Bool) -> (step: [Double], decrement: Double) {
    let (effects, dropped) = (
      structure.layout.effectCount, withFixed ? 0 : structure.layout.fixedCount
    )
    var step = system.multiply(system.products.right.array, transposed: true)
    for j in 0..<effects { step[j] -= coefficients[j] }
    for j in step.count - dropped..<step.count { step[j] = 0 }
    var decrement = 0.0
    step.withUnsafeMutableBufferPointer {
      system.cholesky.solveLower($0.baseAddress!, dropping: dropped)
      for value in $0 { decrement += value * value }
      system.cholesky.solveUpper($0.baseAddress!, dropping: dropped)
    }
    return (step, decrement)
  }

  /// Takes the step, halved until −2ℓ + |u|² falls by a twentieth of what its slope promises.
  private func move(along step: [Double], _ decrement: Double) -> Bool {
    let (from, before) = (coefficients, penalized)
    let rounding = 1e-13 * (abs(before) + 1)
    var fraction = 1.0
    while fraction > 1e-10 {
      for j in from.indices { coefficients[j] = from[j] + fraction * step[j] }
      evaluate()
      let after = penalized
      if after.isFinite, after <= before - 0.05 * fraction * decrement + rounding { return true }
      fraction /= 2
    }
    coefficients = from
    evaluate()
    return false
  }

  /// Puts the coefficients where one weighted least squares step from the response itself leads,
  /// for a first search.
  func start() throws(MixedModelError) {
    for i in 0..<structure.rows.count {
      let (y, n) = (response.responses.base[i], response.sizes.base[i])
      let (target, w) = Self.startingPoint(y, n, response.family)
      weight.base[i] = w
      score.base[i] = w * (target - structure.rows.offset.base[i])
    }
    system.products.sum(weights: weight, scores: score)
    try system.factor()
    for j in coefficients.indices { coefficients[j] = 0 }
    coefficients = newtonStep(withFixed: true).step
  }

  /// A predictor near the response, and the information there (McCullagh & Nelder 1989, Generalized
  /// Linear Models, section 2.5).
  private static func startingPoint(
    _ y: Double, _ n: Double, _ family: MixedFamily
  ) -> (predictor: Double, weight: Double) {
    guard n > 0 else { return (0, 0) }
    let mean = family.isBinomial ? (y + 0.5) / (n + 1) : (y + 0.1 * n) / n
    switch family {
    case .binomialLogit:
      return (.log(mean / (1 - mean)), n * mean * (1 - mean))
    case .binomialProbit:
      let z = NormalDistribution.quantile(mean)
      let density = NormalDistribution.density(z)
      return (z, n * density * density / (mean * (1 - mean)))
    case .binomialCloglog:
      let t = -Double.log(onePlus: -mean)
      return (.log(t), n * t * t * (1 - mean) / mean)
    case .poissonLog:
      return (.log(mean), n * mean)
    }
  }

  /// Computes η and the kernel's terms of every row at the coefficients.
  func evaluate() {
    switch response.family {
    case .binomialLogit: evaluate(LogitKernel())
    case .binomialProbit: evaluate(ProbitKernel())
    case .binomialCloglog: evaluate(CloglogKernel())
    case .poissonLog: evaluate(PoissonKernel())
    }
  }

  private struct Pass<Kernel: ResponseKernel>: @unchecked Sendable {
    let kernel: Kernel
    let structure: MixedStructure
    let response: MixedResponse
    let effects: [Double]
    let predictor: Scratch<Double>
    let weight: Scratch<Double>
    let score: Scratch<Double>
    let third: Scratch<Double>

    /// The log-likelihood of one block of rows.
    func run(_ block: Int) -> Double {
      let rows = structure.rows
      rows.writeLinearPredictor(
        of: block, effects, structure.layout, structure.places, into: predictor)
      let runs = rows.blocks[block]
      let first = Int(rows.runStarts.base[runs.lowerBound])
      let end = Int(rows.runStarts.base[runs.upperBound])
      var (sum, product) = (0.0, 1.0)
      for i in first..<end {
        let terms = kernel.terms(
          response: response.responses.base[i], size: response.sizes.base[i],
          reference: response.references.base[i], predictor: predictor.base[i])
        sum += terms.logLikelihood
        product *= terms.divisor
        // A divisor is 2 at most, so that 512 of them stay far below the largest double.
        if (i - first) & 511 == 511 {
          sum -= Double.log(product)
          product = 1
        }
        weight.base[i] = terms.weight
        score.base[i] = terms.score
        third.base[i] = terms.third
      }
      return sum - Double.log(product)
    }
  }

  private func evaluate(_ kernel: some ResponseKernel) {
    let pass = Pass(
      kernel: kernel, structure: structure, response: response,
      effects: system.multiply(coefficients), predictor: predictor, weight: weight, score: score,
      third: third)
    let sums = parallelMap(count: structure.rows.blocks.count, threads: structure.threads) {
      pass.run($0)
    }
    logLikelihood = sums.reduce(0, +)
  }
}
