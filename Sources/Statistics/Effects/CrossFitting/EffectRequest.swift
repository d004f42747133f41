import LinearAlgebra

/// An effect as a person asks for it: columns of a table.
public struct EffectRequest: Sendable {
  public var outcome: String
  public var treatment: String
  public var adjust: [String]
  /// What rows belong to; nil for independent rows.
  public var cluster: String?
  public var weighting: CrossFittedWeighting

  /// A column of text has at most this many levels: each becomes a column of its own.
  public static let mostLevels = 500

  public init(
    outcome: String, treatment: String, adjust: [String], cluster: String? = nil,
    weighting: CrossFittedWeighting = CrossFittedWeighting()
  ) {
    self.outcome = outcome
    self.treatment = treatment
    self.adjust = adjust
    self.cluster = cluster
    self.weighting = weighting
  }

  /// The rows that have a value in every column asked for.
  public struct Frame: Sendable {
    public let data: CrossFittedWeighting.Data
    /// Rows of the table that were kept, ascending; nil where all were.
    public let rows: [Int32]?
    public let droppedRowCount: Int
  }

  /// Takes the columns from a table; text to adjust for becomes indicators of all levels but the
  /// first, called `column=level`.
  ///
  /// - Throws: `EffectError`, whose `.table` names a column that cannot be used.
  public func frame(_ table: DataTable) throws(EffectError) -> Frame {
    var names = [outcome, treatment] + adjust
    for (place, name) in names.enumerated() where names[..<place].contains(name) {
      throw .columnTwice(name)
    }
    if let cluster, !names.contains(cluster) { names.append(cluster) }
    let rows = try completeRows(table, names)
    let complete = table.selecting(names, rows: rows)
    let y = try numbers(complete, outcome, role: "the outcome")
    var (columns, labels) = ([[Double]](), [String]())
    var factors: [CrossFittedWeighting.Data.Factor] = []
    for name in adjust {
      switch complete[name] {
      case .numbers(let numbers):
        columns.append(numbers.values)
        labels.append(name)
      case .text(let text):
        guard text.levels.count <= EffectRequest.mostLevels else {
          throw .tooManyLevels(
            column: name, count: text.levels.count, limit: EffectRequest.mostLevels)
        }
        factors.append(.init(column: name, levels: text.levels, firstIndicator: columns.count))
        for (code, level) in text.levels.enumerated().dropFirst() {
          columns.append(text.codes.map { Int($0) == code ? 1 : 0 })
          labels.append("\(name)=\(level)")
        }
      case nil: break
      }
    }
    let covariates = Matrix(
      rows: y.count, columns: columns.count, storage: columns.flatMap { $0 })
    return Frame(
      data: CrossFittedWeighting.Data(
        covariates: covariates, names: labels,
        treatment: try numbers(complete, treatment, role: "the treatment"), outcome: y,
        clusters: cluster.flatMap { complete[$0]?.groupCodes }, factors: factors),
      rows: rows, droppedRowCount: table.rowCount - y.count)
  }

  /// Takes the columns from a table and estimates.
  ///
  /// - Returns: the effect, and how many rows were left out because a value is missing.
  /// - Throws: `EffectError`, whose rows are the table's.
  public func estimate(
    _ table: DataTable, threads: Int = 1
  ) throws(EffectError) -> (effect: CrossFittedEffect, droppedRowCount: Int) {
    let frame = try frame(table)
    do {
      return (try weighting.estimate(frame.data, threads: threads), frame.droppedRowCount)
    } catch {
      throw error.ofTable(frame.rows)
    }
  }

  private func completeRows(
    _ table: DataTable, _ names: [String]
  ) throws(EffectError) -> [Int32]? {
    for name in names where table[name] == nil {
      throw .table(
        .unknownColumn(role: role(of: name), name: name, columns: table.names))
    }
    do {
      return try table.requiredRows(of: names)
    } catch {
      throw .table(error)
    }
  }

  private func role(of name: String) -> String {
    switch name {
    case outcome: "the outcome"
    case treatment: "the treatment"
    case cluster: "clusters"
    default: "the adjustment"
    }
  }

  private func numbers(
    _ table: DataTable, _ name: String, role: String
  ) throws(EffectError) -> [Double] {
    guard case .numbers(let numbers) = table[name] else {
      throw .table(.textColumn(role: role, name: name))
    }
    return numbers.values
  }
}
