import InteractionLog
import RepeatContacts

/// Checks of what ids cannot be trusted with: wrong ones, split ones, and days that are not in yet.
struct IdentityChecks {
  typealias Check = AttributionReport.Check
  let fitted: FittedAttribution

  private var identity: Study.Identity { fitted.input.study.identity }

  /// A column that a customer never changes, changing.
  func wrongIDs() -> Check {
    let name = "wrong_identities"
    let overlaps = overlapping()
    var sentences: [String] = []
    var details: [String: Double] = [:]
    var worst: (rate: Double, lower: Double, column: String)?
    let findings = SteadyColumns(
      names: identity.steady, data: fitted.data, table: fitted.input.table
    ).findings
    for finding in findings {
      guard let rate = finding.rate, let lower = finding.lower else {
        sentences.append("\(finding.column) has too few values or pairs to say anything.")
        continue
      }
      details["\(finding.column).changes"] = Double(finding.changes)
      details["\(finding.column).pairs"] = Double(finding.pairs)
      details["\(finding.column).wrong"] = rate
      if worst.map({ rate > $0.rate }) ?? true { worst = (rate, lower, finding.column) }
    }
    if overlaps.pairs > 0 { details["overlapping"] = Double(overlaps.count) }
    let share = Double(overlaps.count) / Double(max(overlaps.pairs, 1))
    let isOverlapping = overlaps.count >= 10 && share > 0.01
    if isOverlapping {
      sentences.append(
        "\(grouped(overlaps.count)) contacts (\(percent(share))) began before the one before of the "
          + "same id had ended: probably different people.")
    }
    let declared = identity.wrong.map {
      "The study says \(percent($0.rate)), and figures are "
        + "corrected by that."
    }
    guard let worst else {
      let nothing =
        "Nothing in this log can show ids that are another customer's: name columns that a customer "
        + "never changes in the study (identity.steady), or the share found wrong in an audited "
        + "sample (identity.wrong)."
      return Check(
        name: name,
        verdict: isOverlapping ? .warn : declared == nil ? .notApplicable : .pass,
        value: isOverlapping ? share : identity.wrong?.rate,
        meaning: (sentences + [declared ?? nothing]).joined(separator: " "),
        details: details.isEmpty ? nil : details)
    }
    let known = identity.wrong.map { $0.rate + 2 * max($0.standardError, 0.01) } ?? 0.01
    let isBad = worst.lower > known
    sentences.insert(
      worst.rate > 0
        ? "From one contact of an id to the next \(worst.column) changes as often as if "
          + "\(percent(worst.rate)) of the contacts carried another customer's id."
        : "\(worst.column) never changes within an id.", at: 0)
    if isBad && declared == nil {
      sentences.append(
        "Links are lost by that (figures are too low, by about twice that share) and intervals do "
          + "not know it: audit a sample and declare it (identity.wrong).")
    }
    if let declared { sentences.append(declared) }
    return Check(
      name: name, verdict: isBad || isOverlapping ? .warn : .pass, value: worst.rate,
      meaning: sentences.joined(separator: " "), details: details)
  }

  /// Contacts that begin before the one before of the same id has ended, of those that last less than
  /// four hours.
  private func overlapping() -> (count: Int, pairs: Int) {
    guard let ended = fitted.input.table.time("ended_at") else { return (0, 0) }
    let data = fitted.data
    let started = fitted.input.table.startedAt
    var (count, pairs) = (0, 0)
    for j in 1..<max(data.count, 1) where data.firstPrior[j] < Int32(j) {
      let (row, before) = (Int(data.row[j]), Int(data.row[j - 1]))
      guard let end = ended[before], end - started[before] < 4 * 3_600_000 else { continue }
      pairs += 1
      if started[row] < end && started[row] > started[before] { count += 1 }
    }
    return (count, pairs)
  }

  /// Ids that keep to one channel.
  func splitIDs() -> Check {
    let name = "split_identities"
    guard
      let signs = SplitIdentities(
        data: fitted.data, table: fitted.input.table, delay: fitted.fit.parameters.delay[0]),
      signs.pairs >= 50
    else {
      return Check(
        name: name, verdict: .notApplicable, value: nil,
        meaning:
          "Whether customers have an id of their own on each channel cannot be seen: the log "
          + "has one channel only, or too few contacts of one id that are far apart.")
    }
    let isKnown = identity.split.map { $0.rate > 0 } ?? false
    let verdict: AttributionReport.Verdict = signs.isSuspicious && !isKnown ? .warn : .pass
    let share =
      "Contacts of one id, further apart than most repeats come, are on one channel in "
      + "\(percent(signs.agreement)) of the cases; their topics would make it "
      + "\(percent(signs.expected))."
    return Check(
      name: name, verdict: verdict, value: signs.agreement - signs.expected,
      meaning: verdict == .warn
        ? share + " Either customers keep to one channel, or they have an id of their own on each: "
          + "then repeats on another channel are not seen and figures are too low. Join the ids "
          + "(identity.normalise, alias_of), or declare the share of customers (identity.split)."
        : isKnown
          ? share
            + " The study says that \(percent(identity.split?.rate ?? 0)) of the customers have "
            + "an id on each channel, and figures are corrected by that."
          : signs.z > 3.3
            ? share + " This looks like a preference for channels, not like ids of their own."
            : share
              + " No sign of ids that belong to one channel: with 95% confidence they carry no "
              + "more than \(percent(signs.mostUnseen)) of the contacts. Repeats of such customers on "
              + "other channels would be missing from the figures.",
      details: [
        "pairs": Double(signs.pairs), "z": signs.z, "ids_of_one_channel": signs.pureShare,
        "log_likelihood_over_preference": signs.pureOverPreference,
      ])
  }

  /// Whether the last days are all in.
  func logEnd() -> Check {
    let name = "incomplete_end"
    if case .incomplete(let end)? = fitted.input.end {
      let cut = identity.cutsIncompleteEnd
      return Check(
        name: name, verdict: .warn, value: Double(end.days),
        meaning: "The log thins out at its end: from \(Timestamp.text(end.from)) on, "
          + "\(grouped(end.found)) interactions are in it where \(grouped(end.expected)) were to be "
          + "expected. "
          + (cut
            ? "These \(end.days) days are left out, for repeats that are not in yet would pass for "
              + "none."
            : "They are kept, as the study says; repeats that are not in yet pass for none."),
        details: ["found": Double(end.found), "expected": end.expected])
    }
    let finding =
      fitted.input.end
      ?? IncompleteEnd.find(fitted.input.table, zone: fitted.input.study.source.zone)
    return Check(
      name: name, verdict: finding == .tooShort ? .notApplicable : .pass, value: 0,
      meaning: finding == .tooShort
        ? "Whether the last days are all in cannot be told: that needs five weeks, and eight "
          + "interactions a day in the weeks before the end."
        : "The last days are as busy as their weekdays were before: the log does not thin out.")
  }
}
