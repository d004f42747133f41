/// The thresholds of least cost that staff can keep up with.
///
/// By curve the least of cost + price × staff minutes, at the lowest price of a minute at which the
/// hours suffice (Everett 1963, Operations Research 11): hours of all staff a week, and at every hour of
/// the day a queue (Erlang-A) that few enough customers give up on.
struct CapacityLimit {
  private let choice: ThresholdChoice
  private let hours: Double?
  private let load: HourlyLoad?
  private let mostAbandoned: Double?
  private let minutesToday: Double

  init(_ choice: ThresholdChoice, hours: Double?, hourly: HourlyCapacity?) {
    (self.choice, self.hours, mostAbandoned) = (choice, hours, hourly?.mostAbandoned)
    load = hourly.map { HourlyLoad(choice.setting, sweep: choice.sweep, capacity: $0) }
    let m = choice.setting.rewards.index(of: .staffMinutes)
    minutesToday =
      m.map { m in
        choice.curves.reduce(0) {
          $0 + choice.sweep.moments(group: $1.group, point: 0, outcome: m)[.today]
        }
      } ?? 0
  }

  private static let dearest = 1e6

  /// Sets what is chosen under the capacity.
  func apply(to choices: inout [OptimumReport.Choice]) -> OptimumReport.Capacity {
    var (low, high) = (0.0, 1.0)
    var price = 0.0
    if !isKept(picked(0)) {
      while !isKept(picked(high)), high < Self.dearest { high *= 4 }
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if isKept(picked(middle)) { high = middle } else { low = middle }
      }
      price = high
    }
    let points = picked(price)
    let isMet = isKept(points)
    for (k, point) in points.enumerated() {
      let curve = choice.curves[k].curve
      choices[k].underCapacity = point.map { curve.points[$0].threshold }
      choices[k].underCapacityChange = point.flatMap { choice.change(curve, $0) }
    }
    return OptimumReport.Capacity(
      staffHoursAWeek: hours, staffHoursToday: choice.setting.staffHoursAWeek,
      staffHoursChosen: needed(points), isMet: isMet, shadowPrice: isMet ? price * 60 : nil,
      mostAbandoned: mostAbandoned, queue: load?.queue(chosen(points)),
      queueToday: load?.queue([:]))
  }

  /// By curve the point of least cost, where a minute of staff costs so much more.
  private func picked(_ price: Double) -> [Int?] {
    choice.curves.map { group, curve in
      let points = choice.admissible(curve)
      let values = points.map {
        (choice.gain(group, $0, choice.objective) ?? 0)
          + price * (choice.gain(group, $0, .staffMinutes) ?? 0)
      }
      return ThresholdChoice.least(values, points, curve, near: curve.thresholdsToday.first)
        .map { points[$0] }
    }
  }

  private func isKept(_ points: [Int?]) -> Bool {
    if let hours, needed(points) > hours * (1 + 1e-9) { return false }
    guard let load else { return true }
    return load.isKept(load.queue(chosen(points)))
  }

  /// Staff hours a week.
  private func needed(_ points: [Int?]) -> Double {
    let today = choice.setting.staffHoursAWeek
    guard minutesToday > 0 else { return today }
    let change = zip(choice.curves, points).reduce(0.0) { sum, pair in
      guard let point = pair.1 else { return sum }
      return sum + Double(pair.0.curve.firstContacts)
        * (choice.gain(pair.0.group, point, .staffMinutes) ?? 0)
    }
    return today * (1 + change / minutesToday)
  }

  /// The points by group, with the contacts that their repeats bring or spare.
  private func chosen(_ points: [Int?]) -> [Int: (point: Int, growth: Double)] {
    let contacts = max(choice.setting.contactsPerEpisode, 1)
    var result: [Int: (point: Int, growth: Double)] = [:]
    for (curve, point) in zip(choice.curves, points) {
      guard let point else { continue }
      let repeats = choice.gain(curve.group, point, .repeats) ?? 0
      result[curve.group] = (point, max(0, 1 + repeats / contacts))
    }
    return result
  }
}
