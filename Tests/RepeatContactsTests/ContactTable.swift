import InteractionLog

/// One contact of a small log written in a test: customer and topic may be nil (unknown).
struct Contact {
  var customer: String?
  var milliseconds: Int64
  var topic: String?
  var id: String

  init(_ customer: String?, days: Double, _ topic: String? = nil, id: String) {
    self.init(customer, milliseconds: Int64((days * 86_400_000).rounded()), topic, id: id)
  }

  init(_ customer: String?, milliseconds: Int64, _ topic: String? = nil, id: String) {
    self.customer = customer
    self.milliseconds = milliseconds
    self.topic = topic
    self.id = id
  }
}

extension InteractionTable {
  /// The contacts as a table in canonical order: customer (unknown last), start, id.
  init(contacts: [Contact]) {
    let sorted = contacts.sorted { a, b in
      if a.customer != b.customer {
        guard let left = a.customer else { return false }
        guard let right = b.customer else { return true }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
      }
      if a.milliseconds != b.milliseconds { return a.milliseconds < b.milliseconds }
      return a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
    }
    self.init(
      interactionID: sorted.map(\.id),
      customer: TextColumn(encoding: sorted.map(\.customer)),
      startedAt: sorted.map(\.milliseconds),
      topic: TextColumn(encoding: sorted.map(\.topic)),
      columns: [:])
  }
}

extension TextColumn {
  fileprivate init(encoding texts: [String?]) {
    let values = Set(texts.compactMap { $0 })
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let codes = texts.map { text in
      text.flatMap { values.firstIndex(of: $0) }.map(Int32.init) ?? -1
    }
    self.init(codes: codes, values: values)
  }
}
