import LinearAlgebra

/// Rows grouped by the pattern of their 0/1 columns, with the other columns beside them.
///
/// Factors and flags make few patterns, so that their part of a linear predictor, a gradient or a
/// cross product costs a pattern and not a row. The other columns are standardised; the constant
/// column takes up what that moves.
struct PatternedRows: Sendable {
  /// One row a pattern; its columns are those of the original design.
  let patterns: IndicatorDesign
  /// Where each pattern's rows begin, and the number of rows at the end.
  let starts: [Int]
  /// Stretches of patterns: the units of parallel work and of partial sums.
  let chunks: [Range<Int>]
  /// Columns of the original design that are not 0/1.
  let numbers: [NumberColumn]
  /// The constant column of ones.
  let intercept: Int
  let columnCount: Int
  /// 0 or 1, in the gathered order.
  let responses: [Double]
  /// The row behind each place of the gathered order.
  let original: [Int32]

  /// A standardised column in the gathered order.
  struct NumberColumn: Sendable {
    let column: Int
    let mean: Double
    let deviation: Double
    let values: [Double]
    /// What 0 is after standardising.
    var zero: Double { -mean / deviation }
  }

  static let rowsPerChunk = 8_192

  var rowCount: Int { responses.count }

  init(design: Matrix, response: [Double]) throws(FractionError) {
    let n = design.rows
    try PatternedRows.check(design, response)
    let flags = (0..<design.columns).filter { c in
      design.column(c).allSatisfy { $0 == 0 || $0 == 1 }
    }
    guard let constant = flags.first(where: { c in design.column(c).allSatisfy { $0 == 1 } }) else {
      throw .noIntercept
    }
    let (codes, representatives) = PatternedRows.patternCodes(design, flags)
    var starts = [Int](repeating: 0, count: representatives.count + 1)
    for code in codes { starts[Int(code) + 1] += 1 }
    for i in 1..<starts.count { starts[i] += starts[i - 1] }
    var next = starts
    var original = [Int32](repeating: 0, count: n)
    for (row, code) in codes.enumerated() {
      original[next[Int(code)]] = Int32(row)
      next[Int(code)] += 1
    }
    patterns = IndicatorDesign(
      columnCount: design.columns,
      rows: representatives.map { row in flags.filter { design[Int(row), $0] == 1 } })
    let others = Set(0..<design.columns).subtracting(flags).sorted()
    numbers = others.map { c in
      let standard = StandardColumn(design.column(c))
      // A constant repeats the intercept; as zeros it has the coefficient 0.
      let deviation = standard.deviation > 0 ? standard.deviation : 1
      return NumberColumn(
        column: c, mean: standard.mean, deviation: deviation,
        values: original.map { (design[Int($0), c] - standard.mean) / deviation })
    }
    self.starts = starts
    self.original = original
    intercept = constant
    columnCount = design.columns
    responses = original.map { response[Int($0)] }
    chunks = PatternedRows.chunks(starts)
  }

  private static func check(_ design: Matrix, _ response: [Double]) throws(FractionError) {
    guard response.count == design.rows else {
      throw .lengthMismatch(rows: design.rows, responses: response.count)
    }
    for (row, value) in response.enumerated() where value != 0 && value != 1 {
      throw .responseNotBinary(row: row, value: value)
    }
    guard response.contains(1), response.contains(0) else { throw .constantResponse }
    for c in 0..<design.columns {
      for (row, value) in design.column(c).enumerated() where !value.isFinite {
        throw .notFinite(column: c, row: row, value: value)
      }
    }
  }

  /// The number of each row's pattern in order of appearance, and a row of each pattern.
  private static func patternCodes(
    _ design: Matrix, _ flags: [Int]
  ) -> (codes: [Int32], representatives: [Int32]) {
    var codes = [Int32](repeating: 0, count: design.rows)
    var representatives: [Int32] = design.rows > 0 ? [0] : []
    // Thirty columns at a time beside the number so far fit in a word.
    for start in stride(from: 0, to: flags.count, by: 30) {
      var words = codes.map { UInt64($0) << 30 }
      for (bit, column) in flags[start..<min(start + 30, flags.count)].enumerated() {
        let values = design.column(column)
        for (row, value) in values.enumerated() where value == 1 { words[row] |= 1 << UInt64(bit) }
      }
      var numbers: [UInt64: Int32] = [:]
      representatives = []
      for (row, word) in words.enumerated() {
        if let number = numbers[word] {
          codes[row] = number
        } else {
          codes[row] = Int32(representatives.count)
          numbers[word] = codes[row]
          representatives.append(Int32(row))
        }
      }
    }
    return (codes, representatives)
  }

  private static func chunks(_ starts: [Int]) -> [Range<Int>] {
    var (chunks, first) = ([Range<Int>](), 0)
    for pattern in 0..<starts.count - 1
    where starts[pattern + 1] - starts[first] >= rowsPerChunk || pattern == starts.count - 2 {
      chunks.append(first..<pattern + 1)
      first = pattern + 1
    }
    return chunks
  }

  /// Places of the gathered order that a chunk covers.
  func places(_ chunk: Range<Int>) -> Range<Int> {
    starts[chunk.lowerBound]..<starts[chunk.upperBound]
  }

  /// Coefficients of the standardised columns as those of the original ones.
  func unstandardised(_ coefficients: [Double]) -> [Double] {
    var result = coefficients
    for number in numbers {
      result[number.column] /= number.deviation
      result[intercept] -= coefficients[number.column] * number.mean / number.deviation
    }
    return result
  }
}

/// Why fractions cannot be estimated.
public enum FractionError: Error, Sendable, Equatable {
  case lengthMismatch(rows: Int, responses: Int)
  case responseNotBinary(row: Int, value: Double)
  case constantResponse
  case notFinite(column: Int, row: Int, value: Double)
  /// No column of the design is 1 in every row.
  case noIntercept
  /// An exposure names a column that does not exist, or the intercept, or none.
  case exposureColumns(exposure: String, columns: [Int])
  case tooManyExposures(count: Int, limit: Int)
  case oneCluster
  /// All rows that have this column agree in the response, alone or with other columns.
  case separated(column: Int)
  case notConverged(iterations: Int, decrement: Double)
  case algebra(LinearAlgebraError)
}

extension FractionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .lengthMismatch(let rows, let responses):
      "There are \(responses) responses for \(rows) rows, expected one for each."
    case .responseNotBinary(let row, let value):
      "The response of row \(row) is \(value), expected 0 or 1."
    case .constantResponse:
      "The response is the same in every row, expected cases and others."
    case .notFinite(let column, let row, let value):
      "Column \(column) of row \(row) is \(value), expected a finite number."
    case .noIntercept:
      "No column of the design is 1 in every row, expected an intercept."
    case .exposureColumns(let exposure, let columns):
      "The exposure \"\(exposure)\" stands for columns \(columns), expected at least one column of "
        + "the design other than the intercept."
    case .tooManyExposures(let count, let limit):
      "There are \(count) exposures, expected at most \(limit): group some of them."
    case .oneCluster:
      "All rows are in one cluster, expected at least two: an error cannot be estimated from one."
    case .separated(let column):
      "Column \(column) decides the response of the rows that have it, alone or with others, so "
        + "that its coefficient has no bound: leave it out or group it with another."
    case .notConverged(let iterations, let decrement):
      "The logistic regression did not converge in \(iterations) iterations (decrement "
        + "\(decrement)), expected a decrement near 0: check the columns for extreme values."
    case .algebra(let error):
      "The information of the logistic regression cannot be factored. \(error)"
    }
  }
}
