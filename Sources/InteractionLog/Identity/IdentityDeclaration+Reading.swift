extension Study.Identity {
  private static let keys = [
    "normalise", "plus_tags", "country_code", "aliases", "wrong", "split", "steady",
    "incomplete_end", "shared_above",
  ]

  /// Reads the `identity` key of a study.
  static func read(_ node: StudyNode) throws(LogError) -> Study.Identity {
    var identity = Study.Identity()
    var tags: StudyNode?
    var code: StudyNode?
    for (key, value) in try node.entries(known: keys) {
      switch key {
      case "normalise":
        guard let rule = Normalisation(rawValue: try value.string()) else {
          throw value.badValue("email, phone or none")
        }
        identity.normalise = rule
      case "plus_tags":
        tags = value
        switch try value.string() {
        case "drop": identity.dropsPlusTags = true
        case "keep": identity.dropsPlusTags = false
        default: throw value.badValue("drop or keep")
        }
      case "country_code":
        code = value
        let text = try value.string()
        let digits = text.hasPrefix("+") ? String(text.dropFirst()) : text
        guard (1...3).contains(digits.utf8.count), !digits.hasPrefix("0"),
          digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw value.badValue("one to three digits such as \"49\"") }
        identity.countryCode = digits
      case "aliases": identity.usesAliases = try value.bool()
      case "wrong": identity.wrong = try rate(value, of: "contacts")
      case "split": identity.split = try rate(value, of: "customers")
      case "steady": identity.steady = try value.strings()
      case "shared_above":
        identity.sharedAbove =
          (try? value.string()) == "never"
          ? nil
          : try value.number("contacts a day above which an id is several people's, or never") {
            $0 > 0
          }
      default:
        switch try value.string() {
        case "cut": identity.cutsIncompleteEnd = true
        case "keep": identity.cutsIncompleteEnd = false
        default: throw value.badValue("cut or keep")
        }
      }
    }
    if let tags, identity.normalise != .email {
      throw tags.badValue("identity.normalise: email beside it, to which plus tags belong")
    }
    if let code, identity.normalise != .phone {
      throw code.badValue("identity.normalise: phone beside it, to which a country code belongs")
    }
    return identity
  }

  /// `{rate, se}` or `{checked, found}`.
  private static func rate(_ node: StudyNode, of units: String) throws(LogError) -> Study.ErrorRate
  {
    let highest = Study.ErrorRate.highest
    var values: [String: Double] = [:]
    for (key, value) in try node.entries(known: ["rate", "se", "checked", "found"]) {
      switch key {
      case "rate":
        values[key] = try value.number("a share of the \(units), 0 to \(highest)") {
          (0...highest).contains($0)
        }
      case "se":
        values[key] = try value.number("a standard error, 0 to 0.25") { (0...0.25).contains($0) }
      case "checked":
        values[key] = try value.number("how many \(units) were looked at, 10 or more") {
          $0 >= 10 && $0 == $0.rounded()
        }
      default:
        values[key] = try value.number("how many of them had a wrong id") {
          $0 >= 0 && $0 == $0.rounded()
        }
      }
    }
    if let rate = values["rate"], values["checked"] == nil, values["found"] == nil {
      return Study.ErrorRate(rate: rate, standardError: values["se"] ?? 0)
    }
    if let checked = values["checked"], let found = values["found"], values["rate"] == nil,
      values["se"] == nil, found <= highest * checked
    {
      return Study.ErrorRate(found: found, checked: checked)
    }
    throw node.badValue(
      "either rate, with its standard error se where it is known, or checked and found of an "
        + "audited sample of \(units) (found at most half of checked)")
  }
}
