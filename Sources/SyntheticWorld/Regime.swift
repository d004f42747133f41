/// A kind of world: what is different from the log-linear base.
public enum Regime: String, CaseIterable, Sendable {
  /// The base: failures multiply the expected repeats.
  case logLinear = "log-linear"
  /// Failures add expected repeats.
  case additive
  /// Failures add, under a ceiling on the repeats that one contact can bring.
  case saturating
  /// Heavy-tailed contact rates: a few customers make contact very often.
  case heavyContactors = "heavy-contactors"
  /// Failures happen and induce staff errors, but none of them brings a repeat.
  case noEffect = "no-effect"
  /// Most customers make contact only in a part of the log of their own.
  case partlyActive = "partly-active"
  /// Customers have topic mixes of their own.
  case ownTopics = "own-topics"
  /// Outages raise contacts by themselves: customers call about the outage.
  case outages
  /// Contacts follow the day of the week.
  case weeklyCycle = "weekly-cycle"
  /// Quality assurance looks at a sample of the interactions.
  case qaSample = "qa-sample"
  /// The repeats that a timeout brings come at once.
  case quickRetries = "quick-retries"
  /// Some customers come back more than others whatever happened: a factor on all their repeats.
  case customerFrailty = "customer-frailty"
  /// A failed action leaves the problem open: it brings repeats about the same topic, on which the
  /// action mostly fails again, until it is resolved.
  case repeatsUntilResolved = "repeats-until-resolved"
  /// For days after an outage every contact brings more repeats.
  case shiftedAfterOutage = "shifted-after-outage"
  /// A timeout is retried at once about the same topic, wrong information is found out days later,
  /// mostly about another.
  case modeDelays = "mode-delays"
  /// Quality assurance looks at what was followed by a repeat, because it was.
  case reviewAfterRepeat = "review-after-repeat"
  /// The true intent is known for a fifth of the interactions.
  case intentSample = "intent-sample"
  /// Staff of equal skill, of whom some work the queues that long outages hit and others do not.
  case unequalExposure = "unequal-exposure"
  /// One member of staff errs more often than the others and brings more repeats whatever happens.
  case worseMember = "worse-member"
  /// 5, 10 or 20 % of the contacts carry the id of another customer.
  case swappedIDs5 = "swapped-ids-5"
  case swappedIDs10 = "swapped-ids-10"
  case swappedIDs20 = "swapped-ids-20"
  /// 5, 10 or 20 % of the customers have an id of their own on each channel.
  case splitIDs5 = "split-ids-5"
  case splitIDs10 = "split-ids-10"
  case splitIDs20 = "split-ids-20"
  /// Nearly all contacts that staff handle name the customer, of the others few.
  case missingIDs = "missing-ids"
  /// The last days' interactions are not all in the log yet.
  case lateLog = "late-log"
  /// Failures bring escalations and keep problems from being solved; latency brings repeats and keeps
  /// customers from buying.
  case outcomes
  /// Failures make customers leave for good, and the log says who left.
  case flaggedChurn = "flagged-churn"
  /// The same in a long log of busy customers that says nothing of it: they fall silent.
  case silentChurn = "silent-churn"
}
