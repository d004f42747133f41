import Attribution
import InteractionLog

/// A finished run in memory, columnar: what its figures are made of.
///
/// Rows are those of `interactions.csv`, by customer, then start, then id; customers are neighbours.
package struct RunLedger: Sendable {
  package let directory: String
  package let report: AttributionReport
  package let declaration: LedgerDeclaration
  package let rows: RunRows
  package let contacts: RunContacts
  package let modes: RunModes
  package let removals: RunRemovals
  package let links: RunLinks
  /// Read when a figure asks for them; not every run has them.
  package let outcomes: Deferred<RunOutcomes>
  package let staffView: Deferred<RunStaffView>
  package let staffWork: Deferred<RunStaffWork>
  package let change: Deferred<RunChange>
  package let latency: Deferred<RunLatency>

  /// Rows.
  package var count: Int { rows.startedAt.count }

  /// Reads the folder of a run; the files are read side by side.
  ///
  /// - Throws: `ReportError` where the folder is no run, a file of it is missing or damaged, or the
  ///   files are not of one run.
  package init(directory: String) throws {
    self.directory = directory
    report = try RunReader.report(in: directory)
    declaration = try RunReader.declaration(in: directory)
    let rows = try RunRows(path: "\(directory)/interactions.csv")
    guard rows.startedAt.count == report.interactions else {
      throw ReportError.runUnreadable(
        path: "\(directory)/interactions.csv",
        reason: "it has \(rows.startedAt.count) interactions and attribution.json counts "
          + "\(report.interactions)")
    }
    self.rows = rows
    outcomes = Deferred { try RunOutcomes(directory: directory, rows: rows) }
    staffView = Deferred { try RunStaffView(path: "\(directory)/staff_view.csv", rows: rows) }
    staffWork = Deferred { try RunStaffWork(path: "\(directory)/staff_work.csv", rows: rows) }
    change = Deferred { try RunChange(path: "\(directory)/change.csv", rows: rows) }
    latency = Deferred { try RunLatency(path: "\(directory)/latency_dose.csv", rows: rows) }
    let parts = try SideBySide.run(
      { try RunLinks(path: "\(directory)/links.csv", rows: rows) },
      {
        (
          try RunContacts(path: "\(directory)/contacts.csv", rows: rows),
          try RunModes(path: "\(directory)/modes.csv", rows: rows),
          try RunRemovals(path: "\(directory)/joint_removals.csv", rows: rows)
        )
      })
    links = parts.0
    (contacts, modes, removals) = parts.1
  }
}

