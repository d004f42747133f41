import Attribution

/// What is said of staff, without a name.
enum StaffWords {
  /// The finding of the comparison, in one sentence without a full stop.
  static func finding(_ comparison: AttributionReport.StaffComparison) -> String {
    switch comparison.named {
    case 0:
      "None of \(NumberWords.count(comparison.compared)) members of staff stands out at equal work"
    case 1:
      "One of \(NumberWords.count(comparison.compared)) members of staff stands out at equal work"
    default:
      "\(NumberWords.count(comparison.named)) of \(NumberWords.count(comparison.compared)) members of "
        + "staff stand out at equal work"
    }
  }

  /// What was compared, and what a naive ranking would have said.
  static func comparison(_ comparison: AttributionReport.StaffComparison) -> [String] {
    guard comparison.compared > 0 else {
      return [
        "Members of staff are not compared with one another: "
          + (comparison.note ?? "too few have enough contacts") + "."
      ]
    }
    var lines = [
      "\(finding(comparison)): adjusted for \(comparison.adjustedFor.joined(separator: ", ")), shrunk "
        + "towards the others, at a false discovery rate of 5%, from \(comparison.minimumContacts) contacts "
        + "and \(NumberWords.precise(comparison.minimumExpectedRepeats)) expected repeats on. "
        + "A ranking by raw repeat rates would have pointed at "
        + "\(NumberWords.count(comparison.rankedByRawRate))."
    ]
    if comparison.named > 0 {
      lines.append(
        "Nobody is named here; attribution.json has the "
          + (comparison.named == 1 ? "id." : "ids."))
    }
    if comparison.notComparable > 0 {
      lines.append(
        "\(NumberWords.count(comparison.notComparable)) cannot be compared, because nobody else does "
          + "their work or because they work for a few customers only.")
    }
    for pair in comparison.notIdentifiable.prefix(5) { lines.append(words(pair)) }
    if let note = comparison.note { lines.append("Note: \(note).") }
    return lines
  }

  private static func words(_ pair: AttributionReport.InseparablePair) -> String {
    let place = pair.component.map { " in \($0)" } ?? ""
    return
      "Not identifiable: \(ModeWords.title(pair.mode))\(place) and one member of staff meet on "
      + "\(NumberWords.count(pair.interactions)) interactions and hardly apart. Of the "
      + "\(NumberWords.count(abs(pair.excess))) repeats \(pair.excess < 0 ? "fewer" : "more") that these "
      + "brought, none to all may be the member’s, and the rest is the component’s."
  }

  static func title(_ basis: String) -> String {
    basis == "staff_error"
      ? "Repeats after a contact with a staff error" : "Repeats after staff’s contacts"
  }

  /// One sentence for a terminal.
  static func line(_ view: AttributionReport.StaffView) -> String? {
    guard view.sentence != nil, let looks = view.looksLikeStaff.share,
      let direct = view.parts.systemDirect.share
    else {
      return nil
    }
    let system = direct + (view.parts.systemThroughStaff.share ?? 0)
    func points(_ share: Double) -> String { NumberWords.fixed(100 * share, decimals: 1) }
    func range(_ interval: [Double]?) -> String {
      interval.map { " (\(points($0[0])) to \(points($0[1])))" } ?? ""
    }
    let own = view.parts.staffOwn
    let staff = own.share.map { ", is staff \(points($0))\(range(own.shareCi95))" } ?? ""
    return
      "Looks like staff: \(NumberWords.percent(looks)) of counted repeats\(staff); system "
      + "\(points(system))\(range(view.systemShareCi95)) points."
  }
}

extension TerminalSummary {
  /// What stands below a summary whose run also wrote members of staff by name.
  public static func staffWarning(_ path: String) -> String {
    "\nStaff by name: \(printable(path))\n"
      + wrapped(
        "This table is about people. Most differences in it are chance: it is no ranking, and only rows "
          + "with named = true stand up to a check.", first: "  WARN  ", rest: "        "
      ).joined(separator: "\n") + "\n"
  }
}
