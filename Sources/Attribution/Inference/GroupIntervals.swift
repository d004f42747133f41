import InteractionLog
import LinearAlgebra
import RepeatContacts

/// Intervals of the split by topic and by week, with the parameters' errors, those of the choice of
/// the link and of declared rates of wrong ids in them, as in the totals'.
package struct GroupIntervals {
  /// ISO weeks with a contact of a known customer, ascending.
  private let weeks: [Int]
  private let topicCount: Int
  private let values: [Double]
  /// Derivatives and the parameters' covariance.
  private let gradient: Matrix
  private let parameters: Matrix
  /// Errors that all groups share, one list of the values' errors each.
  private let common: [[Double]]
  private let limit: Double
  private let systemNote: String?
  private let staffNote: String?

  /// nil by the jackknife, which refits the log's totals only.
  package init?(_ fitted: FittedAttribution, covariance: FittedAttribution.Covariance) throws {
    guard let (layout, matrix) = covariance.parameters else { return nil }
    let data = fitted.data
    let zone = fitted.input.study.source.zone
    let week = data.row.map {
      ISOWeek(milliseconds: zone.local(fromUTC: fitted.input.table.startedAt[Int($0)])).ordinal
    }
    weeks = Set(week).sorted()
    topicCount = fitted.input.table.topic.values.count
    var place: [Int: Int32] = [:]
    for (k, ordinal) in weeks.enumerated() { place[ordinal] = Int32(topicCount + k) }
    let split = GroupedSplit(
      fitted,
      kinds: [
        data.row.map { fitted.input.table.topic.codes[Int($0)] }, week.map { place[$0] ?? -1 },
      ], groupCount: topicCount + weeks.count)
    gradient = split.gradient(layout, threads: fitted.options.threads)
    parameters = matrix
    let weights = fitted.correction?.weights
    let centre = split.values(fitted.fit, effects: fitted.effects, weights: weights)
    values = centre
    func errors(_ moved: [Double], _ scale: Double) -> [Double] {
      zip(moved, centre).map { scale * ($0 - $1) }
    }
    let links = try fitted.otherLinks.map { other in
      errors(
        split.values(
          other.fit, effects: try CellEffects(design: other.fit.model.rate, cells: fitted.cells),
          weights: weights), other.weight.squareRoot())
    }
    let identity = (fitted.correction?.moves ?? []).map { move in
      errors(
        split.values(fitted.fit, effects: fitted.effects, weights: move.weights),
        move.standardError / move.step)
    }
    common = links + identity
    limit = Double(fitted.laterContacts) * (fitted.correction?.factor ?? 1)
    systemNote = fitted.systemNote
    staffNote = fitted.staffNote
  }

  /// Intervals of a topic's parts, by its code.
  func topic(_ code: Int) -> AttributionReport.PartIntervals { intervals(code) }

  /// Intervals of a week's parts, by its ordinal; nil where nobody known made contact.
  func week(_ ordinal: Int) -> AttributionReport.PartIntervals? {
    weeks.firstIndex(of: ordinal).map { intervals(topicCount + $0) }
  }

  /// The interval of what the system caused in a week, each repeat counting as `worth`, less the same
  /// of an earlier week where one is given.
  func system(
    _ ordinal: Int, worth: Double, less earlier: (ordinal: Int, worth: Double)? = nil
  ) -> [Double]? {
    guard systemNote == nil, let place = weeks.firstIndex(of: ordinal) else { return nil }
    var weights = Self.system(topicCount + place, worth)
    if let earlier {
      guard let before = weeks.firstIndex(of: earlier.ordinal) else { return nil }
      weights += Self.system(topicCount + before, -earlier.worth)
    }
    return interval(weights, limit: .infinity)
  }

  private static func system(_ group: Int, _ worth: Double) -> [(Int, Double)] {
    [EffectLayout.systemDirect, EffectLayout.systemThroughStaff].map {
      (group * GroupedSplit.width + $0, worth)
    }
  }

  private func intervals(_ group: Int) -> AttributionReport.PartIntervals {
    func one(_ part: Int, _ note: String? = nil) -> [Double]? {
      note == nil ? interval([(group * GroupedSplit.width + part, 1)], limit: limit) : nil
    }
    return .init(
      systemCaused: systemNote == nil ? interval(Self.system(group, 1), limit: limit) : nil,
      systemDirect: one(EffectLayout.systemDirect, systemNote),
      systemThroughStaff: one(EffectLayout.systemThroughStaff, staffNote ?? systemNote),
      staffOwn: one(EffectLayout.staffOwn, staffNote),
      baseline: one(EffectLayout.baseline))
  }

  /// The 95 % interval of Σ weight × value; nil where it reaches beyond the limit.
  private func interval(_ weights: [(place: Int, weight: Double)], limit: Double) -> [Double]? {
    var slope = [Double](repeating: 0, count: gradient.columns)
    var value = 0.0
    for (place, weight) in weights {
      value += weight * values[place]
      for k in slope.indices { slope[k] += weight * gradient[place, k] }
    }
    var variance = 0.0
    for j in slope.indices where slope[j] != 0 {
      for i in slope.indices { variance += slope[i] * parameters[i, j] * slope[j] }
    }
    for errors in common {
      let error = weights.reduce(0) { $0 + $1.weight * errors[$1.place] }
      variance += error * error
    }
    let interval = TotalEstimates.interval(value, max(variance, 0).squareRoot())
    return max(-interval[0], interval[1]) <= limit ? interval : nil
  }
}
