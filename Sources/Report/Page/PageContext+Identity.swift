import Attribution

/// The page's words on who is one customer.
struct IdentityContext {
  let rule: String
  let estimand: String
  let declared: String?
  let all: String?
  let rules: [IdentityRuleRow]
  let hasRules: Bool
  let notes: [String]

  init(_ identity: AttributionReport.Identity) {
    rule = identity.rule
    estimand = identity.estimand
    declared = identity.declared.map(Self.words)
    all = identity.unlinkable == 0 ? nil : Self.words(identity.allInteractions)
    rules = identity.rules.map(IdentityRuleRow.init)
    hasRules = identity.rules.count > 1
    notes = identity.notes
  }

  private static func words(_ declared: AttributionReport.Declared) -> String {
    let shares = [
      declared.wrong.map { "\(NumberWords.percent($0.rate)) of the contacts carry another's id" },
      declared.split.map {
        "\(NumberWords.percent($0.rate)) of the customers have an id of their own on each channel"
      },
    ].compactMap { $0 }
    return "The study says that \(shares.joined(separator: " and ")): links are lost by that, and "
      + "each repeat that the log shows stands for \(NumberWords.precise(declared.factor))."
  }

  private static func words(_ all: AttributionReport.AllInteractions) -> String {
    guard let system = all.systemCausedRepeats.estimate else {
      return all.systemCausedRepeats.note.map { "For all interactions: \($0)." } ?? ""
    }
    let range = all.systemCausedRepeats.ci95.map {
      " (\(NumberWords.count($0[0])) to \(NumberWords.count($0[1])))"
    }
    return "For all interactions, those without a customer taken to bring what others like them "
      + "do: \(NumberWords.count(system))\(range ?? "") repeats caused by the system."
  }
}

/// One rule of identity with its result.
struct IdentityRuleRow {
  let rule: String
  let isInForce: Bool
  let customers: Markup
  let later: Markup
  let caused: Markup
  let system: Markup
  let note: String?

  init(_ rule: AttributionReport.Rule) {
    self.rule = rule.rule + (rule.isInForce ? " (in force)" : "")
    isInForce = rule.isInForce
    customers = .count(rule.customers)
    later = .count(rule.laterContacts)
    caused = .count(rule.causedRepeats)
    system = .count(rule.systemCausedRepeats)
    note = rule.note
  }
}
