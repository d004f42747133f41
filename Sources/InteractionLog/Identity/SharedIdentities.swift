/// Ids with more contacts than any one customer makes: a switchboard, a test account, a field that is
/// filled with a word where nobody knew.
///
/// Who is behind such an id changes from contact to contact. A later contact of it says nothing of an
/// earlier one, and every pair of them would be a candidate; so that its contacts count, but name nobody.
public struct SharedIdentities: Sendable, Equatable {
  public struct Shared: Sendable, Equatable {
    public var id: String
    public var contacts: Int
  }

  /// Set aside, those with the most contacts first.
  public var shared: [Shared]
  /// Contacts of one id within a window beyond which it is set aside.
  public var limit: Int

  public static let none = SharedIdentities(shared: [], limit: .max)

  public var contacts: Int { shared.reduce(0) { $0 + $1.contacts } }

  /// - Parameters:
  ///   - table: in canonical order: by customer and start, unknown customers last.
  ///   - windowDays: of repeats, its end included.
  ///   - perDay: contacts a day that one customer can make throughout a window.
  package init(_ table: InteractionTable, windowDays: Double, perDay: Double) {
    let codes = table.customer.codes
    let window = Int64(windowDays * 86_400_000)
    let limit = max(Int((perDay * windowDays).rounded()), 1)
    var shared: [Shared] = []
    var start = 0
    while start < codes.count, codes[start] >= 0 {
      var end = start
      var low = start
      var most = 0
      while end < codes.count, codes[end] == codes[start] {
        while table.startedAt[end] - table.startedAt[low] > window { low += 1 }
        most = max(most, end - low + 1)
        end += 1
      }
      if most > limit {
        shared.append(Shared(id: table.customer.values[Int(codes[start])], contacts: end - start))
      }
      start = end
    }
    self.init(
      shared: shared.sorted {
        $0.contacts == $1.contacts
          ? $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) : $0.contacts > $1.contacts
      }, limit: limit)
  }

  private init(shared: [Shared], limit: Int) {
    self.shared = shared
    self.limit = limit
  }

  /// The log without those names, in canonical order.
  func setAside(in table: InteractionTable) -> InteractionTable {
    guard !shared.isEmpty else { return table }
    let names = Set(shared.map(\.id))
    return table.renamed {
      names.contains(table.customer.values[$0]) ? nil : table.customer.values[$0]
    }
    .table
  }

  /// The customers file without them: none of its customers made those contacts.
  func setAside(in customers: CustomerTable?) -> CustomerTable? {
    guard !shared.isEmpty, var result = customers else { return customers }
    for one in shared { result.rows[one.id] = nil }
    return result
  }
}
