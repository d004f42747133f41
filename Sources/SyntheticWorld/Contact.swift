/// One contact as the world knows it, with the random numbers that a world without one of its
/// failure modes reuses.
package struct Contact: Sendable {
  package enum Origin: UInt8, Sendable {
    case background
    /// A repeat that its parent brings with or without a timeout.
    case usual
    /// A repeat that only the parent's mode with a course of its own brings: the first or the second
    /// of `WorldParameters.Repeats.courses`.
    case firstCourse
    case secondCourse
  }

  package var key: UInt64
  /// Seconds since the start of the log.
  package var time: Int32
  /// Index of the causing contact in the customer's tree, −1 for a background contact.
  package var parent: Int32
  package var origin: Origin
  /// The contact exists if its parent's expected repeats of its origin exceed this mark.
  package var mark: Double

  package var topic: UInt8
  package var channel: UInt8
  package var predicted: UInt8
  /// In ten-thousandths.
  package var confidence: Int32
  /// Index into the staff, −1 where AI handled the contact.
  package var staff: Int16
  /// −1 where none was called.
  package var integration: Int8
  package var latencyMilliseconds: Int32
  package var actionPartial: Bool
  package var modes: ModeSet
  /// What a release keeps from happening on this contact.
  package var released: ModeSet = []

  package var actionUniform: Double
  package var wrongInformationUniform: Double
  package var procedureMissedUniform: Double
  /// Log odds of each staff error before system failures.
  package var wrongInformationLogOdds: Double
  package var procedureMissedLogOdds: Double
  /// The action fails if it failed on the parent: the problem is the same and still unresolved.
  package var keepsProblem: Bool
  /// Factor on the expected repeats: the customer's frailty, and what an outage left behind.
  package var repeatFactor = 1.0

  /// What being handled by AI adds to the log of the expected repeats.
  package var handlingEffect = 0.0

  package var handledByStaff: Bool { staff >= 0 }
}
