/// The verdict of a follow-up in words.
enum FollowWords {
  static func sentence(_ result: FollowUp) -> String {
    let fix = result.fix
    let name = "\(fix.mode.split(separator: "_").joined(separator: " ")) at \(fix.component)"
    guard let cut = result.failures.cut.estimate, let interval = result.failures.cut.ci95 else {
      return "What the release changed cannot be told."
    }
    let range = "\(percent(interval[0])) to \(percent(interval[1]))"
    let text: String
    switch result.failures.verdict {
    case .lessThanPredicted where interval[1] <= 0:
      return
        "Less than predicted: the release did not work. \(name) did not become rarer against its "
        + "controls (\(change(cut)), 95% interval of the cut \(range)), and was to fall by "
        + "\(percent(fix.expectedCut))."
    case .lessThanPredicted where interval[0] <= 0:
      return
        "Less than predicted: \(name) was to become rarer by \(percent(fix.expectedCut)), and that it "
        + "became rarer at all cannot be told (\(change(cut)) against its controls, 95% interval of "
        + "the cut \(range))."
    case .lessThanPredicted:
      text =
        "Less than predicted: \(name) became rarer by \(percent(cut)) (\(range)), and was to by "
        + "\(percent(fix.expectedCut))."
    case .cannotTell:
      return
        "Cannot tell yet: the cut of \(name) may be anything from none to what was predicted "
        + "(\(range))."
    case .asPredicted:
      text = "As predicted, \(name) became rarer by \(percent(cut)) (\(range))."
    case .moreThanPredicted:
      text = "More than predicted: \(name) became rarer by \(percent(cut)) (\(range))."
    }
    return text + " " + repeats(result)
  }

  private static func change(_ cut: Double) -> String {
    cut >= 0 ? "\(percent(cut)) rarer" : "\(percent(-cut)) more often"
  }

  private static func repeats(_ result: FollowUp) -> String {
    let repeats = result.repeats
    guard let predicted = repeats.predicted.estimate, let realised = repeats.realised.estimate,
      let range = repeats.realised.ci95
    else {
      return
        "Repeats cannot be told yet: \(repeats.realised.note ?? "not estimated")\(wait(result))."
    }
    let figures =
      "\(grouped(realised)) repeats (\(grouped(range[0])) to \(grouped(range[1]))) were avoided by a "
      + "count of later contacts; predicted were \(grouped(predicted))"
    switch repeats.verdict {
    case .asPredicted: return "Repeats fell as predicted: \(figures)."
    case .lessThanPredicted: return "Repeats fell less than predicted: \(figures)."
    case .moreThanPredicted: return "Repeats fell more than predicted: \(figures)."
    case .cannotTell:
      return "Whether repeats fell cannot be told yet: \(figures)\(wait(result))."
    }
  }

  private static func wait(_ result: FollowUp) -> String {
    guard let weeks = result.moreWeeks else {
      return
        "; no longer wait will tell it, for the log before the release is too short for so small "
        + "an effect"
    }
    return "; it needs about \(weeks) more week\(weeks == 1 ? "" : "s")"
  }
}
