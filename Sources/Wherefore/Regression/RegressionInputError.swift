import InteractionLog
import Statistics

/// Why a model does not go with a file: the fault, with the line and the nearest names.
public struct RegressionInputError: Error, Sendable {
  public let path: String
  public let fault: RegressionFault
  /// The line of the row that the fault names.
  public let line: Int?
  /// Columns whose names come close to an unknown one.
  public let nearest: [String]
  /// Where a column that should be numbers is not.
  public let firstText: TableReading.FirstText?

  init(_ fault: RegressionFault, in reading: TableReading) {
    path = reading.path
    self.fault = fault
    line = fault.row.map { Int(reading.lines[$0]) }
    nearest =
      switch fault {
      case .design(.formula(let fault)):
        if case .unknownColumn(let name, let columns) = fault.kind {
          NearestName.candidates(for: name, among: columns, limit: 2)
        } else {
          []
        }
      case .design(.unknownColumn(_, let name, let columns)):
        NearestName.candidates(for: name, among: columns, limit: 2)
      default: []
      }
    firstText = fault.textColumn.flatMap { name in
      reading.firstTexts.first { $0.column == name }
    }
  }
}

extension RegressionInputError: ExitCoded {
  public var exitCode: Int32 { 65 }

  public var description: String {
    var text = line.map { "\(path), line \($0): " } ?? "\(path): "
    if case .design(.formula(let fault)) = fault {
      text += fault.wording(nearest: nearest)
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

extension RegressionFault {
  /// A column of text that stands where numbers are needed.
  fileprivate var textColumn: String? {
    switch self {
    case .design(.formula(let fault)):
      if case .textInArithmetic(let column) = fault.kind { column } else { nil }
    case .design(.textColumn(_, let name)), .design(.responseLevels(let name, _)): name
    default: nil
    }
  }
}