/// `interactions.csv`.
package struct RunRows: Sendable {
  package private(set) var id = TextArena()
  /// Distinct customers in byte order, and the rows of each: `customerStart[c] ..< customerStart[c + 1]`.
  package private(set) var customers = TextArena()
  package private(set) var customerStart: [Int32] = []
  /// −1 where unknown.
  package private(set) var customer: [Int32] = []
  /// Milliseconds since 1970.
  package private(set) var startedAt: [Int64] = []
  package private(set) var expectedRepeats: [Double] = []
  /// Parts are nil where the run does not tell them.
  package private(set) var systemDirect: [Double]?
  package private(set) var systemThroughStaff: [Double]?
  package private(set) var staffOwn: [Double]?
  package private(set) var baseline: [Double] = []
  package private(set) var exposure: [Double] = []

  init(path: String) throws {
    let file = try RunFile(
      path: path,
      columns: [
        "interaction_id", "customer_id", "started_at", "expected_repeats", "system_direct",
        "system_through_staff", "staff_own", "baseline", "exposure",
      ])
    let times = TimeParser(source: Study.Source())
    var parts: [[Double]] = [[], [], []]
    while try file.next() {
      id.append(file.bytes(0))
      try append(customer: file.bytes(1), file)
      guard case .success(let time) = times.parse(file.bytes(2)) else {
        throw file.damaged("started_at is '\(file.text(2))', \(times.expectation) expected")
      }
      startedAt.append(time)
      expectedRepeats.append(try file.number(3))
      for k in 0..<3 {
        let value = try file.numberOrBlank(4 + k)
        if let first = parts[k].first, first.isNaN != value.isNaN {
          throw file.damaged(
            "a part of the split is \(value.isNaN ? "blank" : "given"), unlike in the rows before")
        }
        parts[k].append(value)
      }
      baseline.append(try file.number(7))
      exposure.append(try file.number(8))
    }
    let known = customer.firstIndex { $0 < 0 } ?? customer.count
    customerStart.append(Int32(known))
    func told(_ part: [Double]) -> [Double]? { part.first?.isNaN == true ? nil : part }
    systemDirect = told(parts[0])
    systemThroughStaff = told(parts[1])
    staffOwn = told(parts[2])
  }

  private mutating func append(customer text: UnsafeBufferPointer<UInt8>, _ file: RunFile) throws {
    let last = customers.count - 1
    if text.isEmpty {
      customer.append(-1)
    } else if last >= 0, customer.last == Int32(last), customers.matches(last, text) {
      customer.append(Int32(last))
    } else {
      guard customer.last != -1, last < 0 || customers.precedes(last, text) else {
        throw file.damaged("the customer '\(file.text(1))' is out of order")
      }
      customerStart.append(Int32(customer.count))
      customers.append(text)
      customer.append(Int32(last + 1))
    }
  }

  /// The rows of the customer of a row; of an unknown customer the row alone.
  package func neighbours(_ row: Int) -> Range<Int> {
    let code = Int(customer[row])
    guard code >= 0 else { return row..<(row + 1) }
    return Int(customerStart[code])..<Int(customerStart[code + 1])
  }
}

/// `contacts.csv`.
package struct RunContacts: Sendable {
  package private(set) var week: TextColumn
  package private(set) var topic: TextColumn
  package private(set) var channel: TextColumn
  package private(set) var handledBy: TextColumn
  package private(set) var team: TextColumn
  package private(set) var staff: TextColumn
  /// NaN where unknown.
  package private(set) var handleSeconds: [Double] = []
  package private(set) var latency: [Double] = []
  package private(set) var csat: [Double] = []
  package private(set) var cost: [Double] = []
  /// 1, 0, or −1 where unknown.
  package private(set) var intentResolved: [Int8] = []
  package private(set) var actionSucceeded: [Int8] = []
  package private(set) var repeatedByRule: [Int8] = []
  package private(set) var ruleWindowCovered: [Int8] = []

  init(path: String, rows: RunRows) throws {
    let file = try RunFile(path: path, columns: RunTables.contactColumns)
    var texts = [TextGathering](repeating: TextGathering(), count: 6)
    var row = 0
    while try file.next() {
      guard row < rows.startedAt.count, rows.id.matches(row, file.bytes(0)) else {
        throw file.damaged(
          "interaction '\(file.text(0))' is not the one that interactions.csv has here")
      }
      for k in 0..<6 { texts[k].append(file.bytes(1 + k)) }
      handleSeconds.append(try file.numberOrBlank(7))
      intentResolved.append(try file.flag(8))
      actionSucceeded.append(try file.flag(9))
      latency.append(try file.numberOrBlank(10))
      csat.append(try file.numberOrBlank(11))
      repeatedByRule.append(try file.flag(12))
      ruleWindowCovered.append(try file.flag(13))
      cost.append(try file.numberOrBlank(14))
      row += 1
    }
    guard row == rows.startedAt.count else {
      throw ReportError.runUnreadable(
        path: path, reason: "it ends after \(row) of \(rows.startedAt.count) interactions")
    }
    let columns = texts.map { $0.column() }
    (week, topic, channel) = (columns[0], columns[1], columns[2])
    (handledBy, team, staff) = (columns[3], columns[4], columns[5])
  }
}
