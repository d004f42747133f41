import Foundation
import Statistics

/// Tables for tests of formulas and regressions.
enum RegressionTables {
  static let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Goldens")

  /// A plain CSV below the goldens: no quotes; a column is text where a value is no number, and
  /// `NA` is missing.
  static func csv(_ name: String) throws -> DataTable {
    let text = try String(contentsOf: goldens.appendingPathComponent(name), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    var table = DataTable(rowCount: lines.count - 1)
    for (column, name) in lines[0].enumerated() {
      let fields = lines.dropFirst().map { $0[column] }
      let numbers = fields.map { $0 == "NA" ? Double.nan : Double($0) }
      if numbers.contains(nil) {
        try table.append(name, fields.map { $0 == "NA" ? nil : $0 })
      } else {
        try table.append(name, numbers.compactMap { $0 })
      }
    }
    return table
  }

  /// A formula's recipe, design and response values.
  static func model(
    _ formula: String, _ table: DataTable, further: [(role: String, name: String)] = []
  ) throws -> (recipe: DesignRecipe, design: Design, frame: ModelFrame) {
    let frame = try ModelFrame(ModelFormula(formula), table, further: further)
    let recipe = try DesignRecipe(frame.formula.fixed, frame: frame)
    return (recipe, try recipe.design(frame), frame)
  }
}

/// The digits that a value shares with a certified one: −log₁₀ of the relative error.
func sharedDigits(_ value: Double, _ certified: Double) -> Double {
  let error = certified == 0 ? abs(value) : abs(value - certified) / abs(certified)
  return error == 0 ? 16 : -log10(error)
}
