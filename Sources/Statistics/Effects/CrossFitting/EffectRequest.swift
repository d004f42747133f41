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
        clusters: cluster.flatMap { complete[$0]?.groupCodes }),
      rows: rows, droppedRowCount: table.rowCount - y.count)
  }

  private func completeRows(
    _ table: DataTable, _ names: [String]
  ) throws(EffectError) -> [Int32]? {
    for name in names where table[name] == nil {
      throw .table(
        .unknownColumn(role: role(of: name), name: name, columns: table.names))
    }
    return try table.completeRowsOrError(of: names, { EffectError.table($0) })
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

extension DataTable {
  /// `completeRows(of:)`, with an error where there is none.
  func completeRowsOrError<Failure: Error>(
    of names: [String], _ wrap: (DesignError) -> Failure
  ) throws(Failure) -> [Int32]? {
    let rows = completeRows(of: names)
    guard rows?.isEmpty ?? (rowCount == 0) else { return rows }
    func missing(_ name: String) -> Int { self[name]?.missingCount ?? 0 }
    let emptiest = names.max { missing($0) < missing($1) } ?? ""
    throw wrap(
      .noCompleteRows(rows: rowCount, emptiest: emptiest, missing: missing(emptiest)))
  }
}

extension DataTable.Column {
  /// A number from 0 for each row's value, equal for equal values; no value may be missing.
  var groupCodes: [Int32] {
    switch self {
    case .text(let text): return text.codes
    case .numbers(let numbers):
      let distinct = Set(numbers.values).sorted()
      let codes = Dictionary(
        uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
      return numbers.values.map { codes[$0] ?? 0 }
    }
  }
}
