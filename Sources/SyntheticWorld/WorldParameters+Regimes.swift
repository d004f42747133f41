extension WorldParameters {
  /// The base world with a regime's edits.
  package init(regime: Regime) {
    self.init()
    switch regime {
    case .logLinear:
      break
    case .additive:
      repeats.shape = .additive
      repeats.effects = [0.22, 0.20, 0.16, 0.03, 0, 0, 0.28, 0.18, 0.10]
    case .saturating:
      repeats.shape = .saturating(ceiling: 0.7)
      repeats.effects = [0.32, 0.30, 0.24, 0.04, 0, 0, 0.42, 0.28, 0.14]
    case .heavyContactors:
      background.rates = .heavyTailed(mean: 1.0, logSD: 1.2, heavyShare: 0.01, heavyMean: 20)
    case .noEffect:
      repeats.effects = InjectedMode.allCases.map { _ in 0 }
    case .partlyActive:
      background.partlyActiveShare = 0.7
    case .ownTopics:
      background.ownTopicConcentration = 4
    case .outages:
      background.outageFactor = 2.5
    case .weeklyCycle:
      background.weekdayFactors = [1.3, 1.2, 1.1, 1.0, 1.0, 0.6, 0.5]
    case .qaSample:
      review.share = 0.12
      review.byHardness = 0.3
    case .quickRetries:
      repeats.courses = [retriesAtOnce]
    case .customerFrailty:
      repeats.frailty = Frailty(shape: 2, limit: 3.5)
    case .repeatsUntilResolved:
      repeats.effects[InjectedMode.actionFailed.index] = 1.4
      repeats.courses = [
        RepeatCourse(mode: .actionFailed, delay: repeats.delay, sameTopic: 1)
      ]
      repeats.unresolvedShare = 0.6
    case .shiftedAfterOutage:
      repeats.afterOutage = AfterOutage(days: 5, factor: 1.8)
    case .modeDelays:
      repeats.courses = [
        retriesAtOnce,
        RepeatCourse(
          mode: .wrongInformation,
          delay: DelayDensity(
            [.init(weight: 1, shape: .lognormal(median: 5, logSD: 0.5))],
            limit: repeats.delay.limit),
          sameTopic: 0.15),
      ]
    case .reviewAfterRepeat:
      review.share = 0.03
      review.shareAfterRepeat = 0.6
    case .intentSample:
      review.intentShare = 0.2
    case .unequalExposure:
      outages = Outages(count: 5...7, days: 6...12, timeoutRate: 0.40...0.70)
      staffWork.homeTeamShare = 0.95
      staffWork.wrongInformation.staffSD = 0
      staffWork.procedureMissed.staffSD = 0
    case .worseMember:
      staffWork.worse = WorseMember(member: 13, repeatFactor: 2.5, logOdds: 1)
    case .swappedIDs5: recording.swappedShare = 0.05
    case .swappedIDs10: recording.swappedShare = 0.1
    case .swappedIDs20: recording.swappedShare = 0.2
    case .splitIDs5: recording.splitShare = 0.05
    case .splitIDs10: recording.splitShare = 0.1
    case .splitIDs20: recording.splitShare = 0.2
    case .missingIDs: recording.idShare = .init(ai: 0.35, staff: 0.95)
    case .lateLog: recording.lateShares = [0.95, 0.85, 0.6, 0.35, 0.1]
    case .outcomes:
      outcomes = [
        OutcomeLaw(
          name: "escalated", scale: .logOdds, base: -2.2, byHardness: 0.2,
          effects: [0.6, 0.7, 0.5, 0, 0, 0, 0.9, 0.8, 0.4]),
        OutcomeLaw(
          name: "solved", scale: .logOdds, base: 1.5, byHardness: -0.2,
          effects: [-0.6, -0.4, -0.5, 0, 0, 0, -1.2, -0.5, -0.3]),
        OutcomeLaw(
          name: "bought", scale: .logOdds, base: -0.8,
          effects: [-0.3, -0.4, 0, 0, 0, 0, -0.6, 0, 0],
          latency: LatencyLaw(begins: 900, ends: 2_500, height: -1.2)),
      ]
      // What is slow costs by its latency, not as a failure of its own.
      repeats.effects[InjectedMode.slowExecution.index] = 0
      latency = LatencyLaw(begins: 900, ends: 2_500, height: 1.1)
    case .flaggedChurn:
      outcomes = [departure]
    case .silentChurn:
      outcomes = [departure]
      days = 180
      background.rates = .gamma(shape: 2, mean: 8)
    }
  }

  private var departure: OutcomeLaw {
    OutcomeLaw(
      name: "left", scale: .logHazard, base: -3.2,
      effects: [0.5, 0.8, 0.4, 0, 0, 0, 1.0, 0.8, 0.4], isDeparture: true)
  }

  private var retriesAtOnce: RepeatCourse {
    RepeatCourse(
      mode: .integrationTimeout,
      delay: DelayDensity(
        [.init(weight: 1, shape: .lognormal(median: 40.0 / 1_440, logSD: 0.8))],
        limit: repeats.delay.limit),
      sameTopic: 0.95)
  }
}
