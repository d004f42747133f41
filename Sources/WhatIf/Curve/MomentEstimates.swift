import Statistics

/// Estimates and cluster-robust errors out of sums over customers.
struct MomentEstimates {
  let moments: OutcomeMoments
  /// Customers with units.
  let customers: Int

  private var correction: Double {
    customers > 1 ? Double(customers) / Double(customers - 1) : 1
  }

  /// A ratio of sums y / x with its error; nil where there is nothing below.
  private func ratio(
    _ y: OutcomeMoments.Place, _ x: OutcomeMoments.Place, _ yy: OutcomeMoments.Place,
    _ xy: OutcomeMoments.Place, _ xx: OutcomeMoments.Place
  ) -> (value: Double, error: Double)? {
    let (sum, base) = (moments[y], moments[x])
    guard base > 0.5 else { return nil }
    let value = sum / base
    let squares = moments[yy] - 2 * value * moments[xy] + value * value * moments[xx]
    // What is left of equal sums is rounding.
    let scale = moments[yy] + value * value * moments[xx]
    let variance = squares > 1e-12 * scale ? squares : 0
    return (value, (variance * correction).squareRoot() / base)
  }

  private func estimate(
    _ found: (value: Double, error: Double)?, effectiveN: Double?
  ) -> PolicyEstimate {
    let n = moments[.supported]
    guard let found else {
      return PolicyEstimate(
        estimate: nil, se: nil, ci95: nil, n: n, effectiveN: nil,
        note: "no first contact inside support weighs anything")
    }
    let half = NormalDistribution.quantile975 * found.error
    guard customers > 1 else {
      return PolicyEstimate(
        estimate: found.value, se: nil, ci95: nil, n: n, effectiveN: effectiveN,
        note: "one customer alone has no error")
    }
    return PolicyEstimate(
      estimate: found.value, se: found.error, ci95: [found.value - half, found.value + half],
      n: n, effectiveN: effectiveN)
  }

  func doublyRobust(effectiveN: Double) -> PolicyEstimate {
    estimate(
      ratio(.robust, .supported, .robust2, .robustSupported, .supported2), effectiveN: effectiveN)
  }

  func inversePropensity(effectiveN: Double) -> PolicyEstimate {
    estimate(
      ratio(.weighted, .weight, .weighted2, .weightedWeight, .weight2), effectiveN: effectiveN)
  }

  /// What the model missed, found as far as it is more than noise: the positive-part factor of James &
  /// Stein (1961, Berkeley Symposium 4) on the correction in units of its error. Where the direct method
  /// is right this errs less than the doubly robust value, where it is wrong they are the same. The
  /// interval is the doubly robust value's, which needs no model to be right; the estimate lies in it.
  private func combined(_ direct: PolicyEstimate, effectiveN: Double) -> PolicyEstimate? {
    var robust = doublyRobust(effectiveN: effectiveN)
    guard let value = robust.estimate, let model = direct.estimate, let error = robust.se else {
      return nil
    }
    let correction = value - model
    let factor =
      correction.magnitude > error ? 1 - (error / correction) * (error / correction) : 0
    robust.estimate = model + factor * correction
    return robust
  }

  /// Weights multiply over an episode: where the log lacks its sequence, nothing weighs for it.
  private var unseen: PolicyEstimate {
    PolicyEstimate(
      estimate: nil, se: nil, ci95: nil, n: moments[.supported], effectiveN: nil,
      note: "the log hardly ever saw the policy's decisions follow each other, so that products of "
        + "weights miss what they bring together")
  }

  func change(effectiveN: Double) -> PolicyEstimate {
    estimate(
      ratio(.gain, .supported, .gain2, .gainSupported, .supported2), effectiveN: effectiveN)
  }

  func direct(note: String) -> PolicyEstimate {
    let n = moments[.units]
    return PolicyEstimate(
      estimate: n > 0.5 ? moments[.direct] / n : nil, se: nil, ci95: nil, n: n, effectiveN: nil,
      note: note)
  }

  /// Today's value of all units.
  var today: Double { moments[.units] > 0.5 ? moments[.today] / moments[.units] : 0 }

  func bounds(change: Bool) -> PolicyBounds? {
    let least =
      change
      ? ratio(.leastGain, .units, .leastGain2, .leastGainUnits, .units2)
      : ratio(.least, .units, .least2, .leastUnits, .units2)
    let most =
      change
      ? ratio(.mostGain, .units, .mostGain2, .mostGainUnits, .units2)
      : ratio(.most, .units, .most2, .mostUnits, .units2)
    guard let least, let most else { return nil }
    let n = moments[.units]
    func error(_ own: Double, _ ofBound: Double) -> Double {
      (own * own + (ofBound / n) * (ofBound / n)).squareRoot()
    }
    let z = NormalDistribution.quantile975
    return PolicyBounds(
      lower: least.value, upper: most.value,
      ci95: [
        least.value - z * error(least.error, moments[.leastError]),
        most.value + z * error(most.error, moments[.mostError]),
      ])
  }

  /// One outcome by every estimator; bounds where `outside` first contacts are outside support.
  func value(
    _ outcome: PolicyOutcome, isSupported: Bool, effectiveN: Double, unseenShare: Double
  ) -> OutcomeValue {
    let direct = direct(
      note: isSupported
        ? "the outcome model alone" : "the outcome model alone, extrapolated: no support in the log"
    )
    guard !isSupported else {
      return OutcomeValue(
        outcome: outcome, doublyRobust: doublyRobust(effectiveN: effectiveN),
        inversePropensity: outcome.isOfEpisode && unseenShare > CurveBuilder.negligible
          ? unseen : inversePropensity(effectiveN: effectiveN),
        directMethod: direct, combined: combined(direct, effectiveN: effectiveN), bounds: nil,
        change: change(effectiveN: effectiveN), changeBounds: nil, note: nil)
    }
    func none(_ reason: String) -> PolicyEstimate {
      PolicyEstimate(
        estimate: nil, se: nil, ci95: nil, n: moments[.supported], effectiveN: effectiveN,
        note: reason)
    }
    let reason = "some first contacts are outside support"
    var result = OutcomeValue(
      outcome: outcome, doublyRobust: none(reason), inversePropensity: none(reason),
      directMethod: direct, combined: nil, bounds: nil, change: none(reason), changeBounds: nil,
      note: nil)
    guard outcome != .latency else {
      result.note = "outside support, and nothing bounds a latency"
      return result
    }
    guard let bounds = self.bounds(change: false), let changes = self.bounds(change: true) else {
      result.note = "no first contact whose outcome is known"
      return result
    }
    guard bounds.upper - bounds.lower < max(today, 1e-12) else {
      result.note =
        "the bounds are as wide as today's value itself: they say nothing; only exploration can"
      return result
    }
    (result.bounds, result.changeBounds) = (bounds, changes)
    return result
  }
}
