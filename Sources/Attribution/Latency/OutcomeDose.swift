import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the odds of an outcome answer to latency, by bin: logistic, with the outcome's own model as
/// offset (modes read from latency off), a level for each topic and a value for each bin; errors
/// clustered by customer.
struct OutcomeDose: Sendable {
  /// By row: 1, 0, and −1 for rows that do not count.
  let happened: [Int8]
  /// Log odds of each row without latency.
  let offset: [Double]
  /// Cluster of each row, ascending; −1: its own.
  let cluster: [Int32]

  private static let maximumIterations = 60

  func contrast(bins: LatencyBins, level: [Int32], levels: Int) throws -> BinnedContrast {
    let n = levels + bins.count - 1
    var x = [Double](repeating: 0, count: n)
    let rows = happened.indices.filter { happened[$0] >= 0 && bins.bin[$0] >= 0 && level[$0] >= 0 }
    func second(_ row: Int) -> Int {
      bins.bin[row] == 0 ? -1 : levels + Int(bins.bin[row]) - 1
    }
    func probability(_ row: Int) -> Double {
      let b = second(row)
      return 1 / (1 + exp(-(offset[row] + x[Int(level[row])] + (b < 0 ? 0 : x[b]))))
    }
    func information() -> (Matrix, [Double]) {
      var matrix = Matrix(rows: n, columns: n)
      var score = x.map { -Self.ridge * $0 }
      for row in rows {
        let p = probability(row)
        let w = p * (1 - p)
        let (a, b) = (Int(level[row]), second(row))
        matrix[a, a] += w
        score[a] += Double(happened[row]) - p
        guard b >= 0 else { continue }
        matrix[b, b] += w
        matrix[a, b] += w
        matrix[b, a] += w
        score[b] += Double(happened[row]) - p
      }
      for k in 0..<n { matrix[k, k] += Self.ridge }
      return (matrix, score)
    }
    for _ in 0..<Self.maximumIterations {
      let (matrix, score) = information()
      let step = try CholeskyFactor(matrix).solve(score)
      let largest = step.map(abs).max() ?? 0
      let damping = min(1, 1 / max(largest, 1e-300))
      for k in 0..<n { x[k] += damping * step[k] }
      if largest < 1e-9 { break }
    }
    let inverse = try CholeskyFactor(information().0).inverse()
    var products = Matrix(rows: n, columns: n)
    var sums: [Int: Double] = [:]
    func close() {
      let all = sums.sorted { $0.key < $1.key }
      for (a, u) in all { for (b, v) in all { products[a, b] += u * v } }
      sums.removeAll(keepingCapacity: true)
    }
    var weight = [Double](repeating: 0, count: bins.count)
    var last: Int32 = -2
    for row in rows {
      if cluster[row] < 0 || cluster[row] != last { close() }
      last = cluster[row]
      let p = probability(row)
      weight[Int(bins.bin[row])] += p * (1 - p)
      sums[Int(level[row]), default: 0] += Double(happened[row]) - p
      let b = second(row)
      if b >= 0 { sums[b, default: 0] += Double(happened[row]) - p }
    }
    close()
    let covariance = inverse * products * inverse
    let own = Array(levels..<n)
    return BinnedContrast(
      bins: bins, values: [0] + own.map { x[$0] },
      covariance: try CovarianceFactor(covariance.submatrix(rows: own, columns: own)),
      weight: weight)
  }

  /// Enough for a finite answer where a bin has no event.
  private static let ridge = 0.05
}
