extension CustomerTable {
  private static let columns: [(name: String, kind: FieldKind)] = [
    ("customer_id", .text), ("active_from", .time), ("active_to", .time), ("segment", .text),
    ("since", .time), ("alias_of", .text),
  ]

  /// Reads a customers file (`customer_id, active_from, active_to, segment, since, alias_of`; all but
  /// the first may be missing).
  ///
  /// Delimiter, missing texts, time format and zone are the study's. Where `active_from` has no
  /// value, `since` is taken for it. Bad rows are listed in ``rejected``; throws ``LogError`` as the
  /// log's reader does, with 5 % of the rows as the most that may be rejected.
  public static func read(path: String, study: Study) throws(LogError) -> CustomerTable {
    if path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") {
      return try read(try JSONLineRecords(path: path), path: path, study: study)
    }
    let source = try DelimitedRecords(path: path, delimiter: study.source.delimiter)
    return try read(source, path: path, study: study)
  }

  private static func read<Source: RecordSource>(
    _ source: Source, path: String, study: Study
  ) throws(LogError) -> CustomerTable {
    let header = source.header
    var requests: [String: ReadingPlan.Request] = [:]
    for column in columns {
      guard let index = header.firstIndex(of: column.name) else { continue }
      requests[column.name] = ReadingPlan.Request(column: index, kind: column.kind)
    }
    guard let identifier = requests["customer_id"] else {
      let nearest = NearestName.candidates(
        for: "customer_id", among: header.filter { !$0.isEmpty }, limit: 3)
      throw .missingColumns(
        path: path,
        columns: [MissingColumn(name: "customer_id", mappedTo: nil, nearest: nearest)],
        header: header)
    }
    var study = study
    study.source.layout = .interactions
    var plan = ReadingPlan(header: header, identifier: identifier)
    plan.requests = requests.values.sorted { $0.column < $1.column }
    let reader = RowReader(
      plan: plan, study: study, path: path,
      missingIdentifierReason: RejectionReason.missingCustomerID)
    let rows = try reader.read(source, progress: nil)
    return try table(of: rows, requests)
  }

  private static func table(
    of read: ReadRows, _ requests: [String: ReadingPlan.Request]
  ) throws(LogError) -> CustomerTable {
    func text(_ name: String, _ row: Int) -> String? {
      guard let column = requests[name].flatMap({ read.columns[$0] }), column.codes[row] >= 0
      else { return nil }
      return column.dictionary[Int(column.codes[row])]
    }
    func time(_ name: String, _ row: Int) -> Int64? {
      guard let column = requests[name].flatMap({ read.columns[$0] }) else { return nil }
      let value = column.milliseconds[row]
      return value == TimeColumn.missing ? nil : value
    }
    var rejections = read.rejections
    var rows: [String: Row] = [:]
    rows.reserveCapacity(read.lines.count)
    for (row, line) in read.lines.enumerated() {
      guard let id = text("customer_id", row) else { continue }
      let from = time("active_from", row) ?? time("since", row)
      let to = time("active_to", row)
      let alias = text("alias_of", row)
      if let from, let to, to < from {
        rejections.add(
          line: line, column: "active_to", value: ISOTime.text(to),
          reason: RejectionReason.activeToBeforeFrom)
      } else if alias == id {
        rejections.add(
          line: line, column: "alias_of", value: id, reason: RejectionReason.aliasOfItself)
      } else if rows[id] != nil {
        rejections.add(
          line: line, column: "customer_id", value: id, reason: RejectionReason.duplicateCustomer)
      } else {
        rows[id] = Row(
          activeFrom: from, activeTo: to, segment: text("segment", row), aliasOf: alias)
      }
    }
    try rejections.check(total: read.rowsRead, maximumShare: 0.05)
    return CustomerTable(rows: rows, rowsRead: read.rowsRead, rejected: rejections.sorted())
  }
}
