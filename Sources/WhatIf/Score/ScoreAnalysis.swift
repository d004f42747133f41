import InteractionLog
import LinearAlgebra
import Statistics

/// Looks at a score: calibration, drift, recalibration.
///
/// An interaction tells something where its true intent is known (`intent_predicted` beside
/// `intent_actual`); errors are by customer. Topics are the predicted ones, which are all that is known
/// when a threshold decides.
public struct ScoreAnalysis: Sendable {
  private let sample: ScoreSample
  private let options: ScoreOptions

  /// - Throws: `ScoreError` where there is nothing to look at.
  public init(
    _ table: InteractionTable, options: ScoreOptions = ScoreOptions()
  ) throws(ScoreError) {
    sample = try ScoreSample(table, options)
    self.options = options
  }

  /// Whether the score kept its scale, and nothing else.
  ///
  /// - Throws: what `LinearAlgebra` and `Statistics` throw at numbers that are none.
  package func drift() throws -> ScoreDrift { try ScoreDrift(sample, ScoreGroups(sample)) }

  /// Linear in interactions, apart from sorting.
  ///
  /// - Throws: what `LinearAlgebra` and `Statistics` throw at numbers that are none.
  public func report() throws -> ScoreReport {
    let reviewed = sample.reviewed
    let groups = ScoreGroups(sample)
    let drift = try ScoreDrift(sample, groups)
    var sections = [try section(by: "all", "all", reviewed)]
    let parts = groups.names.indices.map { group in
      reviewed.filter { groups.groupOf[$0] == Int32(group) }
    }
    for (name, positions) in zip(groups.names, parts) where !positions.isEmpty {
      sections.append(try section(by: "part", name, positions))
    }
    var byTopic = [[Int]](repeating: [], count: sample.topicNames.count)
    for position in reviewed where sample.topics[position] >= 0 {
      byTopic[Int(sample.topics[position])].append(position)
    }
    for (name, positions) in zip(sample.topicNames, byTopic) where !positions.isEmpty {
      sections.append(try section(by: "topic", name, positions))
    }
    let recalibrations =
      drift.warns
      ? zip(groups.names, parts).filter { !$1.isEmpty }.map {
        Recalibration(ReviewedScores(sample, at: $1), group: $0)
      }
      : [Recalibration(ReviewedScores(sample, at: reviewed), group: nil)]
    return ScoreReport(
      score: options.score, scored: sample.count, reviewed: reviewed.count, sections: sections,
      drift: drift, recalibrations: recalibrations,
      thresholds: try thresholds(groups, drift, parts, recalibrations))
  }

  private func section(by: String, _ name: String, _ positions: [Int]) throws
    -> ScoreReport.Section
  {
    let data = ReviewedScores(sample, at: positions)
    let one = EqualMassBins(data, wanted: 1)
    let whole = try ReliabilityCurve(data, one).points[0]
    var section = ScoreReport.Section(
      by: by, name: name, n: data.count, customers: data.clusterCount,
      meanScore: one.meanScores[0], right: one.meanRight[0], rightCi95: whole.ci95)
    let wanted = min(options.bins, data.count / options.scoresInBin)
    guard wanted > 0, section.customers > 1 else {
      section.note =
        "\(data.count) scores of \(section.customers) customers are too few for a curve; at least "
        + "\(options.scoresInBin) of two are needed"
      return section
    }
    let bins = EqualMassBins(data, wanted: wanted)
    section.curve = try ReliabilityCurve(data, bins)
    section.error = CalibrationError(data, bins)
    section.brier = BrierScore(data, bins)
    return section
  }

  /// Thresholds by the part that they were in force in, where parts differ.
  private func thresholds(
    _ groups: ScoreGroups, _ drift: ScoreDrift, _ parts: [[Int]],
    _ recalibrations: [Recalibration]
  ) throws -> [RestatedThreshold] {
    struct Place: Hashable {
      var group: Int32
      var threshold: Double
    }
    var counts: [Place: Int] = [:]
    for position in 0..<sample.count where !sample.thresholds[position].isNaN {
      let group = drift.warns ? groups.groupOf[position] : 0
      if group < 0 { continue }
      counts[Place(group: group, threshold: sample.thresholds[position]), default: 0] += 1
    }
    let order = counts.keys.sorted {
      let (a, b) = (counts[$0] ?? 0, counts[$1] ?? 0)
      return a != b ? a > b : ($0.group, $0.threshold) < ($1.group, $1.threshold)
    }
    let last = groups.names.count - 1
    var translations: [Int: Result<ScoreTranslation, RegressionFault>] = [:]
    return try order.prefix(options.thresholds).map { place in
      let group = Int(place.group)
      let name = drift.warns ? groups.names[group] : nil
      var restated = RestatedThreshold(
        group: name, threshold: place.threshold, n: counts[place] ?? 0,
        recalibrated: recalibrations.first { $0.group == name }.flatMap { $0(place.threshold) })
      guard drift.warns, group < last else { return restated }
      if translations[group] == nil {
        do {
          translations[group] = .success(
            try ScoreTranslation(sample, first: parts[group], second: parts[last]))
        } catch let fault as RegressionFault {
          translations[group] = .failure(fault)
        }
      }
      switch translations[group] {
      case .success(let translation):
        if let there = translation(place.threshold) {
          restated.inLastPart = there.score
          restated.inLastPartCi95 = there.ci95
        } else {
          restated.note =
            "in \(groups.names[last]) a higher score is not surely right more often: no score "
            + "there means the same"
        }
      case .failure(let fault): restated.note = fault.description
      case nil: break
      }
      return restated
    }
  }
}
