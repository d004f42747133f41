import LinearAlgebra
import RealModule
import Statistics
import Testing

@Suite struct AttributableFractionTests {
  private func model(
    _ known: EffectGoldens.Fractions, clusters: [Int32]? = nil, threads: Int = 1
  ) throws -> AttributableFractionModel {
    try AttributableFractionModel(
      design: EffectGoldens.matrix(known.columns), response: known.response,
      exposures: known.exposures.enumerated().map { Exposure(name: "e\($0)", columns: $1) },
      clusters: clusters, threads: threads)
  }

  private func flat(_ all: AttributableFractions) -> [AttributableFractions.Fraction] {
    all.marginal + all.sequential + all.average + [all.all]
  }

  private func flat(_ replicate: FractionBootstrap.Replicate) -> [Double] {
    replicate.marginal + replicate.sequential + replicate.average + [replicate.all]
  }

  /// Coefficients and fractions to the last digits that both iterations keep; errors against the
  /// change of the whole estimate with each row's weight, by differences of 1 % (squared: 1e-4).
  @Test func agreesWithThePeer() throws {
    let known = try EffectGoldens.load().fractions
    let fractions = try model(known).estimate()
    #expect(relativeDifference(fractions.coefficients, known.coefficients) < 1e-9)
    for (ours, theirs) in zip(flat(fractions).map(\.estimate), known.fractions) {
      #expect(abs(ours - theirs) < 1e-10)
    }
    for (ours, theirs) in zip(flat(fractions).map(\.standardError), known.standardErrors) {
      #expect(relativeDifference(ours, theirs) < 1e-5)
    }
  }

  /// Three drawn samples, fitted by the peer from nothing and here from the full fit. A decrement of
  /// 1e-10 leaves coefficients within 1e-5 of their errors.
  @Test func reweightedFitsAreWholeFits() throws {
    let known = try EffectGoldens.load().fractions
    let model = try model(known)
    for (counts, replicate) in zip(known.weights, known.replicates) {
      let ours = flat(try model.fractions(counts: counts.map { UInt16($0) }))
      for i in ours.indices {
        #expect(abs(ours[i] - replicate[i]) < 1e-5 * known.standardErrors[i])
      }
    }
  }

  /// A drawn sample on the one hand, its rows written out as often as they were drawn on the other:
  /// a decrement of 1e-10 leaves coefficients, and so fractions, within 1e-5 of their errors. Few
  /// rows move the fit far from that to all rows, many do not.
  @Test(arguments: [300, 20_000])
  func reweightedFitsAreThoseOfTheRowsWrittenOut(rows: Int) throws {
    var stream = RandomStream(seed: 11)
    var columns = [[Double]](repeating: [Double](repeating: 1, count: rows), count: 5)
    var response: [Double] = []
    for row in 0..<rows {
      columns[1][row] = stream.bernoulli(0.2) ? 1 : 0
      columns[2][row] = stream.bernoulli(0.1) ? 1 : 0
      columns[3][row] = stream.normal()
      columns[4][row] = columns[1][row] * stream.uniform()
      let eta = columns[1][row] + 0.8 * columns[2][row] - 0.5 * columns[3][row] - 1.2
      response.append(stream.bernoulli(logistic(eta)) ? 1 : 0)
    }
    let exposures = [
      Exposure(name: "one", columns: [1, 4]), Exposure(name: "two", columns: [2]),
    ]
    var counts = [UInt16](repeating: 0, count: rows)
    for _ in 0..<rows { counts[stream.int(below: rows)] += 1 }
    let drawn = counts.indices.flatMap { [Int](repeating: $0, count: Int(counts[$0])) }
    let ours = try AttributableFractionModel(
      design: EffectGoldens.matrix(columns), response: response, exposures: exposures
    ).fractions(counts: counts)
    let whole = try AttributableFractionModel(
      design: EffectGoldens.matrix(columns.map { column in drawn.map { column[$0] } }),
      response: drawn.map { response[$0] }, exposures: exposures
    ).estimate()
    for (value, fraction) in zip(flat(ours), flat(whole)) {
      #expect(abs(value - fraction.estimate) < 1e-5 * fraction.standardError)
    }
  }

