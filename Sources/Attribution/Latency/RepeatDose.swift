import LinearAlgebra
import RepeatContacts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How repeats answer to latency, by bin, from the log's own tree.
///
/// Under the model without latency, prior i brings contact j with probability p_ij, and p_0j that
/// nothing did. If what i brings is f_i times as much, the likelihood of the contacts changes by
///
///     Σ_j log(p_0j + Σ_i p_ij f_i) − Σ_i μ_i (f_i − 1)
///
/// μ_i what i was expected to bring within the log: exact, with everything else held. f is a level for
/// each topic times a value for each bin, so that topics on slow integrations do not lend their level
/// to the slow bins. By EM, with a last step of Newton; errors by the sandwich clustered by customer.
struct RepeatDose: Sendable {
  let tree: LinkTree
  /// What each contact is expected to bring, with the modes that are read from latency off.
  let expected: [Double]
  /// What those modes off leave of each contact's share in its pairs.
  let left: [Double]

  private static let maximumPasses = 80
  private static let tolerance = 1e-4

  /// log response of each bin relative to the first.
  ///
  /// - Parameters:
  ///   - bins: of the contacts.
  ///   - level: nuisance level of each contact, from 0.
  ///   - levels: how many there are.
  func contrast(bins: LatencyBins, level: [Int32], levels: Int) throws -> BinnedContrast {
    var state = State(levels: levels, bins: bins.count)
    for i in expected.indices where bins.bin[i] >= 0 {
      state.base[Int(level[i]) * bins.count + Int(bins.bin[i])] += expected[i]
    }
    for _ in 0..<Self.maximumPasses {
      let brought = brought(bins, level, state)
      var table = [Double](repeating: 0, count: levels * bins.count)
      for i in brought.indices where bins.bin[i] >= 0 {
        table[Int(level[i]) * bins.count + Int(bins.bin[i])] += brought[i]
      }
      if state.update(table) < Self.tolerance { break }
    }
    var moments = moments(bins, level, state)
    let step = try LUFactor(moments.information).solve(moments.score)
    if step.allSatisfy({ abs($0) < 0.5 }) {
      state.move(step)
      moments = self.moments(bins, level, state)
    }
    let inverse = try LUFactor(moments.information).inverse()
    let clusters = Double(max(tree.data.customerCount, 2))
    let covariance =
      (clusters / (clusters - 1)) * (inverse * moments.products * inverse.transposed)
    let own = Array(levels..<(levels + bins.count - 1))
    var weight = [Double](repeating: 0, count: bins.count)
    for l in 0..<levels {
      for b in 0..<bins.count { weight[b] += state.base[l * bins.count + b] * state.factor(l, b) }
    }
    return BinnedContrast(
      bins: bins, values: state.bin,
      covariance: try CovarianceFactor(
        Self.symmetric(covariance.submatrix(rows: own, columns: own))), weight: weight)
  }

  private static func symmetric(_ matrix: Matrix) -> Matrix {
    var result = matrix
    for i in 0..<matrix.rows {
      for j in 0..<matrix.columns { result[i, j] = 0.5 * (matrix[i, j] + matrix[j, i]) }
    }
    return result
  }

  /// Levels and bins, as logarithms.
  private struct State {
    var level: [Double]
    /// The first is 0.
    var bin: [Double]
    /// Σ μ by level and bin.
    var base: [Double]

    init(levels: Int, bins: Int) {
      level = [Double](repeating: 0, count: levels)
      bin = [Double](repeating: 0, count: bins)
      base = [Double](repeating: 0, count: levels * bins)
    }

    func factor(_ l: Int, _ b: Int) -> Double { exp(level[l] + bin[b]) }

    /// The best levels and bins for these expected repeats; returns the largest change.
    mutating func update(_ brought: [Double]) -> Double {
      let before = bin
      let width = bin.count
      for _ in 0..<20 {
        var largest = 0.0
        for l in level.indices {
          var (found, due) = (0.0, 0.0)
          for b in 0..<width {
            found += brought[l * width + b]
            due += base[l * width + b] * factor(l, b)
          }
          guard due > 0 else { continue }
          let change = log(max(found, 0.5) / due)
          level[l] += change
          largest = max(largest, abs(change))
        }
        for b in 0..<width {
          var (found, due) = (0.0, 0.0)
          for l in level.indices {
            found += brought[l * width + b]
            due += base[l * width + b] * factor(l, b)
          }
          guard due > 0 else { continue }
          let change = log(max(found, 0.5) / due)
          bin[b] += change
          largest = max(largest, abs(change))
        }
        if largest < 1e-6 { break }
      }
      let first = bin[0]
      for b in bin.indices { bin[b] -= first }
      for l in level.indices { level[l] += first }
      return bin.indices.reduce(0) { max($0, abs(bin[$1] - before[$1])) }
    }

