import FailureModes
import InteractionLog
import RepeatContacts

/// Checks that need no model: identity, exposure, what was looked at and when, what was known when.
package enum ContactChecks {
  typealias Check = AttributionReport.Check

  /// Share of interactions without a customer.
  static func identity(table: InteractionTable) -> Check {
    let unknown = table.customer.codes.count { $0 < 0 }
    let share = Double(unknown) / Double(max(table.count, 1))
    return Check(
      name: "interactions_without_identity", verdict: share > 0.1 ? .warn : .pass, value: share,
      meaning: unknown == 0
        ? "Every interaction names its customer."
        : "\(grouped(unknown)) interactions name no customer. They count in the metrics but cannot be linked: "
          + (share > 0.1
            ? "repeats are missed, and if identity is missing on some paths only, the split is "
              + "biased against the others."
            : "few enough not to matter much."))
  }

  /// Contacts beyond which an id is hardly one person: who calls more than every other day for months
  /// on end is a rarity; an id that does is most often a branch, a desk or a default value.
  static func sharedLimit(_ data: LinkData) -> Double { max(30, 15 * max(data.end / 30, 0.5)) }

  /// Customers with far more contacts than a person makes.
  ///
  /// - Parameter setAside: ids whose contacts are linked to nothing, since nobody alone makes so many.
  static func sharedIdentities(
    data: LinkData, table: InteractionTable, setAside: SharedIdentities
  ) -> Check {
    let limit = sharedLimit(data)
    var shared: [(customer: Int, contacts: Int)] = []
    for c in 0..<data.customerCount {
      let contacts = Int(data.customerStart[c + 1] - data.customerStart[c])
      if Double(contacts) > limit { shared.append((c, contacts)) }
    }
    shared.sort {
      $0.contacts == $1.contacts ? $0.customer < $1.customer : $0.contacts > $1.contacts
    }
    let contacts = shared.reduce(0) { $0 + $1.contacts }
    var details: [String: Double] = [:]
    for entry in setAside.shared.prefix(10) { details[entry.id] = Double(entry.contacts) }
    for entry in shared.prefix(10 - details.count) {
      let id = table.customer[Int(data.row[Int(data.customerStart[entry.customer])])] ?? ""
      details[id] = Double(entry.contacts)
    }
    var sentences: [String] = []
    if !setAside.shared.isEmpty {
      let share = Double(setAside.contacts) / Double(max(table.count, 1))
      sentences.append(
        "\(customerIDs(setAside.shared.count)) made more than "
          + "\(grouped(setAside.limit)) contacts within one window of repeats, more than anybody "
          + "makes: their \(grouped(setAside.contacts)) interactions (\(percent(share))) count in the "
          + "metrics but are linked to nothing (identity.shared_above in the study says from when)."
      )
    }
    if !shared.isEmpty {
      let share = Double(contacts) / Double(max(data.count, 1))
      sentences.append(
        "\(customerIDs(shared.count)) with more than \(grouped(limit)) contacts "
          + "each (\(grouped(contacts)) interactions, \(percent(share))): probably several people "
          + "behind one id. Their contacts follow one another by chance; the model gives them a high "
          + "rate of their own instead of links, but each should be looked at.")
    }
    return Check(
      name: "shared_identities", verdict: sentences.isEmpty ? .pass : .warn,
      value: Double(shared.count + setAside.shared.count),
      meaning: sentences.isEmpty
        ? "No customer id has more contacts than a person plausibly makes."
        : sentences.joined(separator: " "),
      details: details.isEmpty ? nil : details)
  }

  private static func customerIDs(_ count: Int) -> String {
    count == 1 ? "1 customer id" : "\(grouped(count)) customer ids"
  }

  /// How much of the repeat window the log covers.
  static func exposure(data: LinkData, exposure: [Double]) -> Check {
    let mean = exposure.reduce(0, +) / Double(max(exposure.count, 1))
    let late = exposure.count { $0 < 0.999 }
    return Check(
      name: "exposure_at_end", verdict: mean < 0.7 ? .warn : .pass, value: mean,
      meaning:
        "\(grouped(late)) interactions lie so late that part of their repeat window is after the "
        + "log's end. On average \(percent(mean)) of the repeats to be expected fall inside the log; "
        + "figures count those; only the week over week change is adjusted for the rest."
        + (mean < 0.7 ? " The log is short for this window." : ""))
  }

  /// Columns that look as if they were only known at an interaction's end.
  static func leakage(constant: [String], used: Set<String>, isEventLog: Bool) -> Check {
    guard isEventLog else {
      return Check(
        name: "leakage_suspects", verdict: .notApplicable, value: nil,
        meaning: "One row per interaction: whether a column was known at the time cannot be seen "
          + "from the log.")
    }
    let telling: Set<Substring> = [
      "close", "closed", "resolve", "resolved", "end", "ended", "final", "outcome", "result",
    ]
    let suspects = constant.filter { name in
      name.lowercased().split { !$0.isLetter }.contains { telling.contains($0) }
    }
    let guilty = suspects.filter { used.contains($0) }
    return Check(
      name: "leakage_suspects", verdict: guilty.isEmpty ? .pass : .warn,
      value: Double(suspects.count),
      meaning: suspects.isEmpty
        ? "No column looks as if an interaction's end had been copied back to its start."
        : "Columns that never change within an interaction although their names speak of its end: "
          + suspects.joined(separator: ", ") + ". "
          + (guilty.isEmpty
            ? "The study uses none of them."
            : "The study uses \(guilty.joined(separator: ", ")): what was only known afterwards must "
              + "not explain what came before."))
  }

  /// Reviews that took place after a later contact of the same customer.
  static func lateReviews(
    data: LinkData, table: InteractionTable, reviews: ReviewSelection
  ) -> Check {
    guard let reviewed = table.time("reviewed_at") else {
      return Check(
        name: "reviews_after_repeat", verdict: .notApplicable, value: nil,
        meaning: "The log does not say when interactions were reviewed (reviewed_at).")
    }
    var total = 0
    var after = 0
    var followed = 0
    for i in 0..<data.count {
      let row = Int(data.row[i])
      guard let at = reviewed[row] else { continue }
      total += 1
      let next = i + 1
      guard next < data.count, data.firstPrior[next] <= Int32(i) else { continue }
      followed += 1
      if at > table.startedAt[Int(data.row[next])] { after += 1 }
    }
    guard total > 0 else {
      return Check(
        name: "reviews_after_repeat", verdict: .notApplicable, value: nil,
        meaning: "No interaction carries a review time.")
    }
    let share = Double(after) / Double(max(followed, 1))
    let isLate = share > ReviewSelection.promptShare
    let isLeftOut = !reviews.leftOut.isEmpty
    let sentence: String
    switch (isLate, isLeftOut, reviews.isFree) {
    case (false, _, _): sentence = "."
    case (true, true, _):
      sentence =
        ", and they were reviewed far more often than others: reviewers looked because the customer "
        + "came back. What they found then is left out, for it would seem to bring the repeats that "
        + "brought the review."
    case (true, false, true):
      sentence =
        ", but no more often than others: that the customer came back was not why they were looked at."
    case (true, false, false):
      sentence =
        ": reviewers may have looked because the customer came back, and then errors seem to bring "
        + "repeats that they did not bring. Read the staff part with care."
    }
    return Check(
      name: "reviews_after_repeat",
      verdict: isLate && (isLeftOut || !reviews.isFree) ? .warn : .pass, value: share,
      meaning:
        "Of \(grouped(followed)) reviewed interactions that were followed by another contact, "
        + "\(grouped(after)) were reviewed only after it" + sentence)
  }

  /// What nobody looked at.
  static func notLookedAt(modes: ModeTable, rates: ModeRates) -> Check {
    var details: [String: Double] = [:]
    var worst = 0.0
    for (m, mode) in modes.modes.enumerated() {
      let applies = modes.applies[m].storage
      let state = modes.state[m].storage
      var rows = 0
      var unknown = 0
      for row in state.indices where applies[row] == 1 {
        rows += 1
        if state[row] < 0 { unknown += 1 }
      }
      guard rows > 0, unknown > 0 else { continue }
      let share = Double(unknown) / Double(rows)
      details[mode.name] = share
      worst = max(worst, share)
    }
    var sentences: [String] = []
    let blind = rates.leftOut.keys.sorted().filter { !modes.neverHolds($0) }
    if details.isEmpty {
      sentences.append("Every failure mode was looked for on every interaction.")
    } else {
      sentences.append(
        "Not every interaction was looked at (shares below). What was not looked at is treated as "
          + "unknown, with the probability that comparable interactions show, never as fine.")
    }
    for m in blind {
      sentences.append("\(modes.modes[m].name): \(rates.leftOut[m] ?? "left out").")
    }
    let never = modes.modes.indices.filter { modes.neverHolds($0) }.map { modes.modes[$0].name }
    if !never.isEmpty {
      sentences.append("Looked for and never found: \(never.joined(separator: ", ")).")
    }
    sentences += modes.notes
    return Check(
      name: "not_looked_at", verdict: worst > 0.5 || !blind.isEmpty ? .warn : .pass,
      value: worst, meaning: sentences.joined(separator: " "),
      details: details.isEmpty ? nil : details)
  }
}
