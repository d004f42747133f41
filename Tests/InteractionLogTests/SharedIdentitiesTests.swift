import InteractionLog
import Testing

@Suite("Shared identities")
struct SharedIdentitiesTests {
  /// One id with `count` contacts, `apart` hours from each other, and two customers of one contact.
  private func log(count: Int, apart: Double) -> InteractionTable {
    let ids = (0..<count).map { _ in "desk" } + ["ann", "zoe"]
    var raw = table([("n", .number(NumberColumn(storage: ids.indices.map(Double.init))))])
    raw.interactionID = ids.indices.map { "i\($0)" }
    raw.startedAt = ids.indices.map { Int64(Double($0 % count) * apart * 3_600_000) }
    let values = ["ann", "desk", "zoe"]
    return raw.recoded(
      codes: ids.map { Int32(values.firstIndex(of: $0)!) }, values: values
    ).table
  }

  private func resolved(
    _ table: InteractionTable, above: Double?, customers: CustomerTable? = nil
  ) throws -> IdentityResolution {
    try IdentityResolution(
      table: table, customers: customers, identity: .init(sharedAbove: above), windowDays: 10)
  }

  @Test("An id with more contacts within a window than one customer makes names nobody")
  func setAside() throws {
    // 201 contacts within ten days: one every 1.19 hours.
    let table = log(count: 400, apart: 1.19)
    let customers = CustomerTable(rows: [
      "desk": .init(activeFrom: nil, activeTo: nil, segment: nil, aliasOf: nil),
      "ann": .init(activeFrom: nil, activeTo: nil, segment: nil, aliasOf: nil),
    ])
    let result = try resolved(table, above: 20, customers: customers)
    #expect(result.shared.shared.map(\.id) == ["desk"])
    #expect(result.shared.limit == 200 && result.shared.contacts == 400)
    #expect(result.table.count == 402 && result.table.customer.values == ["ann", "zoe"])
    #expect(result.table.customer.codes.count { $0 < 0 } == 400)
    #expect(result.customers?.rows.keys.sorted() == ["ann"])
  }

  @Test("As many contacts over a longer time, or a study that says never, keep their name")
  func kept() throws {
    #expect(try resolved(log(count: 400, apart: 1.21), above: 20).shared == .none.limited(200))
    let never = try resolved(log(count: 400, apart: 0.1), above: nil)
    #expect(never.shared == .none && never.table.customer.values.contains("desk"))
  }
}

extension SharedIdentities {
  fileprivate func limited(_ limit: Int) -> SharedIdentities {
    var copy = self
    copy.limit = limit
    return copy
  }
}
