/// `staff_view.csv`: the repeats that the rule counts after contacts of staff, and where they came
/// from, in order of the contacts of staff.
package struct RunStaffView: Sendable {
  /// The contact of staff, and the counted one.
  package private(set) var prior: [Int32] = []
  package private(set) var later: [Int32] = []
  package private(set) var hasStaffError: [Bool] = []
  package private(set) var handledByStaff: [Bool] = []
  /// By origin, in the order of the file's columns: of the customer's own accord, another contact, then
  /// baseline, system direct, system through staff, staff's own; NaN where the report does not tell it.
  package private(set) var origins: [[Double]] = [[], [], [], [], [], []]

  init(path: String, rows: RunRows) throws {
    let file = try RunFile(path: path, columns: RunTables.staffViewColumns)
    var finder = RowFinder(rows)
    while try file.next() {
      let row = try finder.row(file)
      // The counted contact is a later one of the same customer.
      guard
        let later = ((row + 1)..<max(rows.neighbours(row).upperBound, row + 1)).first(where: {
          rows.id.matches($0, file.bytes(1))
        })
      else { throw file.damaged("'\(file.text(1))' is no later contact of the same customer") }
      prior.append(Int32(row))
      self.later.append(Int32(later))
      hasStaffError.append(try file.flag(2) == 1)
      handledByStaff.append(try file.flag(3) == 1)
      for k in origins.indices { origins[k].append(try file.numberOrBlank(4 + k)) }
    }
  }

  /// Where the repeat counted after a contact stands; nil where none is.
  package func place(prior row: Int) -> Int? {
    let place = SortedRows.place(of: Int32(row), in: prior, prior.indices)
    return place < prior.count && prior[place] == Int32(row) ? place : nil
  }
}

/// `staff_work.csv`: what each contact of members of staff who may be named adds to their comparison, by
/// row; NaN on all others.
package struct RunStaffWork: Sendable {
  package private(set) var expected: [Double]
  package private(set) var observed: [Double]

  init(path: String, rows: RunRows) throws {
    let file = try RunFile(path: path, columns: RunTables.staffWorkColumns)
    expected = [Double](repeating: .nan, count: rows.startedAt.count)
    observed = expected
    var finder = RowFinder(rows)
    while try file.next() {
      let row = try finder.row(file)
      expected[row] = try file.number(1)
      observed[row] = try file.number(2)
    }
  }
}

/// `change.csv`: what each interaction adds to its week's side of a comparison; NaN on rows that are in
/// none.
package struct RunChange: Sendable {
  package private(set) var caused: [Double]
  package private(set) var coincidental: [Double]
  package private(set) var exposure: [Double]

  init(path: String, rows: RunRows) throws {
    let file = try RunFile(path: path, columns: RunTables.changeColumns)
    caused = [Double](repeating: .nan, count: rows.startedAt.count)
    coincidental = caused
    exposure = caused
    var finder = RowFinder(rows)
    while try file.next() {
      let row = try finder.row(file)
      caused[row] = try file.number(1)
      coincidental[row] = try file.number(2)
      exposure[row] = try file.number(3)
    }
  }
}

/// `latency_dose.csv`: the latency that counts on a response curve, by row; NaN where none does.
package struct RunLatency: Sendable {
  package private(set) var milliseconds: [Double]

  init(path: String, rows: RunRows) throws {
    let file = try RunFile(path: path, columns: RunTables.latencyColumns)
    milliseconds = [Double](repeating: .nan, count: rows.startedAt.count)
    var finder = RowFinder(rows)
    while try file.next() { milliseconds[try finder.row(file)] = try file.number(1) }
  }
}
