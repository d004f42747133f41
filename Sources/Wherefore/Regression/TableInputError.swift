import InteractionLog
import Statistics

/// Why what was asked for does not go with a file: the fault, with the line and the nearest names.
public struct TableInputError: Error, Sendable {
  public enum Fault: Sendable {
    case regression(RegressionFault)
    case effect(EffectError)
    case discontinuity(DiscontinuityError)
  }

  public let path: String
  public let fault: Fault
  /// The line of the row that the fault names.
  public let line: Int?
  /// Columns whose names come close to an unknown one.
  public let nearest: [String]
  /// Where a column that should be numbers is not.
  public let firstText: TableReading.FirstText?

  init(_ fault: Fault, in reading: TableReading) {
    path = reading.path
    self.fault = fault
    line = fault.row.map { Int(reading.lines[$0]) }
    nearest =
      fault.unknownColumn.map {
        NearestName.candidates(for: $0.name, among: $0.columns, limit: 2)
      } ?? []
    firstText = fault.textColumn.flatMap { name in
      reading.firstTexts.first { $0.column == name }
    }
  }
}

extension TableInputError: ExitCoded {
  public var exitCode: Int32 { 65 }

  public var description: String {
    var text = line.map { "\(path), line \($0): " } ?? "\(path): "
    if case .formula(let formula) = fault.design {
      text += formula.wording(nearest: nearest)
    } else {
      text += fault.description
      if !nearest.isEmpty {
        text += " Nearest: " + nearest.map { "\"\($0)\"" }.joined(separator: ", ") + "."
      }
    }
    if let firstText {
      text +=
        "\n\(firstText.column) is text because of line \(firstText.line): \(firstText.reason)."
    }
    return text
  }
}

extension TableInputError.Fault {
  fileprivate var description: String {
    switch self {
    case .regression(let fault): fault.description
    case .effect(let error): error.description
    case .discontinuity(let error): error.description
    }
  }

  /// The row of the table that is at fault.
  fileprivate var row: Int? {
    switch self {
    case .regression(let fault): fault.row
    case .effect(let error): error.row
    case .discontinuity(let error): error.row
    }
  }

  /// What is wrong with the columns asked for.
  fileprivate var design: DesignError? {
    switch self {
    case .regression(.design(let error)), .effect(.table(let error)),
      .discontinuity(.table(let error)):
      error
    default: nil
    }
  }

  fileprivate var unknownColumn: (name: String, columns: [String])? {
    switch design {
    case .formula(let fault):
      if case .unknownColumn(let name, let columns) = fault.kind { (name, columns) } else { nil }
    case .unknownColumn(_, let name, let columns): (name, columns)
    default: nil
    }
  }

  /// A column of text that stands where numbers are needed.
  fileprivate var textColumn: String? {
    switch design {
    case .formula(let fault):
      if case .textInArithmetic(let column) = fault.kind { column } else { nil }
    case .textColumn(_, let name), .responseLevels(let name, _): name
    default: nil
    }
  }
}
