/// Every constant of a generated world. A regime is an edit of the base (`init(regime:)`).
///
/// Times are in days unless a name says otherwise; probabilities are per contact.
package struct WorldParameters: Sendable {
  /// Start of the log: 2026-01-05T00:00:00Z (a Monday), seconds since 1970.
  package var startSeconds: Int64 = 1_767_571_200
  package var days = 90
  /// Simulated before the log; its contacts are not in the log but bring repeats that are.
  package var warmUpDays = 40
  /// Topic shares fall with rank to this power.
  package var topicExponent = 0.8

  package var background = Background()
  package var outages = Outages()
  package var classification = Classification()
  package var execution = Execution()
  package var staffWork = StaffWork()
  package var repeats = Repeats()
  package var review = Review()
  /// Outcomes beside repeats, each a column of its own; none in every regime.
  package var outcomes: [OutcomeLaw] = []
  /// What latency does to expected repeats, on the log scale; nil: nothing.
  package var latency: LatencyLaw?
  package var recording = Recording()
  /// What becomes otherwise on a day of the log; nil: nothing.
  package var turn: Turn?
  /// What the score decides beyond who handles a contact; nil: nothing.
  package var routing: ScoreRouting?

  /// A known cause of a change: from a day of the log on, some constants are others.
  package struct Turn: Sendable {
    package var day: Int
    /// What it is called, where it is one of `WorldChange`.
    package var name: String?
    /// The confidence from which AI handles, ten-thousandths.
    package var threshold: Int?
    /// Effects of failures on repeats.
    package var effects: [Double]?
    /// Share of the contacts of staff that the last team of the catalogue takes over (it handles none
    /// before), and what is added to the log odds of its errors.
    package var newTeam: NewTeam?
    /// An outage that begins on that day.
    package var outage: LongOutage?

    package init(day: Int) { self.day = day }
  }

  package struct NewTeam: Sendable {
    package var share: Double
    package var logOdds: Double

    package init(share: Double, logOdds: Double) {
      self.share = share
      self.logOdds = logOdds
    }
  }

  /// One integration that often times out for some days.
  package struct LongOutage: Sendable {
    package var integration: Int
    package var days: Int
    package var timeoutRate: Double
  }

  /// A repair that takes effect on a day of the log; nil in every regime.
  package var release: Release?

  /// Contacts that come by themselves.
  package struct Background: Sendable {
    package enum Rates: Sendable {
      /// Gamma with this shape and mean.
      case gamma(shape: Double, mean: Double)
      /// Lognormal with this mean and log sd, and a share of very heavy contactors (gamma, shape 4).
      case heavyTailed(mean: Double, logSD: Double, heavyShare: Double, heavyMean: Double)
    }

    /// Contacts of a customer per `ratePeriod` days of activity.
    package var rates = Rates.gamma(shape: 1.5, mean: 1.2)
    package var ratePeriod = 90.0
    /// Monday to Sunday; used after scaling to mean 1.
    package var weekdayFactors = [1.0, 1, 1, 1, 1, 1, 1]
    /// Dirichlet concentration of a customer's own topic mix around the common one; nil: all alike.
    package var ownTopicConcentration: Double?
    /// Share of customers who are active only on an interval, and its length; the rest always are.
    package var partlyActiveShare = 0.0
    package var activeDays = 25.0...50.0
    /// What an outage does to the contacts about topics that its integration serves.
    package var outageFactor = 1.0
  }

  /// Stretches of whole days on which one integration often times out.
  package struct Outages: Sendable {
    package var count = 3...5
    package var days = 1...3
    package var timeoutRate = 0.30...0.60
  }

  /// Intent classification, its confidence, and who handles the contact.
  package struct Classification: Sendable {
    /// Log odds of misclassification at hardness 0 on a channel without effect.
    package var misclassificationLogOdds = -2.45
    package var misclassificationByHardness = 0.5
    /// Confidence is logistic-normal: mean and sd of its logit.
    package var confidenceMean = 1.3
    package var confidenceByHardness = -0.5
    package var confidenceWhenWrong = -1.1
    package var confidenceSD = 0.9
    /// AI handles from this confidence on, in ten-thousandths.
    package var threshold = 7_000
    /// Chance that a confident contact goes to staff all the same, times exp(0.7 hardness).
    package var staffAnyway = 0.08
    package var staffAnywayByHardness = 0.7
    /// Half-width of the zones above and below the threshold that count as modes, ten-thousandths.
    package var nearThreshold = 800
  }

  /// Integrations and actions.
  package struct Execution: Sendable {
    package var timeoutRate = 0.04
    package var errorRate = 0.02
    package var latencyLogSD = 0.8
    package var slowAbove = 2_500
    package var timeoutLatency = 8_000...10_000
    package var actionFailure = 0.04
    package var actionFailureByTimeout = 0.45
    package var actionFailureByError = 0.30
    package var actionFailureByMisclassification = 0.15
    package var actionPartial = 0.03
  }

  /// Errors of staff, on the contacts that staff handle.
  package struct StaffWork: Sendable {
    /// Chance that a contact goes to its topic's home team rather than to anybody.
    package var homeTeamShare = 0.7
    package var wrongInformation = ErrorOdds(
      base: -2.95, staffSD: 0.4, timeout: 1.0, actionFailed: 0.8, misclassified: 0.7)
    package var procedureMissed = ErrorOdds(
      base: -3.2, staffSD: 0.3, timeout: 0.5, actionFailed: 0.4, misclassified: 0.3)
    /// A member of staff who is worse than the others; nil: nobody beyond what chance gives.
    package var worse: WorseMember?
  }

  /// What a worse member of staff does.
  package struct WorseMember: Sendable {
    /// Index into the staff.
    package var member: Int
    /// Factor on the expected repeats of the contacts that the member handles.
    package var repeatFactor: Double
    /// Added to the log odds of the member's errors.
    package var logOdds: Double
  }

  /// Log odds of one staff error.
  package struct ErrorOdds: Sendable {
    package var base: Double
    package var staffSD: Double
    package var timeout: Double
    package var actionFailed: Double
    package var misclassified: Double
  }

  /// A failure mode that happens less often at a component from a day of the log on: what a release
  /// that repairs it does.
  package struct Release: Sendable {
    package var mode: InjectedMode
    /// nil: at every component.
    package var component: String?
    /// Day of the log, from 0.
    package var day: Int
    /// Share of the failures that still happen, 0...1.
    package var keeps: Double

    package init(mode: InjectedMode, component: String?, day: Int, keeps: Double) {
      self.mode = mode
      self.component = component
      self.day = day
      self.keeps = keeps
    }
  }

  /// How many repeats a contact brings, of which topic, and when.
  package struct Repeats: Sendable {
    package enum Shape: Sendable {
      /// exp(context + Σ effects)
      case logLinear
      /// exp(context) + Σ effects
      case additive
      /// K (1 − exp(−(exp(context) + Σ effects) / K))
      case saturating(ceiling: Double)
    }

    package var shape = Shape.logLinear
    /// Log of the expected repeats of a contact without failures, before topic and channel.
    package var base = -2.10
    /// By mode, in the order of `InjectedMode.allCases`: on the log scale or, where failures add, repeats.
    package var effects = [0.9, 0.8, 0.7, 0.2, 0, 0, 1.0, 0.8, 0.5]
    package var sameTopic = 0.75
    package var delay = DelayDensity(
      [
        .init(weight: 0.6, shape: .lognormal(median: 20.0 / 24, logSD: 1.0)),
        .init(weight: 0.4, shape: .exponential(mean: 4)),
      ], limit: 15)
    /// How the repeats come that only a certain mode brings, in the order in which modes add theirs;
    /// at most two. All others come alike.
    package var courses: [RepeatCourse] = []
    /// A factor of the customer's own on all their expected repeats; nil: none.
    package var frailty: Frailty?
    /// What an outage does to the expected repeats of everybody's contacts after it; nil: nothing.
    package var afterOutage: AfterOutage?
    /// Chance that the action fails again on a repeat about the same topic of a contact whose action
    /// failed, whatever else happens on it: the problem is still there.
    package var unresolvedShare = 0.0
  }

  /// How the repeats come that only this mode brings.
  package struct RepeatCourse: Sendable {
    package var mode: InjectedMode
    package var delay: DelayDensity
    package var sameTopic: Double
  }

  /// Gamma of mean 1 and this shape, cut off at `limit`: beyond it a customer's repeats would bring
  /// more than one repeat each and never end.
  package struct Frailty: Sendable {
    package var shape: Double
    package var limit: Double
  }

  /// The factor on expected repeats from the day after an outage's last, for so many days.
  package struct AfterOutage: Sendable {
    package var days: Int
    package var factor: Double
  }

  /// Quality assurance and what customers say.
  package struct Review: Sendable {
    /// Share of contacts whose staff work was looked at.
    package var share = 1.0
    /// The share is multiplied by 1 + this × hardness.
    package var byHardness = 0.0
    package var medianHours = 2.0
    package var logSD = 0.5
    package var csatShare = 0.25
    /// The share where the customer came again about the same topic within 7 days; the review then
    /// follows that contact. nil: reviews know nothing of what followed.
    package var shareAfterRepeat: Double?
    /// Share of contacts whose true intent is known.
    package var intentShare = 1.0
  }

  /// What the log gets wrong about who made contact, and what it does not have yet. What happens in the
  /// world, and its truth, stay what they are.
  package struct Recording: Sendable {
    /// Share of the contacts that get one another's ids.
    package var swappedShare = 0.0
    /// Share of the customers who have an id of their own on each channel.
    package var splitShare = 0.0
    /// Share of the contacts that name their customer, by who handles them; nil: all.
    package var idShare: IDShare?
    /// Shares of the last days' contacts that are in the log, the last day last.
    package var lateShares: [Double] = []

    package struct IDShare: Sendable {
      package var ai: Double
      package var staff: Double
    }

    package var isFaithful: Bool {
      swappedShare == 0 && splitShare == 0 && idShare == nil && lateShares.isEmpty
    }
  }

  package init() {}
}
