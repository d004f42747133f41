import RepeatContacts
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What each customer's contacts say of whether silence since the last one is a departure.
///
/// Own contacts come at a rate λ ~ Gamma(a, b) while the customer is there; repeats come besides. After
/// each contact the customer leaves with a hazard (BG/NBD: Fader, Hardie & Lee 2005, Marketing Science
/// 24; the hazard explained by what happened on the contact). Given `own` contacts of their own over
/// `span` days from first to last, a customer who is still there is silent for `silence` days with
///
///     S = ((b + span)/(b + span + silence))^(a + own) · exp(−due)
///
/// where `due` are the repeats that the last contacts should still have brought by then.
package struct CustomerSilence: Sendable {
  package struct Customer: Sendable {
    /// Row of the table, and observed cell, of the last contact.
    package var row: Int
    package var cell: Int
    package var own: Double
    package var span: Double
    package var silence: Double
    package var due: Double

    package init(row: Int, cell: Int, own: Double, span: Double, silence: Double, due: Double) {
      self.row = row
      self.cell = cell
      self.own = own
      self.span = span
      self.silence = silence
      self.due = due
    }
  }

  package let customers: [Customer]
  /// Contacts of each observed cell after which the customer was seen again.
  package let seenAgain: [Double]

  /// - Parameter cells: observed cell of each row of the table, of the outcome's own cells.
  package init(_ fitted: FittedAttribution, tree: LinkTree, cells: ModeCells) {
    let data = fitted.data
    let tables = fitted.fit.tables
    let bins = data.bins
    var customers: [Customer] = []
    var seenAgain = [Double](repeating: 0, count: cells.observedCount)
    for c in 0..<data.customerCount {
      let first = Int(data.customerStart[c])
      let last = Int(data.customerStart[c + 1]) - 1
      var own = 0.0
      for j in first...last where j > first {
        var brought = 0.0
        for k in data.pairStart[j]..<data.pairStart[j + 1] { brought += tree.probability[k] }
        own += 1 - min(brought, 1)
        seenAgain[Int(cells.observedOfRow[Int(data.row[j - 1])])] += 1
      }
      var due = 0.0
      for i in first...last where data.time[last] - data.time[i] < bins.window {
        for g in 0..<tables.groups {
          let rate = tables.rate[Int(data.cell[i]) * tables.groups + g]
          guard rate > 0 else { continue }
          for b in 0..<bins.count {
            due +=
              rate * tables.mass[g * bins.count + b]
              * (bins.coverage(b, data.end - data.time[i])
                - bins.coverage(b, data.time[last] - data.time[i]))
          }
        }
      }
      let row = Int(data.row[last])
      customers.append(
        Customer(
          row: row, cell: Int(cells.observedOfRow[row]), own: own,
          span: data.time[last] - data.time[first], silence: data.end - data.time[last], due: due))
    }
    self.customers = customers
    self.seenAgain = seenAgain
  }

  package init(customers: [Customer], seenAgain: [Double]) {
    self.customers = customers
    self.seenAgain = seenAgain
  }

  /// The distribution of customers' own rates.
  package struct Rhythm: Sendable {
    /// log a and log b, per operational day.
    package var logShape: Double
    package var logRate: Double

    package init(logShape: Double, logRate: Double) {
      self.logShape = logShape
      self.logRate = logRate
    }
    var shape: Double { exp(logShape) }
    var rate: Double { exp(logRate) }

    /// log S: of silence, of a customer who is still there.
    package func logSilent(_ c: Customer) -> Double {
      (shape + c.own) * log((rate + c.span) / (rate + c.span + c.silence)) - c.due
    }
  }

  /// Where the fit starts: rates by moments of contacts a day over the whole log.
  package func start() -> Rhythm {
    var rates: [Double] = []
    for c in customers where c.span + c.silence > 0 {
      rates.append(c.own / (c.span + c.silence))
    }
    let mean = max(rates.reduce(0, +) / Double(max(rates.count, 1)), 1e-6)
    return Rhythm(logShape: 0, logRate: log(1 / mean))
  }

  /// Log-likelihood under the hazards of the observed cells.
  package func logLikelihood(_ rhythm: Rhythm, hazard: [Double]) -> Double {
    var sum = 0.0
    for o in seenAgain.indices where seenAgain[o] > 0 { sum += seenAgain[o] * log1p(-hazard[o]) }
    let (a, b) = (rhythm.shape, rhythm.rate)
    for c in customers {
      let h = hazard[c.cell]
      let silent = exp(rhythm.logSilent(c))
      sum +=
        GammaFunctions.logGamma(a + c.own) - GammaFunctions.logGamma(a) + a * log(b)
        - (a + c.own) * log(b + c.span) + log(h + (1 - h) * silent)
    }
    return sum
  }

  /// Derivatives of one customer's last term in the hazard, and of the whole in log a and log b.
  package func slopes(_ c: Customer, _ rhythm: Rhythm, hazard h: Double) -> (
    hazard: Double, logShape: Double, logRate: Double
  ) {
    let (a, b) = (rhythm.shape, rhythm.rate)
    let silent = exp(rhythm.logSilent(c))
    let seen = h + (1 - h) * silent
    let there = (1 - h) * silent / seen
    let ratio = log((b + c.span) / (b + c.span + c.silence))
    let inShape =
      GammaFunctions.digamma(a + c.own) - GammaFunctions.digamma(a) + log(b) - log(b + c.span)
      + there * ratio
    let inRate =
      a / b - (a + c.own) / (b + c.span)
      + there * (a + c.own) * (1 / (b + c.span) - 1 / (b + c.span + c.silence))
    return ((1 - silent) / seen, a * inShape, b * inRate)
  }

  /// How many customers' silences speak: Σ (1 − S).
  func telling(_ rhythm: Rhythm) -> Double {
    customers.reduce(0) { $0 + 1 - silent($1, rhythm) }
  }

  /// Probability that a customer who is still there is that long silent.
  func silent(_ c: Customer, _ rhythm: Rhythm) -> Double { exp(rhythm.logSilent(c)) }

  /// Probability that a customer has left, given the silence.
  func left(_ c: Customer, _ rhythm: Rhythm, hazard: [Double]) -> Double {
    let h = hazard[c.cell]
    return h / (h + (1 - h) * silent(c, rhythm))
  }

  /// Σ over customers of the probability that they have left, given their silence.
  func departed(_ rhythm: Rhythm, hazard: [Double]) -> Double {
    customers.reduce(0) { $0 + left($1, rhythm, hazard: hazard) }
  }
}
