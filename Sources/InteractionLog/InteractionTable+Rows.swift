extension InteractionTable {
  /// The table of these rows, in this order; columns keep their dictionaries.
  package func rows(_ order: [Int]) -> InteractionTable {
    var copy = self
    copy.interactionID = order.map { interactionID[$0] }
    copy.customer.codes = order.map { customer.codes[$0] }
    copy.startedAt = order.map { startedAt[$0] }
    copy.topic.codes = order.map { topic.codes[$0] }
    for (name, column) in columns { copy.columns[name] = column.rows(order) }
    return copy
  }

  /// The same rows with the customers that `name` gives to each code (nil: unknown), in canonical
  /// order.
  ///
  /// - Returns: the table, and by its rows the row that each was.
  package func renamed(_ name: (Int) -> String?) -> (table: InteractionTable, order: [Int]) {
    let names = customer.values.indices.map(name)
    let values = Set(names.compactMap { $0 }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let place = Dictionary(uniqueKeysWithValues: zip(values, values.indices.map { Int32($0) }))
    let codeOf = names.map { $0.flatMap { place[$0] } ?? -1 }
    return recoded(
      codes: customer.codes.map { $0 < 0 ? -1 : codeOf[Int($0)] }, values: values)
  }

  /// The same rows with other customers, in canonical order.
  ///
  /// - Parameters:
  ///   - codes: places in `values` by row, −1 where the customer is unknown.
  ///   - values: ids in byte order.
  package func recoded(
    codes: [Int32], values: [String]
  ) -> (table: InteractionTable, order: [Int]) {
    func key(_ row: Int) -> (UInt32, Int64) { (UInt32(bitPattern: codes[row]), startedAt[row]) }
    let order = codes.indices.sorted { a, b in
      let (x, y) = (key(a), key(b))
      if x != y { return x < y }
      return interactionID[a].utf8.lexicographicallyPrecedes(interactionID[b].utf8)
    }
    var table = rows(order)
    table.customer = TextColumn(codes: order.map { codes[$0] }, values: values)
    return (table, order)
  }
}

extension Column {
  fileprivate func rows(_ order: [Int]) -> Column {
    switch self {
    case .text(let column):
      .text(TextColumn(codes: order.map { column.codes[$0] }, values: column.values))
    case .number(let column): .number(NumberColumn(storage: order.map { column.storage[$0] }))
    case .time(let column):
      .time(TimeColumn(milliseconds: order.map { column.milliseconds[$0] }))
    case .flag(let column): .flag(FlagColumn(storage: order.map { column.storage[$0] }))
    }
  }
}