  /// One flag and no other column: 1 − P(y | not exposed) / P(y).
  @Test func oneExposureByHand() throws {
    let exposed = [Double](repeating: 1, count: 40) + [Double](repeating: 0, count: 60)
    let response = (0..<100).map { $0 < 24 || $0 >= 91 ? 1.0 : 0 }
    let fractions = try AttributableFractionModel(
      design: EffectGoldens.matrix([[Double](repeating: 1, count: 100), exposed]),
      response: response, exposures: [Exposure(name: "flag", columns: [1])]
    ).estimate()
    let expected = 1 - (9.0 / 60) / 0.33
    for fraction in flat(fractions) { #expect(abs(fraction.estimate - expected) < 1e-10) }
    // Var log(1 − AF) of a cohort by the delta method over the four cells' multinomial.
    let cells: [(n: Double, y: Double, exposed: Double)] = [
      (24, 1, 1), (16, 0, 1), (9, 1, 0), (51, 0, 0),
    ]
    var square = 0.0
    for cell in cells {
      let ofRisk = cell.exposed == 0 ? (cell.y - 0.15) / 0.6 / 0.15 : 0
      let ofMean = (cell.y - 0.33) / 0.33
      square += cell.n * (ofRisk - ofMean) * (ofRisk - ofMean)
    }
    let error = (1 - expected) * square.squareRoot() / 100
    #expect(relativeDifference(fractions.all.standardError, error) < 1e-7)
  }

  @Test func sequentialAndAverageAddUp() throws {
    let fractions = try model(try EffectGoldens.load().fractions).estimate()
    for parts in [fractions.sequential, fractions.average] {
      let sum = parts.reduce(0) { $0 + $1.estimate }
      #expect(abs(sum - fractions.all.estimate) < 1e-12)
    }
    #expect(abs(fractions.sequential[0].estimate - fractions.marginal[0].estimate) < 1e-12)
  }

  @Test func threadsAndSeeds() throws {
    let known = try EffectGoldens.load().fractions
    let (one, two) = (try model(known), try model(known, threads: 2))
    #expect(try one.estimate() == two.estimate())
    let replicates = try one.bootstrap(replicates: 12, seed: 5)
    #expect(try two.bootstrap(replicates: 12, seed: 5) == replicates)
    #expect(try one.bootstrap(replicates: 12, seed: 6) != replicates)
    // Eight are fitted side by side; a replicate does not depend on the others.
    let fewer = try one.bootstrap(replicates: 3, seed: 5)
    #expect(fewer.replicates == Array(replicates.replicates.prefix(3)))
  }

  /// The bootstrap sees what the influence function says, within its own noise (5 % of an error at
  /// 250 replicates, three times that).
  @Test func bootstrapAgreesWithTheInfluence() throws {
    let known = try EffectGoldens.load().fractions
    let model = try model(known, threads: 2)
    let fractions = try model.estimate()
    let bootstrap = try model.bootstrap(replicates: 250, seed: 1)
    for i in 0..<3 {
      let error = try #require(bootstrap.standardError { $0.average[i] })
      #expect(abs(error / fractions.average[i].standardError - 1) < 0.15)
    }
    let interval = try #require(bootstrap.ci95 { $0.all })
    #expect(interval.lower < fractions.all.estimate && fractions.all.estimate < interval.upper)
  }

  /// Every row twice in its cluster: the estimate and the clustered error are those of single rows.
  @Test func clusters() throws {
    let known = try EffectGoldens.load().fractions
    let n = known.response.count
    let single = try model(known, clusters: (0..<n).map { Int32($0) }).estimate()
    let twice = try AttributableFractionModel(
      design: EffectGoldens.matrix(known.columns.map { $0 + $0 }),
      response: known.response + known.response,
      exposures: known.exposures.enumerated().map { Exposure(name: "e\($0)", columns: $1) },
      clusters: (0..<2 * n).map { Int32($0 % n) })
    let doubled = try twice.estimate()
    for (a, b) in zip(flat(single), flat(doubled)) {
      #expect(abs(a.estimate - b.estimate) < 1e-10)
      #expect(relativeDifference(a.standardError, b.standardError) < 1e-7)
    }
    #expect(try twice.bootstrap(replicates: 3, seed: 1).replicates.count == 3)
  }

  @Test func faultsAreNamed() throws {
    let ones = [1.0, 1, 1, 1]
    let design = EffectGoldens.matrix([ones, [0, 1, 0, 1]])
    let flag = [Exposure(name: "flag", columns: [1])]
    #expect(throws: FractionError.constantResponse) {
      try AttributableFractionModel(design: design, response: ones, exposures: flag)
    }
    #expect(throws: FractionError.noIntercept) {
      try AttributableFractionModel(
        design: EffectGoldens.matrix([[0, 1, 0, 1]]), response: [0, 1, 1, 0], exposures: flag)
    }
    #expect(throws: FractionError.responseNotBinary(row: 2, value: 2)) {
      try AttributableFractionModel(design: design, response: [0, 1, 2, 0], exposures: flag)
    }
    let bad = FractionError.exposureColumns(exposure: "base", columns: [0])
    #expect(throws: bad) {
      try AttributableFractionModel(
        design: design, response: [0, 1, 1, 0], exposures: [Exposure(name: "base", columns: [0])])
    }
    #expect(
      bad.description
        == "The exposure \"base\" stands for columns [0], expected at least one column of the "
        + "design other than the intercept.")
    #expect(throws: FractionError.oneCluster) {
      try AttributableFractionModel(
        design: design, response: [0, 1, 1, 0], exposures: flag, clusters: [0, 0, 0, 0])
    }
    // The flag decides the response: there is no finite fit.
    #expect(throws: FractionError.separated(column: 0)) {
      try AttributableFractionModel(design: design, response: [0, 1, 0, 1], exposures: flag)
        .estimate()
    }
  }
}
