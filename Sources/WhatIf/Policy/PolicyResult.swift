/// What a named policy would bring.
package struct PolicyResult: Codable, Sendable {
  package struct Part: Codable, Sendable {
    /// Topic, or ISO week.
    package var value: String
    package var firstContacts: Int
    package var automatedShare: Double
    package var support: PolicySupport
    package var outcomes: [OutcomeValue]

    enum CodingKeys: String, CodingKey {
      case value, support, outcomes
      case firstContacts = "first_contacts"
      case automatedShare = "automated_share"
    }
  }

  /// The staff's queue in one hour of the day.
  package struct HourLoad: Codable, Sendable, Equatable {
    package var hour: Int
    /// Contacts for staff, and hours of their work, in that hour of a day.
    package var staffContacts: Double
    package var staffHours: Double
    package var staff: Double?
    package var waitProbability: Double?
    package var meanWaitMinutes: Double?
    package var abandonment: Double?
    package var utilisation: Double?

    enum CodingKeys: String, CodingKey {
      case hour, staff, abandonment, utilisation
      case staffContacts = "staff_contacts"
      case staffHours = "staff_hours"
      case waitProbability = "wait_probability"
      case meanWaitMinutes = "mean_wait_minutes"
    }
  }

  package var name: String
  package var whole: Part
  package var byTopic: [Part]
  package var byWeek: [Part]
  /// Contacts without a score, for which the policy names a fallback: nothing tells what that does.
  package var fallbackMoved: Int
  package var queue: [HourLoad]
  package var queueToday: [HourLoad]
  package var note: String?

  enum CodingKeys: String, CodingKey {
    case name, whole, queue, note
    case byTopic = "by_topic"
    case byWeek = "by_week"
    case fallbackMoved = "fallback_contacts"
    case queueToday = "queue_today"
  }
}
