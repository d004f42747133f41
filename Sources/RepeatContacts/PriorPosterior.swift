#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the customers' counts say under a prior: the expected complete-data log-likelihood, its
/// derivatives in the prior's coordinates, and who is expected in which interval.
///
/// By Fisher's identity the derivatives are those of the complete data, averaged over intervals and
/// components given each customer's class and number of background contacts.
package struct PriorPosterior {
  /// Truncation and weak priors on the shapes included.
  package private(set) var objective = 0.0
  /// In the order of `RatePrior.coordinates`.
  package private(set) var gradient: [Double] = []
  /// Expected customers by interval, those never seen included, and their rates summed.
  package private(set) var customers: [Double]
  package private(set) var rates: [Double]

  /// - Parameter moments: the prior's, up to the greatest number of background contacts in use.
  package init(
    _ prior: RatePrior, moments: PowerMoments, counts: BackgroundCounts, grid: ActivityGrid
  ) {
    let intervals = moments.masses.count
    customers = [Double](repeating: 0, count: intervals)
    rates = [Double](repeating: 0, count: intervals)
    let weights = grid.mode == .estimated ? prior.intervalWeights : nil
    var values = [Double](repeating: 0, count: intervals)
    var shares = [Double](repeating: 0, count: intervals)
    var totals = [Double](repeating: 0, count: grid.classCount)
    var ratios = totals
    var sums = ComponentSums(moments)
    for r in 0...moments.maximum {
      let silent = r == 0 ? grid.silent : [:]
      let truncated = r == 0 && grid.mode != .table
      guard truncated || !silent.isEmpty || counts.has(r, classes: grid.classCount) else {
        sums.advance(to: r + 1)
        continue
      }
      moments.fill(&values, r: r, weights: weights)
      grid.classTotals(values, into: &totals)
      for customerClass in totals.indices {
        var n = counts.histogram[customerClass * counts.stride + r]
        if !silent.isEmpty { n += Double(silent[customerClass] ?? 0) }
        ratios[customerClass] = n > 0 && totals[customerClass] > 0 ? n / totals[customerClass] : 0
        if n > 0 { objective += n * (moments.peak[r] + log(totals[customerClass])) }
      }
      grid.intervalTotals(&ratios, into: &shares)
      if truncated {
        let scale = exp(moments.peak[0])
        let unseen = scale * values.reduce(0, +)
        objective -= counts.customers * log(max(1 - unseen, 1e-12))
        // Those never seen are expected as often as the seen ones say.
        for k in shares.indices { shares[k] += scale * counts.customers / max(1 - unseen, 1e-6) }
      }
      for k in 0..<intervals {
        let share = shares[k] * (weights?[k] ?? 1)
        if share > 0 { sums.add(share, interval: k, r: r, &customers[k], &rates[k]) }
      }
      sums.advance(to: r + 1)
    }
    gradient = sums.gradient
    // A weak prior on the shapes keeps them finite where the data are Poisson.
    for (q, component) in moments.components.enumerated() {
      let logShape = log(component.shape)
      objective -= RatePrior.logPenalty * logShape * logShape / 2
      gradient[2 * q + 1] -= RatePrior.logPenalty * logShape
    }
  }

  /// Sums over expected customers from which each component's derivatives follow. With shape a, rate b
  /// and mass m the log weight at r is log w + a log b − (a + r) log(b + m) + Σ_{s<r} log(a + s).
  private struct ComponentSums {
    private let moments: PowerMoments
    private let count: Int
    /// log b − log(b + m) and 1/(b + m) by interval and component.
    private var logShare: [Double]
    private var inverse: [Double]
    /// Σ_{s<r} 1/(a + s) at the r at hand.
    private var harmonic: [Double]
    private var expected: [Double]
    private var moved: [Double]
    private var logarithms: [Double]

    init(_ moments: PowerMoments) {
      self.moments = moments
      count = moments.components.count
      logShare = []
      inverse = []
      for mass in moments.masses {
        for component in moments.components {
          logShare.append(log(component.rate) - log(component.rate + mass))
          inverse.append(1 / (component.rate + mass))
        }
      }
      harmonic = [Double](repeating: 0, count: count)
      expected = harmonic
      moved = harmonic
      logarithms = harmonic
    }

    /// Adds the customers of an interval with r background contacts, `share` times each component's
    /// value; gives them to the interval's sums too.
    mutating func add(
      _ share: Double, interval: Int, r: Int, _ customers: inout Double, _ rates: inout Double
    ) {
      for q in 0..<count {
        let component = moments.components[q]
        let place = interval * count + q
        let p = share * moments.value[(r * moments.masses.count) * count + place]
        let rate = (component.shape + Double(r)) * inverse[place]
        customers += p
        rates += p * rate
        expected[q] += p
        moved[q] += p * rate * component.rate
        logarithms[q] += p * (logShare[place] + harmonic[q])
      }
    }

    mutating func advance(to r: Int) {
      for q in 0..<count { harmonic[q] += 1 / (moments.components[q].shape + Double(r - 1)) }
    }

    var gradient: [Double] {
      var result: [Double] = []
      for (q, component) in moments.components.enumerated() {
        let a = component.shape
        result.append(moved[q] - a * expected[q])
        result.append(a * logarithms[q] + a * expected[q] - moved[q])
      }
      if count == 2 {
        let w = moments.components[1].weight
        result.append((1 - w) * expected[1] - w * expected[0])
      }
      return result
    }
  }
}

extension BackgroundCounts {
  /// Whether any class has customers with r background contacts.
  func has(_ r: Int, classes: Int) -> Bool {
    (0..<classes).contains { histogram[$0 * stride + r] > 0 }
  }
}
