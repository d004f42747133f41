extension AttributionReport {
  /// How the link model was fitted and what it found.
  public struct Model: Codable, Sendable {
    /// `log`, `identity` or `power(γ)`.
    public var link: String
    public var coefficients: [Coefficient]
    /// Delay densities: one for all, and one for each mode with its own.
    public var delay: [Delay]
    public var topicPersistence: [TopicPersistence]
    public var background: Background
    public var iterations: Int
    public var converged: Bool
    public var criterion: String
    public var logLikelihood: Double
    /// What was tried on held-out customers and what it gained, in the order of trial.
    public var selection: [SelectionStep]
    public init(
      link: String, coefficients: [Coefficient], delay: [Delay],
      topicPersistence: [TopicPersistence], background: Background, iterations: Int,
      converged: Bool, criterion: String, logLikelihood: Double, selection: [SelectionStep]
    ) {
      self.link = link
      self.coefficients = coefficients
      self.delay = delay
      self.topicPersistence = topicPersistence
      self.background = background
      self.iterations = iterations
      self.converged = converged
      self.criterion = criterion
      self.logLikelihood = logLikelihood
      self.selection = selection
    }
    enum CodingKeys: String, CodingKey {
      case link, coefficients, delay, background, iterations, converged, criterion, selection
      case topicPersistence = "topic_persistence"
      case logLikelihood = "log_likelihood"
    }
  }

  public struct Coefficient: Codable, Sendable {
    public var term: String
    public var estimate: Double
    public var se: Double?
    public var ci95: [Double]?
    public init(term: String, estimate: Double, se: Double?, ci95: [Double]?) {
      self.term = term
      self.estimate = estimate
      self.se = se
      self.ci95 = ci95
    }
  }

  /// A delay density, piecewise constant: `density[b]` per day between `hours[b]` and `hours[b + 1]`.
  public struct Delay: Codable, Sendable {
    /// "all", or the mode that has its own.
    public var group: String
    public var hours: [Double]
    public var densityPerDay: [Double]
    public init(group: String, hours: [Double], densityPerDay: [Double]) {
      self.group = group
      self.hours = hours
      self.densityPerDay = densityPerDay
    }
    enum CodingKeys: String, CodingKey {
      case group, hours
      case densityPerDay = "density_per_day"
    }
  }

  public struct TopicPersistence: Codable, Sendable {
    public var group: String
    public var estimate: Double
    public init(group: String, estimate: Double) {
      self.group = group
      self.estimate = estimate
    }
  }

  public struct Background: Codable, Sendable {
    /// Background contacts per customer and 30 days, mean over customers in the log.
    public var contactsPerCustomer30Days: Double
    /// Gamma components of the customers' rates (per day): weight, shape, mean.
    public var rateComponents: [RateComponent]
    /// Concentration of the customers' own topic mixes around the common one; nil: no own mix.
    public var topicMixConcentration: Double?
    /// `log`, `customer table` or `estimated`: where the active intervals come from.
    public var activeIntervals: String
    public struct RateComponent: Codable, Sendable {
      public var weight: Double
      public var shape: Double
      public var mean: Double
      public init(weight: Double, shape: Double, mean: Double) {
        self.weight = weight
        self.shape = shape
        self.mean = mean
      }
    }
    public init(
      contactsPerCustomer30Days: Double, rateComponents: [RateComponent],
      topicMixConcentration: Double?, activeIntervals: String
    ) {
      self.contactsPerCustomer30Days = contactsPerCustomer30Days
      self.rateComponents = rateComponents
      self.topicMixConcentration = topicMixConcentration
      self.activeIntervals = activeIntervals
    }
    enum CodingKeys: String, CodingKey {
      case contactsPerCustomer30Days = "contacts_per_customer_30_days"
      case rateComponents = "rate_components"
      case topicMixConcentration = "topic_mix_concentration"
      case activeIntervals = "active_intervals"
    }
  }

  public struct SelectionStep: Codable, Sendable {
    public var candidate: String
    /// Gain in log-likelihood on customers that were held out.
    public var heldOutGain: Double
    public var chosen: Bool
    public init(candidate: String, heldOutGain: Double, chosen: Bool) {
      self.candidate = candidate
      self.heldOutGain = heldOutGain
      self.chosen = chosen
    }
    enum CodingKeys: String, CodingKey {
      case candidate, chosen
      case heldOutGain = "held_out_gain"
    }
  }
}
