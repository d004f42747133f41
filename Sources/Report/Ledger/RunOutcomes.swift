import Attribution

/// `outcomes.csv`, `outcome_cells.csv`, `outcome_modes.csv`: outcomes beside repeats by interaction.
package struct RunOutcomes: Sendable {
  package struct Outcome: Sendable {
    /// By row: 1 it happened, 0 it did not, −1 the row does not count. From silence nothing is seen to
    /// happen, and rows that count are 0.
    package fileprivate(set) var happened: [Int8]
    /// By row, into `cells`; −1 where nothing was estimated.
    package fileprivate(set) var cell: [Int32]
    package fileprivate(set) var cells: [Cell] = []
    /// Customers' last contacts, where departures are told from silence.
    package fileprivate(set) var silence: [Silence] = []

    init(rows: Int) {
      happened = [Int8](repeating: -1, count: rows)
      cell = [Int32](repeating: -1, count: rows)
    }
  }

  /// What an interaction of a cell adds; NaN where the report does not tell it.
  package struct Cell: Sendable {
    package fileprivate(set) var expected: Double
    package fileprivate(set) var systemDirect: Double
    package fileprivate(set) var systemThroughStaff: Double
    package fileprivate(set) var staffOwn: Double
    package fileprivate(set) var baseline: Double
    package fileprivate(set) var modes: [Mode] = []
  }

  package struct Mode: Sendable {
    package let place: ModeContributions.Place
    package let caused: Double
    package let removed: Double
  }

  package struct Silence: Sendable {
    package let row: Int32
    package let days: Double
    package let chance: Double
    /// NaN where the log does not tell it.
    package let departed: Double
  }

  package private(set) var byName: [String: Outcome] = [:]

  init(directory: String, rows: RunRows) throws {
    try readRows(
      RunFile(path: "\(directory)/outcomes.csv", columns: RunTables.outcomeColumns), rows)
    try readCells(
      RunFile(path: "\(directory)/outcome_cells.csv", columns: RunTables.outcomeCellColumns), rows)
    try readModes(
      RunFile(path: "\(directory)/outcome_modes.csv", columns: RunTables.outcomeModeColumns))
  }

  private mutating func readRows(_ file: RunFile, _ rows: RunRows) throws {
    let count = rows.startedAt.count
    var finder = RowFinder(rows)
    var name: [UInt8] = []
    var outcome = Outcome(rows: 0)
    func close() -> String { String(decoding: name, as: UTF8.self) }
    while try file.next() {
      if !file.holds(1, name) {
        if !name.isEmpty { byName[close()] = outcome }
        name = Array(file.bytes(1))
        guard byName[close()] == nil else { throw file.damaged("'\(close())' comes in two places") }
        outcome = Outcome(rows: count)
        finder.restart()
      }
      let row = try finder.row(file)
      outcome.happened[row] = max(try file.flag(2), 0)
      let cell = try file.numberOrBlank(3)
      outcome.cell[row] = cell.isNaN ? -1 : Int32(cell)
      let days = try file.numberOrBlank(4)
      if !days.isNaN {
        outcome.silence.append(
          .init(
            row: Int32(row), days: days, chance: try file.number(5),
            departed: try file.numberOrBlank(6)))
      }
    }
    if !name.isEmpty { byName[close()] = outcome }
  }

  private mutating func readCells(_ file: RunFile, _ rows: RunRows) throws {
    while try file.next() {
      let name = file.text(0)
      guard let count = byName[name]?.cells.count, try file.number(1) == Double(count) else {
        throw file.damaged("cell \(file.text(1)) of '\(name)' is out of order")
      }
      byName[name]?.cells.append(
        Cell(
          expected: try file.number(2), systemDirect: try file.numberOrBlank(3),
          systemThroughStaff: try file.numberOrBlank(4), staffOwn: try file.numberOrBlank(5),
          baseline: try file.number(6)))
    }
    for (name, outcome) in byName {
      let cells = outcome.cells.count
      guard outcome.cell.allSatisfy({ $0 < cells }) else {
        throw ReportError.runUnreadable(
          path: file.path, reason: "it lacks cells of '\(name)' that outcomes.csv names")
      }
    }
  }

  private mutating func readModes(_ file: RunFile) throws {
    while try file.next() {
      let (name, number) = (file.text(0), try file.number(1))
      guard let cells = byName[name]?.cells.indices, let cell = Int(exactly: number),
        cells.contains(cell)
      else { throw file.damaged("'\(name)' has no cell \(file.text(1))") }
      let component = file.text(3)
      byName[name]?.cells[cell].modes.append(
        Mode(
          place: .init(mode: file.text(2), component: component.isEmpty ? nil : component),
          caused: try file.number(4), removed: try file.number(5)))
    }
  }
}
