import RepeatContacts

/// Whether the repeats after some failures come at times or about topics of their own.
///
/// The model then lets all repeats after such an interaction come that way, also those that would have
/// come without the failure. Generated worlds in which only the additional ones do (`mode-delays`) show
/// what that costs: such failures are given up to a quarter too little.
enum OwnDelays {
  /// - Parameter modes: names of the modes with a delay of their own, in order of priority.
  static func check(_ modes: [String]) -> AttributionReport.Check {
    guard !modes.isEmpty else {
      return .init(
        name: "own_delays", verdict: .pass, value: 0,
        meaning: "Repeats come alike after all failures: no failure mode predicted held-out "
          + "customers better with a delay of its own.")
    }
    return .init(
      name: "own_delays", verdict: .warn, value: Double(modes.count),
      meaning: "Repeats after \(modes.joined(separator: ", ")) come at other times than usual, or "
        + "about other topics. All repeats after such an interaction are taken to come that way, also "
        + "those that would have come without the failure, so that what these failures brought, and "
        + "staff errors that are found out late, are probably put too low (by up to a quarter in "
        + "trials), and what nobody caused too high.")
  }
}
