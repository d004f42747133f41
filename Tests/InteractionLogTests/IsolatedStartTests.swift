import InteractionLog
import Testing

/// A date far from all others would stretch the log's days into years.
struct IsolatedStartTests {
  private func log(days: Int, stray: String) -> String {
    var text = "interaction_id,customer_id,started_at\n"
    for row in 0..<200 {
      let day = row * days / 200
      text += "i\(row),c\(row % 20),2026-0\(1 + day / 28)-\(day % 28 < 9 ? "0" : "")"
      text += "\(1 + day % 28)T0\(row % 10):00:00Z\n"
    }
    return text + "stray,c1,\(stray)\n"
  }

  @Test(arguments: ["9999-12-31T00:00:00Z", "1970-01-01T00:00:00Z", "2099-05-01T00:00:00Z"])
  func yearsAwayIsRejected(stray: String) throws {
    let reading = try read(log(days: 84, stray: stray))
    #expect(reading.table.count == 200)
    let only = try #require(reading.rejected.first)
    #expect(reading.rejected.count == 1 && only.line == 202 && only.column == "started_at")
    #expect(only.value == stray)
    #expect(only.reason.hasPrefix("years from the rest of the log: 98 % of the interactions start"))
  }

  @Test func someMonthsAwayIsKept() throws {
    let reading = try read(log(days: 84, stray: "2026-12-01T00:00:00Z"))
    #expect(reading.rejected.isEmpty && reading.table.count == 201)
  }
}
