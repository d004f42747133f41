extension Study {
  /// Which ids are one customer, and how wrong ids are known to be.
  public struct Identity: Sendable, Equatable {
    public enum Normalisation: String, Sendable { case none, email, phone }

    /// What ids are made alike by before they are compared.
    public var normalise: Normalisation
    /// `plus_tags: drop`: `ann+shop@example.org` is `ann@example.org`.
    public var dropsPlusTags: Bool
    /// Digits of the country code that national telephone numbers belong to.
    public var countryCode: String?
    /// Whether `alias_of` in the customers file joins ids.
    public var usesAliases: Bool
    /// Share of the contacts that carry another customer's id.
    public var wrong: ErrorRate?
    /// Share of the customers who have an id of their own on each channel.
    public var split: ErrorRate?
    /// Columns whose value does not change for a customer: their changes show wrong ids.
    public var steady: [String]
    /// Whether days at the log's end that are not all in yet are left out.
    public var cutsIncompleteEnd: Bool
    /// Contacts a day, throughout a window of repeats, that one customer can make: ids with more are
    /// several people's. nil: every id is taken for one customer.
    public var sharedAbove: Double?

    /// More than two an hour of a working day, day after day.
    public static let customersMost = 20.0

    public init(
      normalise: Normalisation = .none, dropsPlusTags: Bool = false, countryCode: String? = nil,
      usesAliases: Bool = true, wrong: ErrorRate? = nil, split: ErrorRate? = nil,
      steady: [String] = [], cutsIncompleteEnd: Bool = true,
      sharedAbove: Double? = Identity.customersMost
    ) {
      self.normalise = normalise
      self.dropsPlusTags = dropsPlusTags
      self.countryCode = countryCode
      self.usesAliases = usesAliases
      self.wrong = wrong
      self.split = split
      self.steady = steady
      self.cutsIncompleteEnd = cutsIncompleteEnd
      self.sharedAbove = sharedAbove
    }

    /// Whether it says how many ids are wrong.
    public var declaresErrors: Bool { wrong != nil || split != nil }
  }

  /// A share of ids that are wrong, with the standard error that it is known with.
  public struct ErrorRate: Sendable, Equatable {
    /// 0...0.5
    public var rate: Double
    public var standardError: Double

    public init(rate: Double, standardError: Double = 0) {
      self.rate = rate
      self.standardError = standardError
    }

    /// From a sample that somebody looked at: mean and standard deviation of the Beta distribution
    /// that Jeffreys' prior gives.
    public init(found: Double, checked: Double) {
      let (a, b) = (found + 0.5, checked - found + 0.5)
      rate = a / (a + b)
      standardError = (a * b / ((a + b) * (a + b) * (a + b + 1))).squareRoot()
    }

    /// Above half of them wrong no figure can be carried back.
    public static let highest = 0.5
  }
}
