import InteractionLog
import LinearAlgebra
import RepeatContacts

/// Intervals of the split by topic, with the parameters' errors, those of the choice of the link and of
/// declared rates of wrong ids in them, as in the totals'.
///
/// Weeks get none this way: what a failure brings is taken to be the same throughout, and whether it is
/// is what a comparison of weeks asks (`ChangeAnalysis`).
struct TopicIntervals {
  private let values: [Double]
  /// Derivatives and the parameters' covariance.
  private let gradient: Matrix
  private let parameters: Matrix
  /// Errors that all topics share, one list of the values' errors each.
  private let common: [[Double]]
  /// Later contacts that an earlier one about the topic may have brought; 0: nobody known asked about
  /// it.
  private let later: [Double]
  private let contacts: [Int]
  private let systemNote: String?
  private let staffNote: String?

  /// nil by the jackknife, which refits the log's totals only.
  init?(_ fitted: FittedAttribution, covariance: FittedAttribution.Covariance) throws {
    guard let (layout, matrix) = covariance.parameters else { return nil }
    let count = fitted.input.table.topic.values.count
    let topic = fitted.data.row.map { fitted.input.table.topic.codes[Int($0)] }
    let split = GroupedSplit(fitted, groups: topic, groupCount: count)
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
    let factor = fitted.correction?.factor ?? 1
    later = Self.laterContacts(fitted.data, topic: topic, count: count).map {
      factor * Double($0)
    }
    var contacts = [Int](repeating: 0, count: count)
    for code in topic where code >= 0 { contacts[Int(code)] += 1 }
    self.contacts = contacts
    systemNote = fitted.systemNote
    staffNote = fitted.staffNote
  }

  /// By topic, contacts with an earlier one about it among those that may have brought them.
  private static func laterContacts(_ data: LinkData, topic: [Int32], count: Int) -> [Int] {
    var result = [Int](repeating: 0, count: count)
    var last = [Int](repeating: -1, count: count)
    for j in 0..<data.count {
      for i in Int(data.firstPrior[j])..<max(j, Int(data.firstPrior[j])) where topic[i] >= 0 {
        let code = Int(topic[i])
        if last[code] != j { result[code] += 1 }
        last[code] = j
      }
    }
    return result
  }

  /// Intervals of a topic's parts, by its code; nil where nobody known made contact about it.
  func of(topic code: Int) -> AttributionReport.PartIntervals? {
    guard contacts[code] > 0 else { return nil }
    var isRefused = false
    func one(_ parts: [Int], _ note: String? = nil) -> [Double]? {
      guard note == nil else { return nil }
      let found = interval(parts.map { code * GroupedSplit.width + $0 }, limit: later[code])
      if found == nil { isRefused = true }
      return found
    }
    var intervals = AttributionReport.PartIntervals(
      systemCaused: one([EffectLayout.systemDirect, EffectLayout.systemThroughStaff], systemNote),
      systemDirect: one([EffectLayout.systemDirect], systemNote),
      systemThroughStaff: one([EffectLayout.systemThroughStaff], staffNote ?? systemNote),
      staffOwn: one([EffectLayout.staffOwn], staffNote), baseline: one([EffectLayout.baseline]))
    if isRefused {
      intervals.note =
        "no interval where the approximation would reach beyond all \(grouped(later[code])) later "
        + "contacts of customers who asked about it"
    }
    return intervals
  }

  /// The 95 % interval of a sum of values; nil where it reaches beyond the limit.
  private func interval(_ places: [Int], limit: Double) -> [Double]? {
    var slope = [Double](repeating: 0, count: gradient.columns)
    var value = 0.0
    for place in places {
      value += values[place]
      for k in slope.indices { slope[k] += gradient[place, k] }
    }
    var variance = 0.0
    for j in slope.indices where slope[j] != 0 {
      for i in slope.indices { variance += slope[i] * parameters[i, j] * slope[j] }
    }
    for errors in common {
      let error = places.reduce(0) { $0 + errors[$1] }
      variance += error * error
    }
    guard variance.isFinite else { return nil }
    let interval = TotalEstimates.interval(value, max(variance, 0).squareRoot())
    return max(-interval[0], interval[1]) <= limit ? interval : nil
  }
}
