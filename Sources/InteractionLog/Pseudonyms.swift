import OrderedCollections

extension LogReading {
  /// The same log with other names in its personal columns, in the canonical order of these names.
  ///
  /// A text column that holds what a personal one holds (row by row, or at least five different values
  /// of which all are the personal one's) is personal too, whatever it is called. Values of rejected
  /// rows are withheld, for anything may stand in them.
  ///
  /// - Parameters:
  ///   - personal: canonical, derived or context columns; those that the log does not have are passed
  ///     over.
  ///   - pseudonym: of a column's value; never two values of a column the same.
  /// - Throws: `PseudonymFault` for a personal column that is no text.
  package func pseudonymised(
    personal: [String], pseudonym: (_ column: String, _ value: String) -> String
  ) throws(PseudonymFault) -> LogReading {
    var copy = self
    var known: [(name: String, column: TextColumn)] = []
    for name in personal {
      if name == "customer_id" {
        known.append((name, table.customer))
      } else if name == "interaction_id" {
        copy.table.interactionID = table.interactionID.map { pseudonym(name, $0) }
      } else {
        switch table.columns[name] {
        case .text(let column): known.append((name, column))
        case .number, .time, .flag: throw PseudonymFault(column: name)
        case nil: break
        }
      }
    }
    for (name, column) in known {
      if name == "customer_id" {
        copy.table.customer = column.renamed { pseudonym(name, $0) }
      } else {
        copy.table.columns[name] = .text(column.renamed { pseudonym(name, $0) })
      }
    }
    let named = Set(known.map(\.name))
    for (name, column) in table.columns where !named.contains(name) {
      guard case .text(let text) = column,
        let source = known.first(where: { text.holdsOnly(valuesOf: $0.column) })
      else { continue }
      copy.table.columns[name] = .text(text.renamed { pseudonym(source.name, $0) })
    }
    if let source = known.first(where: { table.topic.holdsOnly(valuesOf: $0.column) }) {
      copy.table.topic = table.topic.renamed { pseudonym(source.name, $0) }
    }
    copy.table = copy.table.inCanonicalOrder()
    copy.rejected = rejected.map(\.withheld)
    return copy
  }
}

extension CustomerTable {
  /// The same customers under other names.
  package func pseudonymised(_ pseudonym: (String) -> String) -> CustomerTable {
    var copy = self
    copy.rows = [:]
    // Where two ids are one, the first in order stands.
    for (id, row) in rows.sorted(by: { $0.key < $1.key }) {
      let name = pseudonym(id)
      guard copy.rows[name] == nil else { continue }
      var row = row
      row.aliasOf = row.aliasOf.map(pseudonym)
      copy.rows[name] = row
    }
    copy.rejected = rejected.map(\.withheld)
    return copy
  }
}

/// A personal column that no pseudonym can stand in for.
package struct PseudonymFault: Error, Sendable, Equatable {
  package let column: String
}

extension RejectedRow {
  fileprivate var withheld: RejectedRow {
    var copy = self
    if !value.isEmpty { copy.value = "(withheld)" }
    return copy
  }
}

extension TextColumn {
  /// The same column with other texts for its values.
  fileprivate func renamed(_ name: (String) -> String) -> TextColumn {
    let names = values.map(name)
    let order = names.indices.sorted { TextColumn.precedes(names[$0], names[$1]) }
    var code = [Int32](repeating: -1, count: names.count)
    for (place, old) in order.enumerated() { code[old] = Int32(place) }
    return TextColumn(
      codes: codes.map { $0 < 0 ? -1 : code[Int($0)] }, values: order.map { names[$0] })
  }

  /// Whether what stands here is another column's: the same row by row, or five and more of its values
  /// and no others.
  fileprivate func holdsOnly(valuesOf other: TextColumn) -> Bool {
    guard !values.isEmpty else { return false }
    let known = Set(other.values)
    guard values.allSatisfy({ known.contains($0) }) else { return false }
    if values.count >= 5 { return true }
    return codes.indices.allSatisfy { codes[$0] < 0 || self[$0] == other[$0] }
  }
}

extension InteractionTable {
  /// The rows by customer, start and interaction id, unknown customers last.
  fileprivate func inCanonicalOrder() -> InteractionTable {
    let last = Int32(customer.values.count)
    func place(_ row: Int) -> Int32 { customer.codes[row] < 0 ? last : customer.codes[row] }
    let order = (0..<count).sorted { a, b in
      if place(a) != place(b) { return place(a) < place(b) }
      if startedAt[a] != startedAt[b] { return startedAt[a] < startedAt[b] }
      return TextColumn.precedes(interactionID[a], interactionID[b])
    }
    var copy = self
    copy.interactionID = order.map { interactionID[$0] }
    copy.customer = customer.gathered(order)
    copy.startedAt = order.map { startedAt[$0] }
    copy.topic = topic.gathered(order)
    for (name, column) in columns { copy.columns[name] = column.gathered(order) }
    return copy
  }
}
