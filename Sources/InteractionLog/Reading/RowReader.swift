/// The rows of a file as typed columns, before they are interactions.
struct ReadRows {
  var plan: ReadingPlan
  var columns: [ReadingPlan.Request: FieldColumn]
  /// Line of each row kept.
  var lines: [Int]
  /// Rows after the header.
  var rowsRead: Int
  var rejections: RejectionLog
  var constant: [String]
}

/// Reads every record of a source into the columns that a plan asks for.
struct RowReader {
  let plan: ReadingPlan
  let study: Study
  let path: String
  var missingIdentifierReason = RejectionReason.missingInteractionID

  func read<Source: RecordSource>(
    _ source: Source, progress: (@Sendable (Double) -> Void)?
  ) throws(LogError) -> ReadRows {
    var columns = plan.emptyColumns(study.source)
    var watch = constancyWatch()
    var rejections = RejectionLog(file: path)
    var lines: [Int] = []
    let rowsRead = try append(
      source, to: &columns, lines: &lines, rejections: &rejections, watch: &watch,
      progress: progress)
    progress?(1)
    guard rowsRead > 0 else { throw .headerOnly(path: path) }
    return ReadRows(
      plan: plan, columns: Dictionary(uniqueKeysWithValues: zip(plan.requests, columns)),
      lines: lines, rowsRead: rowsRead, rejections: rejections,
      constant: watch?.constant(plan.header) ?? [])
  }

  /// Adds every record of a source to the columns, which are those of the plan's requests; the number
  /// of records.
  func append<Source: RecordSource>(
    _ source: Source, to columns: inout [FieldColumn], lines: inout [Int],
    rejections: inout RejectionLog
  ) throws(LogError) -> Int {
    var watch: ConstancyWatch?
    return try append(
      source, to: &columns, lines: &lines, rejections: &rejections, watch: &watch, progress: nil)
  }

  private func append<Source: RecordSource>(
    _ source: Source, to columns: inout [FieldColumn], lines: inout [Int],
    rejections: inout RejectionLog, watch: inout ConstancyWatch?,
    progress: (@Sendable (Double) -> Void)?
  ) throws(LogError) -> Int {
    let identifierIndex = plan.requests.firstIndex(of: plan.identifier) ?? 0
    let times = TimeParser(source: study.source)
    var rowsRead = 0
    while try source.next() {
      rowsRead += 1
      if rowsRead & 0x3FFF == 0 { progress?(source.progress) }
      if let defect = source.defect {
        rejections.add(
          line: source.line, column: "", value: source.excerpt(),
          reason: RejectionReason.of(defect))
        continue
      }
      var failed: (index: Int, fault: FieldFault)?
      for index in columns.indices {
        if let fault = columns[index].append(source.field(columns[index].column)) {
          failed = (index, fault)
          break
        }
      }
      if let failed {
        for index in 0..<failed.index { columns[index].removeLast() }
        let column = columns[failed.index]
        rejections.add(
          line: source.line, column: plan.header[column.column],
          value: Excerpt.of(source.field(column.column)),
          reason: RejectionReason.of(failed.fault, kind: column.kind, times: times))
        continue
      }
      guard let code = columns[identifierIndex].codes.last, code >= 0 else {
        for index in columns.indices { columns[index].removeLast() }
        rejections.add(
          line: source.line, column: plan.header[columns[identifierIndex].column], value: "",
          reason: missingIdentifierReason)
        continue
      }
      watch?.note(interaction: Int(code), source)
      lines.append(source.line)
    }
    return rowsRead
  }

  /// In an event log, every column but those that name the interaction, its customer and its start:
  /// these are constant by their nature.
  private func constancyWatch() -> ConstancyWatch? {
    guard study.source.layout == .events else { return nil }
    var natural: Set<Int> = [plan.identifier.column]
    for (column, origin) in plan.canonical
    where column.name == "customer_id" || column.name == "started_at" {
      switch origin {
      case .field(let request), .reduced(_, let request): natural.insert(request.column)
      case .computed: break
      }
    }
    return ConstancyWatch(columns: plan.header.count) { !natural.contains($0) }
  }
}
