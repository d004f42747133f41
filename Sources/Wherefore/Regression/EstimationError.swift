import InteractionLog
import Statistics

/// Why a command that estimates from a table has no answer.
public enum EstimationError: Error, Sendable, Equatable {
  /// The line of the file, where one row is at fault.
  case effect(EffectError, line: Int?)
  case discontinuity(DiscontinuityError, line: Int?)

  /// The first line of a file's text column that is no number, for a column that should be numbers.
  case textColumn(role: String, name: String, line: Int, value: String)
}

extension EstimationError: ExitCoded {
  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .effect(.table(let error), _), .discontinuity(.table(let error), _): Self.words(error)
    case .effect(let error, let line): Self.located(error.description, line)
    case .discontinuity(let error, let line): Self.located(error.description, line)
    case .textColumn(let role, let name, let line, let value):
      "The column \"\(name)\" is text, expected numbers for \(role): line \(line) has \"\(value)\"."
    }
  }

  private static func located(_ words: String, _ line: Int?) -> String {
    line.map { "\(words) It is line \($0) of the file." } ?? words
  }

  private static func words(_ error: DesignError) -> String {
    guard case .unknownColumn(let role, let name, let columns) = error,
      let nearest = NearestName.candidates(for: name, among: columns).first
    else { return error.description }
    return "There is no column \"\(name)\" to take \(role) from; did you mean \"\(nearest)\"?"
  }
}

extension TableReading {
  /// The line of a row among those kept of the table.
  func line(ofRow row: Int?, among kept: [Int32]?) -> Int? {
    row.map { Int(lines[kept.map { Int($0[row ?? 0]) } ?? $0]) }
  }

  /// A column that is text for want of a number says where.
  func explained(_ error: EstimationError) -> EstimationError {
    let table: DesignError
    switch error {
    case .effect(.table(let inner), _), .discontinuity(.table(let inner), _): table = inner
    default: return error
    }
    guard case .textColumn(let role, let name) = table,
      let first = firstTexts.first(where: { $0.column == name })
    else { return error }
    return .textColumn(role: role, name: name, line: first.line, value: first.value)
  }
}

extension EffectError {
  /// The row at fault among those used, where it is one.
  var row: Int? {
    switch self {
    case .notFinite(_, let row, _), .treatmentNotBinary(let row, _),
      .outcomeNotProbability(let row, _):
      row
    default: nil
    }
  }
}

extension DiscontinuityError {
  /// The row at fault among those used, where it is one.
  var row: Int? {
    if case .notFinite(_, let row, _) = self { row } else { nil }
  }
}
