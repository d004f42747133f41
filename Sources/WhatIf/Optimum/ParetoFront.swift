/// Thresholds by curve of which none has fewer repeats without more staff minutes.
///
/// The convex part of the front: for prices of a minute from nothing to much, each curve takes the
/// threshold of the least repeats + price × minutes.
struct ParetoFront {
  private let choice: ThresholdChoice

  init(_ choice: ThresholdChoice) { self.choice = choice }

  func points() -> [OptimumReport.FrontPoint] {
    let total = choice.curves.reduce(0) { $0 + Double($1.curve.firstContacts) }
    guard total > 0 else { return [] }
    let curves = choice.curves.map { group, curve in
      choice.admissible(curve).compactMap { p -> (p: Int, repeats: Double, minutes: Double)? in
        guard let repeats = choice.gain(group, p, .repeats),
          let minutes = choice.gain(group, p, .staffMinutes)
        else { return nil }
        return (p, repeats, minutes)
      }
    }
    guard curves.contains(where: { !$0.isEmpty }) else { return [] }
    var front: [OptimumReport.FrontPoint] = []
    for k in 0...60 {
      // Repeats per minute, from 0.00001 to 10.
      let price = k == 0 ? 0 : power(Double(k - 1) / 59)
      var (repeats, minutes) = (0.0, 0.0)
      var thresholds: [Double?] = []
      var chosen: [Part] = []
      for (c, points) in curves.enumerated() {
        let best = points.min {
          ($0.repeats + price * $0.minutes, $0.p) < ($1.repeats + price * $1.minutes, $1.p)
        }
        let share = Double(choice.curves[c].curve.firstContacts) / total
        repeats += share * (best?.repeats ?? 0)
        minutes += share * (best?.minutes ?? 0)
        thresholds.append(best.map { choice.curves[c].curve.points[$0.p].threshold })
        if let best {
          chosen.append(Part(group: choice.curves[c].group, point: best.p, share: share))
        }
      }
      if let last = front.last, last.thresholds == thresholds { continue }
      front.append(
        .init(
          repeatsChange: repeats, staffMinutesChange: minutes,
          repeatsInterval: interval(chosen, .repeats),
          staffMinutesInterval: interval(chosen, .staffMinutes), thresholds: thresholds))
    }
    return front.filter { point in
      !front.contains {
        $0.repeatsChange <= point.repeatsChange && $0.staffMinutesChange <= point.staffMinutesChange
          && ($0.repeatsChange < point.repeatsChange - 1e-12
            || $0.staffMinutesChange < point.staffMinutesChange - 1e-12)
      }
    }
  }

  /// A curve at one of its points, and its share of the first contacts.
  private struct Part {
    let group: Int
    let point: Int
    let share: Double
  }

  /// 95 % interval of the change in resampled customers.
  private func interval(_ parts: [Part], _ outcome: PolicyOutcome) -> [Double] {
    let drawn = (0..<CurveReplicates.count).map { replicate in
      parts.reduce(0.0) {
        $0 + $1.share * (choice.gain(replicate: replicate, $1.group, $1.point, outcome) ?? 0)
      }
    }.sorted()
    return [ThresholdChoice.quantile(drawn, 0.025), ThresholdChoice.quantile(drawn, 0.975)]
  }

  /// 10 to the power of −5 + 6 × share, by squaring.
  private func power(_ share: Double) -> Double {
    var (result, base, steps) = (1e-5, 10.0.squareRoot().squareRoot().squareRoot(), 0)
    // Eighths of a decade.
    steps = Int((share * 48).rounded())
    while steps > 0 {
      if steps & 1 == 1 { result *= base }
      base *= base
      steps >>= 1
    }
    return result
  }
}
