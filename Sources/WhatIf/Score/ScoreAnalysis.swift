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
    let whole = ReviewedScores(sample, at: reviewed)
    let groups = ScoreGroups(sample)
    // Rows of `whole`, by part of the log and by topic.
    var parts = [[Int]](repeating: [], count: groups.names.count)
    var topics = [[Int]](repeating: [], count: sample.topicNames.count)
    for (row, position) in reviewed.enumerated() {
      if groups.groupOf[position] >= 0 { parts[Int(groups.groupOf[position])].append(row) }
      if sample.topics[position] >= 0 { topics[Int(sample.topics[position])].append(row) }
    }
    var pieces: [(by: String, name: String, rows: [Int]?)] = [("all", "all", nil)]
    pieces += zip(groups.names, parts).filter { !$1.isEmpty }.map { ("part", $0, $1) }
    pieces += zip(sample.topicNames, topics).filter { !$1.isEmpty }.map { ("topic", $0, $1) }
    // The drift is the longest piece of all.
    let done = parallelMap(count: pieces.count + 1, threads: options.threads) { [pieces] k in
      Result { () throws -> Piece in
        guard k > 0 else { return .drift(try ScoreDrift(sample, groups)) }
        let piece = pieces[k - 1]
        return .section(
          try section(
            by: piece.by, piece.name, piece.rows.map { ReviewedScores(whole, rows: $0) } ?? whole))
      }
    }
    let (drift, sections) = try Piece.parts(done.map { try $0.get() })
    let recalibrated: [(name: String?, rows: [Int]?)] =
      drift.warns
      ? zip(groups.names, parts).filter { !$1.isEmpty }.map { ($0, $1) } : [(nil, nil)]
    let recalibrations = parallelMap(count: recalibrated.count, threads: options.threads) { k in
      let (name, rows) = recalibrated[k]
      return Recalibration(rows.map { ReviewedScores(whole, rows: $0) } ?? whole, group: name)
    }
    return ScoreReport(
      score: options.shownScore ?? options.score, scored: sample.count, reviewed: reviewed.count,
      sections: sections,
      drift: drift, recalibrations: recalibrations,
      thresholds: try thresholds(
        groups, drift, parts.map { rows in rows.map { reviewed[$0] } }, recalibrations))
  }

  /// What is worked out beside each other.
  private enum Piece: Sendable {
    case drift(ScoreDrift)
    case section(ScoreReport.Section)

    static func parts(_ pieces: [Piece]) -> (ScoreDrift, [ScoreReport.Section]) {
      guard case .drift(let drift)? = pieces.first else { preconditionFailure("drift comes first") }
      return (
        drift,
        pieces.compactMap { if case .section(let section) = $0 { section } else { nil } }
      )
    }
  }

  private func section(by: String, _ name: String, _ data: ReviewedScores) throws
    -> ScoreReport.Section
  {
    let one = EqualMassBins(data, wanted: 1)
    let whole = try ReliabilityCurve(one).points[0]
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
    section.curve = try ReliabilityCurve(bins)
    section.error = CalibrationError(data, bins)
    section.brier = BrierScore(data, bins, all: one)
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
