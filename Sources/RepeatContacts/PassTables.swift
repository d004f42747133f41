#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The parameters of one pass, laid out as a pass reads them.
package struct PassTables: Sendable {
  /// κ of each observed cell by delay group: `rate[cell * groups + group]`.
  package let rate: [Double]
  package let groups: Int
  /// g per operational day: `density[group * bins + bin]`.
  package let density: [Double]
  /// Probability of each delay bin, same layout.
  package let mass: [Double]
  package let persistence: [Double]
  package let topicShare: [Double]
  package let intensity: [Double]
  /// Their logarithms.
  package let logTopicShare: [Double]
  package let logIntensity: [Double]
  /// Expected repeats within the log, Σ κ × exposure: what the triggers take off the log-likelihood.
  package let compensator: Double
  package let mixConcentration: Double
  /// `log (α·share)_r`, rising factorials by topic and r; empty without own mixes.
  package let logRising: [Double]
  /// `log (α)_r`.
  package let logRisingTotal: [Double]
  package let prior: RatePrior.Table
  package let customerClass: [Int32]
  /// A typical rate and the mass of the whole log: where the polynomials are scaled.
  package let meanRate: Double
  package let shape: Double
  package let wholeMass: Double
  /// Most contacts of a customer whose background is integrated exactly.
  package let exactLimit: Int

  /// Customers with more contacts than this are treated by their mean rate: their rate is known to
  /// a few per cent, and the exact integration costs the square of the contacts.
  package static let exactLimit = 192

  package init(model: LinkModel, parameters: LinkParameters) {
    let cells = model.rate.cells
    groups = model.rate.form.groupCount
    let means = model.rate.means(parameters.coefficients)
    var rate = [Double](repeating: 0, count: cells.observedCount * groups)
    for o in 0..<cells.observedCount {
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[entry])
        rate[o * groups + Int(model.rate.cellGroup[cell])] +=
          cells.mixtureWeight[entry] * means[cell]
      }
    }
    self.rate = rate
    let bins = model.data.bins
    mass = parameters.delay.flatMap { $0 }
    density = parameters.delay.flatMap { group in
      group.indices.map { group[$0] / bins.width($0) }
    }
    persistence = parameters.persistence
    topicShare = parameters.topicShare
    intensity = parameters.intensity
    logTopicShare = topicShare.map { log($0) }
    logIntensity = intensity.map { log($0) }
    compensator = zip(rate, model.coverage.exposures(parameters.delay)).reduce(0) {
      $0 + $1.0 * $1.1
    }
    mixConcentration = parameters.mixConcentration
    exactLimit = min(model.mostContacts, PassTables.exactLimit)
    let dayWeights = model.dayWeights(parameters)
    let masses = model.grid.mass(dayWeights: dayWeights)
    prior = parameters.prior.table(grid: model.grid, masses: masses, maximum: exactLimit)
    customerClass = model.grid.customerClass
    meanRate = parameters.prior.meanRate
    shape = parameters.prior.components[0].shape
    wholeMass = dayWeights.reduce(0, +)
    guard parameters.mixConcentration.isFinite else {
      logRising = []
      logRisingTotal = []
      return
    }
    let alpha = parameters.mixConcentration
    let limit = exactLimit
    logRising = parameters.topicShare.flatMap {
      logRisingFactorials(alpha * max($0, 1e-9), through: limit)
    }
    logRisingTotal = logRisingFactorials(alpha, through: limit)
  }
}

/// `log (x)_r`, the rising factorials, for r = 0...n.
package func logRisingFactorials(_ x: Double, through n: Int) -> [Double] {
  var values = [0.0]
  for r in 0..<n { values.append(values[r] + log(x + Double(r))) }
  return values
}

/// What one pass over the candidate pairs gives: every sum that an update needs.
package struct PassSums: Sendable {
  /// Σ p_ij by the observed cell of i and delay group: `caused[cell * groups + group]`.
  package var caused: [Double]
  /// Expected own contacts (background) by topic and day: `own[topic * days + day]`.
  package var own: [Double]
  /// Σ p by group and delay bin.
  package var delay: [Double]
  /// Σ p by group, and Σ p × probability that the topic was kept on purpose.
  package var linked: [Double]
  package var kept: [Double]
  /// Σ p of links that drew a new topic, by that topic.
  package var drawn: [Double]
  /// Expected customers by class and number of background contacts.
  package var background: BackgroundCounts
  /// Expected (customer, topic) pairs by topic and number of background contacts; own mixes only.
  package var topicHistogram: [Double]
  package var logLikelihood: Double
  /// Customers beyond the exact limit.
  package var heavyCustomers: Int

  package init(
    caused: [Double], own: [Double], delay: [Double], linked: [Double], kept: [Double],
    drawn: [Double], background: BackgroundCounts, topicHistogram: [Double],
    logLikelihood: Double, heavyCustomers: Int
  ) {
    self.caused = caused
    self.own = own
    self.delay = delay
    self.linked = linked
    self.kept = kept
    self.drawn = drawn
    self.background = background
    self.topicHistogram = topicHistogram
    self.logLikelihood = logLikelihood
    self.heavyCustomers = heavyCustomers
  }
}

/// Runs passes over candidate pairs where the data are. Customers are independent, so a pass is one
/// aggregation; everything that iterates sees only its sums.
package protocol LinkExecutor: Sendable {
  /// The E step and the observed log-likelihood at these parameters.
  func pass(_ data: LinkData, _ tables: PassTables) -> PassSums
  /// The outer products of the customers' scores, summed: `parameterCount²` values.
  func scoreProducts(_ data: LinkData, _ tables: PassTables, _ plan: ScorePlan) -> [Double]
  /// The probability of every candidate pair, in the order of `LinkData.pairBin`.
  func probabilities(_ data: LinkData, _ tables: PassTables) -> [Double]
}
