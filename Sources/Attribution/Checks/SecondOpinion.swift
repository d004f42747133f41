/// Whether the doubly robust comparison of raw later contacts contradicts the model.
enum SecondOpinion {
  /// Modes whose two 95 % intervals, that of `if_removed` and the doubly robust one, have no number in
  /// common.
  static func check(_ modes: [AttributionReport.ModeResult]) -> AttributionReport.Check {
    var compared = 0
    var contradicted: [String] = []
    for mode in modes where mode.component == nil {
      guard let model = mode.ifRemoved.ci95, let raw = mode.doublyRobust.ci95 else { continue }
      compared += 1
      if model[1] < raw[0] || raw[1] < model[0] { contradicted.append(mode.mode) }
    }
    guard compared > 0 else {
      return .init(
        name: "second_opinion", verdict: .notApplicable, value: nil,
        meaning: "No failure mode is frequent enough for a comparison without the link model.")
    }
    // One in twenty or so disagrees by chance.
    return .init(
      name: "second_opinion",
      verdict: contradicted.count * 10 > compared ? .warn : .pass,
      value: Double(contradicted.count),
      meaning:
        "Raw counts of later contacts were compared between interactions with and without each "
        + "failure, adjusted for context and for how often the customer had been in touch, without the "
        + "link model. For \(grouped(compared - contradicted.count)) of \(grouped(compared)) failure modes "
        + "the two agree within their intervals"
        + (contradicted.isEmpty
          ? "."
          : "; not for \(contradicted.joined(separator: ", ")). Either something that the log does not "
            + "show goes with that failure, or the model of the customers' own contacts is wrong there.")
    )
  }
}
