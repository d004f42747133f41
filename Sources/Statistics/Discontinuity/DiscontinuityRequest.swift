/// A discontinuity as a person asks for it: columns of a table.
public struct DiscontinuityRequest: Sendable {
  public var outcome: String
  public var running: String
  public var design: Discontinuity

  public init(outcome: String, running: String, design: Discontinuity) {
    self.outcome = outcome
    self.running = running
    self.design = design
  }

  /// What was found in a table.
  public struct Result: Sendable {
    public let estimate: DiscontinuityEstimate
    /// Nil where a side has too few distinct values for its fits.
    public let density: DensityTest?
    public let droppedRowCount: Int
  }

  /// The rows that have both values.
  public struct Frame: Sendable {
    public let outcomes: [Double]
    public let running: [Double]
    /// Rows of the table that were kept, ascending; nil where all were.
    public let rows: [Int32]?
    public let droppedRowCount: Int
  }

  /// Takes the columns from a table.
  ///
  /// - Throws: `DiscontinuityError.table`, which names a column that cannot be used.
  public func frame(_ table: DataTable) throws(DiscontinuityError) -> Frame {
    let names = [outcome, running]
    for (name, role) in zip(names, ["the outcome", "the running variable"]) {
      switch table[name] {
      case .numbers: continue
      case .text: throw .table(.textColumn(role: role, name: name))
      case nil: throw .table(.unknownColumn(role: role, name: name, columns: table.names))
      }
    }
    let rows: [Int32]?
    do {
      rows = try table.requiredRows(of: names)
    } catch {
      throw .table(error)
    }
    let complete = table.selecting(names, rows: rows)
    func numbers(_ name: String) -> [Double] {
      if case .numbers(let numbers) = complete[name] { numbers.values } else { [] }
    }
    return Frame(
      outcomes: numbers(outcome), running: numbers(running), rows: rows,
      droppedRowCount: table.rowCount - complete.rowCount)
  }

  /// The jump and the density of a frame, sorted once for both.
  public func result(_ frame: Frame, threads: Int = 1) throws(DiscontinuityError) -> Result {
    let (estimate, density) = try design.estimateWithDensity(
      outcomes: frame.outcomes, running: frame.running, threads: threads)
    return Result(
      estimate: estimate, density: density, droppedRowCount: frame.droppedRowCount)
  }

  /// The jump and the density of a table.
  ///
  /// - Throws: `DiscontinuityError`, whose rows are the table's.
  public func result(
    _ table: DataTable, threads: Int = 1
  ) throws(DiscontinuityError) -> Result {
    let frame = try frame(table)
    do {
      return try result(frame, threads: threads)
    } catch {
      throw error.ofTable(frame.rows)
    }
  }
}
