import Attribution

/// What a raw count makes of staff, and who is one customer.
extension FigureCatalogue {
  mutating func addStaffView(_ report: AttributionReport) {
    guard let view = report.staffView else { return }
    add(
      "staff_view.counted", Double(view.counted),
      "interactions after which the rule counts a repeat",
      .followedByRule)
    let ofErrors = view.basis == "staff_error"
    addCounted(
      "staff_view", view.looksLikeStaff, view.parts, of: view.counted, ofErrors: ofErrors,
      ofErrors ? "contacts with a staff error" : "contacts that staff handled", Figure.Term())
    for team in view.teams {
      addCounted(
        "staff_view.teams.\(team.team)", team.looksLikeStaff, team.parts, of: view.counted,
        ofErrors: false, "contacts that staff of \(team.team) handled",
        Figure.Term(team: team.team))
    }
  }

  private mutating func addCounted(
    _ path: String, _ looks: AttributionReport.StaffView.Count,
    _ parts: AttributionReport.StaffView.Parts, of counted: Int, ofErrors: Bool, _ group: String,
    _ term: Figure.Term
  ) {
    var share = term
    share.scale = 1 / Double(max(counted, 1))
    let after = "repeats that the rule counts after \(group)"
    let all = Figure.Quantity.staffView(.counted, ofStaffErrors: ofErrors)
    let path = (looks: "\(path).looks_like_staff", parts: "\(path).parts")
    add("\(path.looks).count", Double(looks.count), after, all, terms: [term])
    add(
      "\(path.looks).share", looks.share, note: "the rule counts no repeat",
      "\(after), as a share of all counted", all, terms: [share])
    for (key, part, field, words) in [
      ("own_accord", parts.ownAccord, Figure.StaffViewField.ownAccord, "came of their own accord"),
      ("other_contact", parts.otherContact, .otherContact, "another contact brought"),
      ("baseline", parts.baseline, .baseline, "come after any such contact"),
      ("system_direct", parts.systemDirect, .systemDirect, "the system's failures brought"),
      (
        "system_through_staff", parts.systemThroughStaff, .systemThroughStaff,
        "staff errors brought that the system's failures led to"
      ),
      ("staff_own", parts.staffOwn, .staffOwn, "staff errors of their own brought"),
    ] {
      let quantity = Figure.Quantity.staffView(field, ofStaffErrors: ofErrors)
      let meaning = "\(after), which \(words)"
      add(
        "\(path.parts).\(key)", part.estimate, note: part.note, meaning, quantity, terms: [term])
      add(
        "\(path.parts).\(key).share", part.share, note: part.note,
        "\(meaning), as a share of all counted", quantity, terms: [share])
    }
  }

  /// Members of staff who may be named: repeats at equal work.
  private mutating func addMember(_ member: AttributionReport.StaffResult) {
    let (path, id) = ("staff.\(member.staffID)", member.staffID)
    let terms = [Figure.Term(staff: id)]
    add(
      "\(path).contacts", Double(member.contacts), "contacts of \(id) with known customers",
      .staffWork(.contacts), terms: terms)
    add(
      "\(path).expected", member.expected,
      "repeats expected of the contacts of \(id), had the reference handled them",
      .staffWork(.expected), terms: terms)
    add(
      "\(path).observed", member.observed, "repeats that the contacts of \(id) brought",
      .staffWork(.observed), terms: terms)
    add(
      "\(path).ratio", member.ratio.estimate, note: member.ratio.note,
      "repeats that the contacts of \(id) brought, to those expected of the reference",
      .staffWork(.observed), form: .ratio(.staffWork(.expected)), terms: terms)
    add(
      "\(path).per_interaction", member.perInteraction.estimate, note: member.perInteraction.note,
      "repeats more per contact than of the reference at the same work, by the shrunk ratio",
      .staffWork(.expected),
      terms: [
        Figure.Term(
          staff: id,
          scale: ((member.shrunkRatio.estimate ?? 1) - 1) / Double(max(member.contacts, 1)))
      ])
  }

  mutating func addStaff(_ report: AttributionReport) {
    for member in report.staff { addMember(member) }
  }

  mutating func addIdentity(_ report: AttributionReport) {
    guard let identity = report.identity else { return }
    add(
      "identity.linkable", Double(identity.linkable), "interactions that name their customer",
      .linked)
    add(
      "identity.unlinkable", Double(identity.unlinkable), "interactions that name no customer",
      .unlinked)
    if let rule = identity.rules.first(where: \.isInForce) {
      let path = "identity.rules.\(rule.rule)"
      add("\(path).customers", Double(rule.customers), "known customers of the log", .customers)
      add(
        "\(path).later_contacts", Double(rule.laterContacts),
        "contacts with an earlier one of the same customer within the window", .later)
      add(
        "\(path).caused_repeats", rule.causedRepeats, note: rule.note,
        "repeats that earlier contacts caused", .expectedRepeats)
      add(
        "\(path).system_caused_repeats", rule.systemCausedRepeats,
        note: report.headline.systemCausedRepeats.note,
        "repeats that failures of the system caused, directly and through staff", .system)
    }
    // Where each interaction names its customer, all are those that the other figures are of.
    guard identity.unlinkable == 0 else { return }
    let all = identity.allInteractions
    add(
      "identity.all_interactions.caused_repeats", all.causedRepeats.estimate,
      note: all.causedRepeats.note, "repeats that earlier contacts caused", .expectedRepeats)
    add(
      "identity.all_interactions.system_caused_repeats", all.systemCausedRepeats.estimate,
      note: all.systemCausedRepeats.note,
      "repeats that failures of the system caused, directly and through staff", .system)
  }
}