    mutating func move(_ step: [Double]) {
      for l in level.indices { level[l] += step[l] }
      for b in 1..<bin.count { bin[b] += step[level.count + b - 1] }
    }
  }

  private func factors(_ bins: LatencyBins, _ level: [Int32], _ state: State) -> [Double] {
    expected.indices.map { i in
      bins.bin[i] < 0 ? left[i] : left[i] * state.factor(Int(level[i]), Int(bins.bin[i]))
    }
  }

  /// Expected repeats of each contact.
  private func brought(_ bins: LatencyBins, _ level: [Int32], _ state: State) -> [Double] {
    let factor = factors(bins, level, state)
    var result = [Double](repeating: 0, count: expected.count)
    forEachContact(factor) { priors, shares in
      for (k, i) in priors.enumerated() { result[i] += shares[k] }
    }
    return result
  }

  /// Calls `body` with the priors of each later contact and their probabilities under the factors.
  private func forEachContact(
    _ factor: [Double], _ body: (_ priors: Range<Int>, _ shares: [Double]) -> Void
  ) {
    let data = tree.data
    var shares: [Double] = []
    for j in 0..<data.count where data.firstPrior[j] < Int32(j) {
      let priors = Int(data.firstPrior[j])..<j
      shares.removeAll(keepingCapacity: true)
      var known = 0.0
      var total = 0.0
      for (k, i) in priors.enumerated() {
        let p = tree.probability[data.pairStart[j] + k]
        known += p
        shares.append(p * factor[i])
        total += p * factor[i]
      }
      total += max(1 - known, 0)
      guard total > 0 else { continue }
      for k in shares.indices { shares[k] /= total }
      body(priors, shares)
    }
  }

  private struct Moments {
    var score: [Double]
    var information: Matrix
    /// Σ over customers of their score's outer product.
    var products: Matrix
  }

  private func moments(_ bins: LatencyBins, _ level: [Int32], _ state: State) -> Moments {
    let n = state.level.count + bins.count - 1
    func columns(_ i: Int) -> [Int] {
      guard bins.bin[i] >= 0 else { return [] }
      let b = Int(bins.bin[i])
      return b == 0 ? [Int(level[i])] : [Int(level[i]), state.level.count + b - 1]
    }
    let factor = factors(bins, level, state)
    var information = Matrix(rows: n, columns: n)
    var brought = [Double](repeating: 0, count: expected.count)
    var sums = [Double](repeating: 0, count: n)
    forEachContact(factor) { priors, shares in
      var touched: [Int] = []
      for (k, i) in priors.enumerated() {
        brought[i] += shares[k]
        for c in columns(i) {
          if sums[c] == 0 { touched.append(c) }
          sums[c] += shares[k]
        }
      }
      for a in touched { for b in touched { information.storage[a * n + b] += sums[a] * sums[b] } }
      for a in touched { sums[a] = 0 }
    }
    var score = [Double](repeating: 0, count: n)
    var products = Matrix(rows: n, columns: n)
    let starts = tree.data.customerStart
    for c in 0..<tree.data.customerCount {
      var touched: Set<Int> = []
      for i in Int(starts[c])..<Int(starts[c + 1]) {
        let own = columns(i)
        guard !own.isEmpty else { continue }
        let due = expected[i] * state.factor(Int(level[i]), Int(bins.bin[i]))
        for a in own {
          sums[a] += brought[i] - due
          touched.insert(a)
          for b in own { information.storage[a * n + b] += due - brought[i] }
        }
      }
      let all = touched.sorted()
      for a in all {
        score[a] += sums[a]
        for b in all { products.storage[a * n + b] += sums[a] * sums[b] }
      }
      for a in all { sums[a] = 0 }
    }
    for k in 0..<n { information[k, k] += 1e-6 }
    return Moments(score: score, information: information, products: products)
  }
}
