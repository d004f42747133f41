import Report

extension CustomerHistory {
  /// The history for a person to read, at most 80 columns.
  public var text: String {
    var lines = LedgerWords.lines(
      "\(customer): \(contacts == 1 ? "1 contact" : "\(contacts) contacts"), \(from) to \(to)")
    var summary =
      "Of these, earlier ones brought \(NumberWords.fixed(broughtByEarlier, decimals: 2)). "
      + "Contacts like these bring \(NumberWords.fixed(expectedRepeats, decimals: 2)) repeats "
      + "within the log: "
      + CustomerHistory.words(systemDirect, systemThroughStaff, staffOwn, baseline)
      + (systemDirect == nil || systemThroughStaff == nil || staffOwn == nil
        ? "; the run does not tell the other parts." : ".")
    if let cost { summary += " They cost \(money(cost))." }
    lines += LedgerWords.lines(summary)
    if let costNote { lines += LedgerWords.lines("No costs: \(costNote).") }
    if leftOut > 0 {
      lines += LedgerWords.lines(
        "The first \(leftOut) are left out here; --limit \(contacts) shows all.")
    }
    for contact in timeline {
      lines.append("")
      lines += self.lines(contact)
    }
    return lines.joined(separator: "\n")
  }

  private func money(_ amount: Double) -> String {
    NumberWords.fixed(amount, decimals: 2) + (currency.map { " \($0)" } ?? "")
  }

  /// The parts of what one contact brings; those that bring next to nothing are left out.
  private static func notable(
    _ direct: Double?, _ through: Double?, _ own: Double?, _ baseline: Double
  ) -> String {
    func told(_ value: Double?) -> Double? {
      value.flatMap { $0.magnitude < 0.0005 ? nil : $0 }
    }
    return words(told(direct), told(through), told(own), told(baseline))
  }

  private static func words(
    _ direct: Double?, _ through: Double?, _ own: Double?, _ baseline: Double?
  ) -> String {
    [
      (direct, "by the system directly"), (through, "by the system through staff"),
      (own, "by staff errors of their own"), (baseline, "with nothing failing"),
    ].compactMap { value, words in
      value.map { "\(NumberWords.fixed($0, decimals: 3)) \(words)" }
    }.joined(separator: ", ")
  }

  private func lines(_ contact: Contact) -> [String] {
    var title =
      ([contact.startedAt, contact.interaction]
      + LedgerWords.known(
        contact.topic, contact.channel, contact.handledBy, contact.team, contact.staff))
      .joined(separator: ", ")
    if let hours = contact.hoursSincePrevious {
      title += ", \(NumberWords.delay(hours: hours)) after the last"
    }
    var lines = LedgerWords.lines(title, first: "", indent: 2)
    let failed = contact.failures.filter(\.known).map(\.words)
    if !failed.isEmpty {
      lines += LedgerWords.lines("Failed: \(failed.joined(separator: ", "))", indent: 2)
    }
    let unknown = contact.failures.filter { !$0.known }.map { failure in
      failure.words + (failure.probability.map { " \(LedgerWords.percent($0))" } ?? "")
    }
    if !unknown.isEmpty {
      lines += LedgerWords.lines(
        "Not looked at, likely to: \(unknown.joined(separator: ", "))", indent: 2)
    }
    let likeliest = LedgerWords.likeliest(contact.broughtBy, 5)
    for pair in likeliest {
      lines += LedgerWords.lines("Brought by: \(LedgerWords.pair(pair, "before"))", indent: 2)
    }
    let told = likeliest.reduce(contact.cameAnyway) { $0 + $1.probability }
    var rest = "\(LedgerWords.percent(contact.cameAnyway)) that the customer came anyway"
    if contact.broughtBy.isEmpty { rest = "No earlier contact within the window" }
    if 1 - told >= 0.005 { rest += ", \(LedgerWords.percent(1 - told)) other earlier contacts" }
    lines += LedgerWords.lines(rest, indent: 2)
    let parts = CustomerHistory.notable(
      contact.systemDirect, contact.systemThroughStaff, contact.staffOwn, contact.baseline)
    lines += LedgerWords.lines(
      "Brings \(NumberWords.fixed(contact.expectedRepeats, decimals: 3)) repeats"
        + (parts.isEmpty ? "" : ": \(parts)"), indent: 2)
    if let cost = contact.cost {
      lines += LedgerWords.lines(
        "Cost \(money(cost))"
          + (contact.costOfRepeats.map { "; the repeats that it brought cost \(money($0))" } ?? ""),
        indent: 2)
    }
    return lines
  }
}
