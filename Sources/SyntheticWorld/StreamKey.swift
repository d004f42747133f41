import Statistics

/// What a random stream of the world is for; the first step of a key path below its parent's key.
///
/// Every customer and contact has a key of its own by birth path (customer, then which background
/// contact, then which repeat of it, …), so a world with a failure mode taken out reuses all numbers
/// of the others.
enum StreamKey: UInt64 {
  // Below the world's seed.
  case calendar = 1
  case staff
  case customer
  case pilot
  // Below a customer's key.
  case traits
  case arrivals
  case background
  // Below a contact's key.
  case conduct
  case outcome
  case usualMarks
  case firstCourseMarks
  case usualRepeats
  case firstCourseRepeats
  case secondCourseMarks
  case secondCourseRepeats
  case intentReview
  // Below a customer's key.
  case frailty
  // Below a contact's key; appended, so that the keys before it stay what they are.
  case release
  case declaredOutcome
  case recording
  // Below the world's seed.
  case recordedCustomers
  // Below a contact's key.
  case exploration

  /// The key of this purpose below `parent`.
  @inline(__always)
  func below(_ parent: UInt64) -> UInt64 { RandomStream.key(parent, rawValue) }
}
