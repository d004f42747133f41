import FailureModes
import InteractionLog
import RepeatContacts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Failure modes that were looked for because the customer came back.
///
/// A mode that is known on a part of the interactions tells its effect only where that part was chosen
/// without a view to what followed. Were interactions looked at because they were followed by another
/// contact, the errors found on them would seem to bring repeats that they did not bring, and no model of
/// what was not looked at mends that: the mode is left out, with the reason.
package struct ReviewSelection: Sendable {
  /// By mode, how it was looked for.
  package private(set) var rates: [Int: Ratio] = [:]
  /// Of the reviewed interactions that were followed by another contact, the share reviewed after it; nil
  /// where the log does not say when interactions were reviewed, or none was.
  package private(set) var lateShare: Double?

  /// Whether it can be ruled out of every mode that it was looked for because of what followed.
  package private(set) var isFree = true

  /// How much more often interactions that were followed by a contact within the window were looked at
  /// than others of the same topic: the ratio over topics of Mantel & Haenszel, its logarithm's error by
  /// Greenland & Robins (1985, Biometrics 41).
  package struct Ratio: Sendable {
    package var logRatio: Double
    package var error: Double

    /// Whether the ratio is told from 1 (p < 0.0005) and matters.
    var isSelected: Bool {
      abs(logRatio) > ReviewSelection.material && abs(logRatio) > 3.5 * error
    }

    /// Whether a ratio that matters can be ruled out.
    var isFree: Bool { abs(logRatio) + 1.96 * error < ReviewSelection.material }
  }

  /// log 1.25
  static let material = 0.22314
  /// Reviews after the contact that followed are no more than chance makes of prompt ones.
  static let promptShare = 0.1

  package init(modes: ModeTable, table: InteractionTable, windowDays: Double) {
    let partly = modes.modes.indices.filter { m in
      zip(modes.state[m].storage, modes.applies[m].storage).contains { $0 < 0 && $1 == 1 }
    }
    guard !partly.isEmpty else { return }
    let rule = RuleCount(table: table, windowDays: windowDays, sameTopic: false)
    lateShare = Self.lateShare(table, rule)
    for m in partly {
      let ratio = Self.ratio(modes, m, topics: table.topic, rule.followedInWholeWindow)
      rates[m] = ratio
      isFree = isFree && ratio?.isFree == true
    }
  }

  /// Why modes cannot be told, by mode. Where reviews came before what followed they were no
  /// consequence of it.
  package var leftOut: [Int: String] {
    if let lateShare, lateShare <= Self.promptShare { return [:] }
    return rates.filter(\.value.isSelected).mapValues { ratio in
      let times = (exp(abs(ratio.logRatio)) * 10).rounded() / 10
      return "was looked for \(times) times as "
        + (ratio.logRatio > 0 ? "often" : "seldom")
        + " where the customer came back as where not"
        + (lateShare == nil ? "" : ", mostly after that")
        + ": what was found says nothing about what it brings"
    }
  }

  private static func lateShare(_ table: InteractionTable, _ rule: RuleCount) -> Double? {
    guard let reviewed = table.time("reviewed_at") else { return nil }
    var total = 0.0
    var late = 0.0
    for row in 0..<table.count where rule.followedInWholeWindow[row] == true {
      guard let at = reviewed[row] else { continue }
      total += 1
      if at > table.startedAt[Int(rule.next[row])] { late += 1 }
    }
    return total > 0 ? late / total : nil
  }

  private static func ratio(
    _ modes: ModeTable, _ m: Int, topics: TextColumn, _ followed: [Bool?]
  ) -> Ratio? {
    let (state, applies) = (modes.state[m].storage, modes.applies[m].storage)
    // By topic: looked at and all, where the customer came back and where not.
    var counts = [[Double]](repeating: [0, 0, 0, 0], count: topics.values.count)
    for row in state.indices where applies[row] == 1 {
      guard let cameBack = followed[row] else { continue }
      let side = cameBack ? 0 : 2
      let topic = Int(topics.codes[row])
      counts[topic][side + 1] += 1
      if state[row] >= 0 { counts[topic][side] += 1 }
    }
    var (above, below, spread) = (0.0, 0.0, 0.0)
    for c in counts where c[1] + c[3] > 0 {
      let n = c[1] + c[3]
      above += c[0] * c[3] / n
      below += c[2] * c[1] / n
      spread += ((c[0] + c[2]) * c[1] * c[3] - c[0] * c[2] * n) / (n * n)
    }
    guard above > 0, below > 0 else { return nil }
    return Ratio(
      logRatio: log(above / below), error: max(spread / (above * below), 0).squareRoot())
  }
}
