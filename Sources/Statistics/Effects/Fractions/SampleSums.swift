/// Derivatives of the log-likelihoods of eight samples, each at coefficients of its own.
final class SampleSums {
  typealias Lanes = SIMD8<Double>

  private let width: Int
  private let hasInformation: Bool
  /// The design's columns of the number columns.
  private let numbers: [Int]
  private let memory: Scratch<Lanes>
  private let gradient: UnsafeMutablePointer<Lanes>
  /// Σ residual · number.
  private let slopes: UnsafeMutablePointer<Lanes>
  /// Σ variance · number over the rows of the pattern at hand.
  private let products: UnsafeMutablePointer<Lanes>
  /// Σ variance · number · number, the second one no earlier than the first.
  private let squares: UnsafeMutablePointer<Lanes>
  /// Lower triangle by columns.
  private let information: UnsafeMutablePointer<Lanes>

  init(_ rows: PatternedRows, information wanted: Bool) {
    width = rows.columnCount
    hasInformation = wanted
    numbers = rows.numbers.map(\.column)
    let k = numbers.count
    memory = Scratch(
      count: width + 2 * k + k * k + (wanted ? width * width : 0), repeating: .zero)
    gradient = memory.base
    slopes = gradient + width
    products = slopes + k
    squares = products + k
    information = squares + k * k
  }

  /// Adds a row's count · (y − p) to what its number columns need.
  @inline(__always)
  func addResidual(_ residual: Lanes, _ row: UnsafePointer<Double>) {
    for k in numbers.indices { slopes[k] += residual * row[k] }
  }

  /// Adds a row's count · p (1 − p) to what its number columns need.
  @inline(__always)
  func addVariance(_ variance: Lanes, _ row: UnsafePointer<Double>) {
    let count = numbers.count
    for k in 0..<count {
      let product = variance * row[k]
      products[k] += product
      for l in k..<count { squares[k * count + l] += product * row[l] }
    }
  }

  /// Adds a pattern's sums where it has ones.
  func close(_ ones: UnsafeBufferPointer<Int32>, residual: Lanes, variance: Lanes) {
    for column in ones { gradient[Int(column)] += residual }
    guard hasInformation else { return }
    for (k, column) in ones.enumerated() {
      let base = information + Int(column) * width
      for other in ones[k...] { base[Int(other)] += variance }
    }
    for (k, number) in numbers.enumerated() {
      let product = products[k]
      for column in ones {
        let (first, second) = (min(Int(column), number), max(Int(column), number))
        information[first * width + second] += product
      }
      products[k] = .zero
    }
  }

  /// The gradient of one sample.
  func gradient(of sample: Int) -> [Double] {
    var result = (0..<width).map { gradient[$0][sample] }
    for (k, number) in numbers.enumerated() { result[number] = slopes[k][sample] }
    return result
  }

  /// The lower triangle by columns of one sample's information.
  func information(of sample: Int) -> [Double] {
    precondition(hasInformation, "the information was not summed")
    var result = (0..<width * width).map { information[$0][sample] }
    for (k, first) in numbers.enumerated() {
      for l in k..<numbers.count {
        result[first * width + numbers[l]] = squares[k * numbers.count + l][sample]
      }
    }
    return result
  }
}
