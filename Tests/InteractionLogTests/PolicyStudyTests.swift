import InteractionLog
import Testing

/// Policies as a study declares them.
@Suite struct PolicyStudyTests {
  @Test func aPolicyIsReadWhole() throws {
    let policies = try study(
      """
      study: s
      exploration_rate: 0.05
      policies:
        - name: bolder
          automate_from: 0.65
          confirm_from: 0.5
          exceptions: {topic: {billing: 0.8}, channel: {email: 0.7}}
          fallback: staff
          staff_by_hour: 12
          patience_minutes: 4
        - {name: as today}
      """)
    #expect(policies.explorationRate == 0.05)
    #expect(
      policies.policies.first
        == PolicyDeclaration(
          name: "bolder", automateFrom: 0.65,
          exceptions: [
            .init(column: "topic", value: "billing", threshold: 0.8),
            .init(column: "channel", value: "email", threshold: 0.7),
          ], confirmFrom: 0.5, fallback: .staff,
          staffByHour: [Double](repeating: 12, count: 24), patienceMinutes: 4))
    #expect(policies.policies.last?.automateFrom == nil)
  }

  @Test(arguments: [
    ("- {name: a}\n  - {name: a}", "a name that no other policy has"),
    ("- {automate_from: 0.5}", "name"),
    ("- {name: a, automate_from: 1.5}", "a score from 0 to 1"),
    ("- {name: a, automate_from: 0.5, confirm_from: 0.6}", "at most automate_from"),
    ("- {name: a, fallback: nobody}", "ai or staff"),
    ("- {name: a, staff_by_hour: [1, 2]}", "a list of 24"),
    ("- {name: a, exceptions: {team: {x: 0.5}}}", "team"),
    ("- {name: a, thresholds: 0.5}", "thresholds"),
  ])
  func aPolicyThatIsNoneIsRefused(yaml: String, expected: String) {
    let text = message { _ = try study("study: s\npolicies:\n  \(yaml)\n") }
    #expect(text.contains(expected), "\(text)")
  }

  @Test func aCapacityIsReadWhole() throws {
    let read = try study(
      """
      study: s
      capacity: {staff_hours: 400, staff_by_hour: 12, patience_minutes: 4, most_give_up: 0.1}
      """)
    #expect(
      read.capacity
        == StaffCapacity(
          staffHours: 400, staffByHour: [Double](repeating: 12, count: 24), patienceMinutes: 4,
          mostGiveUp: 0.1))
    #expect(try study("study: s\n").capacity == StaffCapacity())
  }

  @Test(arguments: [
    ("staff_hours: -1", "hours of 0 or more"), ("staff_by_hour: [1, 2]", "a list of 24"),
    ("most_give_up: 5", "a share from 0 to 1"), ("hours: 3", "hours"),
  ])
  func aCapacityThatIsNoneIsRefused(yaml: String, expected: String) {
    let text = message { _ = try study("study: s\ncapacity: {\(yaml)}\n") }
    #expect(text.contains(expected), "\(text)")
  }
}
