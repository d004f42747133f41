import InteractionLog
import Statistics

/// The columns that bring no repeats: durations, review, and what customers say.
///
/// Satisfaction hardly moves with failures: stable scores beside rising repeats are what such logs
/// look like.
struct OutcomeColumns {
  let endedAt: TimeColumn
  let handleSeconds: NumberColumn
  /// 1 where quality assurance looked.
  let reviewed: [Int8]
  let reviewedAt: TimeColumn
  /// 1 where the true intent is known.
  let intentReviewed: [Int8]
  let resolved: [Int8]
  let csat: NumberColumn

  init(_ rows: [LogRows.Row], _ parameters: WorldParameters) {
    let review = parameters.review
    var endedAt: [Int64] = []
    var handleSeconds: [Double] = []
    var reviewed: [Int8] = []
    var reviewedAt: [Int64] = []
    var intentReviewed: [Int8] = []
    var resolved: [Int8] = []
    var csat: [Double] = []
    for (index, row) in rows.enumerated() {
      var stream = RandomStream(seed: StreamKey.outcome.below(row.key))
      let hard = HandleTime.hardness[Int(row.topic)]
      let failures = HandleTime.failures(row.modes)
      let handle = HandleTime.seconds(
        topic: row.topic, modes: row.modes, byStaff: row.staff >= 0, z: stream.normal())
      let end = parameters.milliseconds(second: row.time) + handle * 1_000
      endedAt.append(end)
      handleSeconds.append(Double(handle))

      let followed = review.shareAfterRepeat.flatMap { share in
        OutcomeColumns.nextAboutSameTopic(index, rows).map { (share: share, time: $0) }
      }
      let share = followed?.share ?? review.share
      let looked = stream.bernoulli(share * (1 + review.byHardness * hard))
      let reason = followed.map { max(end, parameters.milliseconds(second: $0.time)) } ?? end
      let hours = review.medianHours * exponential(review.logSD * stream.normal())
      reviewed.append(looked ? 1 : 0)
      reviewedAt.append(
        looked ? reason + Int64((hours * 3_600).rounded()) * 1_000 : TimeColumn.missing)

      let solved = stream.bernoulli(0.9 - 0.02 * hard - 0.05 * min(failures, 4))
      let isOpen = parameters.repeats.unresolvedShare > 0 && row.modes.contains(.actionFailed)
      resolved.append(solved && !isOpen ? 1 : 0)
      let answers = stream.bernoulli(review.csatShare)
      let score = (4.2 - 0.1 * failures + 0.9 * stream.normal()).rounded()
      csat.append(answers ? min(max(score, 1), 5) : .nan)

      if review.intentShare < 1 {
        var intents = RandomStream(seed: StreamKey.intentReview.below(row.key))
        intentReviewed.append(intents.bernoulli(review.intentShare) ? 1 : 0)
      } else {
        intentReviewed.append(1)
      }
    }
    self.endedAt = TimeColumn(milliseconds: endedAt)
    self.handleSeconds = NumberColumn(storage: handleSeconds)
    self.reviewed = reviewed
    self.reviewedAt = TimeColumn(milliseconds: reviewedAt)
    self.intentReviewed = intentReviewed
    self.resolved = resolved
    self.csat = NumberColumn(storage: csat)
  }

  /// When the same customer next made contact about the same topic, if within 7 days.
  private static func nextAboutSameTopic(_ index: Int, _ rows: [LogRows.Row]) -> Int32? {
    let row = rows[index]
    return rows[(index + 1)...].prefix {
      $0.customer == row.customer && $0.time - row.time <= 7 * 86_400
    }.first { $0.topic == row.topic }?.time
  }
}

/// How long a contact takes: longer with staff, with hard topics and with failures.
enum HandleTime {
  static let hardness = Catalogue.topics.map(\.hardness)

  /// How many modes hold that make work.
  static func failures(_ modes: ModeSet) -> Double {
    Double(
      modes.subtracting([.nearThreshold, .unneededEscalation, .slow]).rawValue.nonzeroBitCount)
  }

  static func seconds(topic: UInt8, modes: ModeSet, byStaff: Bool, z: Double) -> Int64 {
    let median = byStaff ? 420.0 : 140.0
    let logFactor = 0.5 * z + 0.2 * hardness[Int(topic)] + 0.1 * failures(modes)
    return Int64((median * exponential(logFactor)).rounded())
  }

  /// As the log shows it.
  static func seconds(_ contact: Contact) -> Int64 {
    var stream = RandomStream(seed: StreamKey.outcome.below(contact.key))
    return seconds(
      topic: contact.topic, modes: contact.modes, byStaff: contact.handledByStaff,
      z: stream.normal())
  }
}
