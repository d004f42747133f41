import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The exact posterior of one customer's contacts: own (background) or brought by an earlier one.
///
/// Given the rate λ and the topic mix π, contact j is own with weight λ π(topic_j) m_j and brought with
/// weight T_j, so the likelihood is Π_j (λ π m_j + T_j) e^{−λB}: a polynomial in λ and π. Its
/// coefficients are built contact by contact (within a topic, then across topics by convolution), the
/// gamma and Dirichlet distributions enter as weights on the powers, and the responsibilities are the
/// polynomial's logarithmic derivatives, found by running the same recursions backwards. Nothing is
/// approximated and every term is positive. Costs the square of the customer's contacts.
final class CustomerPosterior {
  /// T_j by place in the customer's contacts, which the caller fills in.
  let triggered: UnsafeMutablePointer<Double>
  /// π m (own mixes: m) of each contact, which the caller fills in.
  let base: UnsafeMutablePointer<Double>
  /// Posterior probability of own.
  let own: UnsafeMutablePointer<Double>
  /// Posterior of the number of own contacts, r = 0...n.
  let ownCount: UnsafeMutablePointer<Double>
  /// The customer's topics in order; only own mixes fill them in.
  let runs: TopicRuns
  /// Posterior of the number of own contacts of run k, r = 0...size, from `runs.start[k] + k`.
  let topicCount: UnsafeMutablePointer<Double>
  private let forward: UnsafeMutablePointer<Double>
  private let combined: UnsafeMutablePointer<Double>
  private let adjoint: UnsafeMutablePointer<Double>
  private let next: UnsafeMutablePointer<Double>
  private let topicWeights: UnsafeMutablePointer<Double>
  private let topicAdjoint: UnsafeMutablePointer<Double>
  private let memory: Scratch<Double>
  private let weights: PowerWeights
  private let tables: TableView

  /// - Parameters:
  ///   - limit: most contacts of a customer that is solved exactly.
  ///   - contacts: most contacts of any customer.
  init(limit: Int, contacts: Int, weights: PowerWeights, tables: TableView) {
    self.weights = weights
    self.tables = tables
    let n = max(limit, contacts) + 2
    let m = limit + 2
    let square = m * m
    let mixed = tables.ownTopicMix ? square : 0
    memory = Scratch(count: 3 * n + 4 * m + 2 * m + square + 2 * mixed, repeating: 0)
    var place = memory.base
    func take(_ count: Int) -> UnsafeMutablePointer<Double> {
      defer { place += count }
      return place
    }
    triggered = take(n)
    base = take(n)
    own = take(n)
    ownCount = take(m)
    adjoint = take(m)
    next = take(m)
    topicAdjoint = take(m)
    topicCount = take(2 * m)
    forward = take(square)
    combined = take(mixed)
    topicWeights = take(mixed)
    runs = TopicRuns(limit: m)
  }

  /// Log-likelihood of n ≤ limit contacts without own topic mixes; fills `own` and `ownCount`.
  func solve(_ n: Int, customerClass: Int) -> Double {
    let rate = weights.rateScale(n)
    var scale = LogProduct()
    let width = n + 1
    forward[0] = 1
    for j in 0..<n {
      let x = rate * base[j]
      let total = x + triggered[j]
      scale.multiply(total)
      let u = x / total
      own[j] = u
      raise(forward + j * width, degree: j, by: u, into: forward + (j + 1) * width)
    }
    let (powers, peak) = weights.ofCustomer(customerClass, n)
    let total = closePolynomial(forward + n * width, powers, n)
    for j in (0..<n).reversed() {
      own[j] = lower(forward + j * width, degree: j, by: own[j], adjoint: adjoint)
    }
    return log(total) + peak + scale.logarithm
  }

  /// The same with own topic mixes; `base` holds m without the topic's share. Fills `runs` and
  /// `topicCount` too.
  ///
  /// - Parameters:
  ///   - topic: topics of the customer's contacts.
  ///   - order: the contacts ordered by topic, as numbers that start at `first`.
  func solveWithTopics(
    _ n: Int, customerClass: Int, topic: UnsafePointer<Int32>, order: UnsafePointer<Int32>,
    first: Int
  ) -> Double {
    runs.read(n, topic: topic, order: order, first: first)
    let rate = weights.rateScale(n)
    var scale = LogProduct()
    let width = n + 1
    combined[0] = 1
    var degree = 0
    for g in 0..<runs.count {
      let (code, start, size) = runs[g]
      let factor = rate * PowerWeights.topicScale(topic: code, size: size, tables: tables)
      // Within the topic: row k of `forward` is the polynomial of its contacts before place k.
      let polynomial = topicWeights + g * width
      forward[start * width] = 1
      for k in 0..<size {
        let j = runs.place[start + k]
        let x = factor * base[j]
        let total = x + triggered[j]
        scale.multiply(total)
        let u = x / total
        own[j] = u
        let row = forward + (start + k) * width
        raise(row, degree: k, by: u, into: k + 1 < size ? row + width : polynomial)
      }
      // The topic's whole polynomial, weighted by the rising factorials of its share.
      let powers = weights.ofTopic(code, size)
      for r in 0...size { polynomial[r] *= powers[r] }
      let from = combined + g * width
      let to = from + width
      for r in 0...(degree + size) { to[r] = 0 }
      for s in 0...degree {
        let c = from[s]
        for r in 0...size { to[s + r] += c * polynomial[r] }
      }
      degree += size
    }
    let (powers, peak) = weights.ofCustomer(customerClass, n)
    let total = closePolynomial(combined + runs.count * width, powers, n)
    for g in (0..<runs.count).reversed() {
      degree -= runs.size[g]
      openTopic(g, degree: degree, width: width)
    }
    return log(total) + peak + scale.logarithm
  }

  /// Takes the g-th topic out of the product again: its posterior, its contacts' probabilities, and
  /// the adjoint of the topics before it.
  private func openTopic(_ g: Int, degree: Int, width: Int) {
    let (code, start, size) = runs[g]
    let from = combined + g * width
    let polynomial = topicWeights + g * width
    let powers = weights.ofTopic(code, size)
    let posterior = topicCount + start + g
    for r in 0...size {
      let sum = dot(from, adjoint + r, degree + 1)
      posterior[r] = polynomial[r] * sum
      topicAdjoint[r] = sum * powers[r]
    }
    for s in 0...degree { next[s] = dot(polynomial, adjoint + s, size + 1) }
    for s in 0...degree { adjoint[s] = next[s] }
    for k in (0..<size).reversed() {
      let j = runs.place[start + k]
      own[j] = lower(
        forward + (start + k) * width, degree: k, by: own[j], adjoint: topicAdjoint)
    }
  }

  /// Weighs the whole polynomial: fills `ownCount` and `adjoint`, returns the sum.
  private func closePolynomial(
    _ polynomial: UnsafeMutablePointer<Double>, _ powers: UnsafePointer<Double>, _ n: Int
  ) -> Double {
    var total = 0.0
    for r in 0...n {
      ownCount[r] = polynomial[r] * powers[r]
      total += ownCount[r]
    }
    for r in 0...n {
      ownCount[r] /= total
      adjoint[r] = powers[r] / total
    }
    return total
  }

  /// Customers beyond the limit: the rate is taken at its posterior mean given the others' sums,
  /// contact by contact (collapsed mean field), which is exact in the limit of many contacts.
  func solveHeavy(_ n: Int) -> Double {
    let inverse = tables.shape / tables.meanRate + tables.wholeMass
    var rate = (tables.shape + 0.5 * Double(n)) / inverse
    for _ in 0..<60 {
      var sum = 0.0
      for j in 0..<n {
        let x = rate * base[j]
        own[j] = x / (x + triggered[j])
        sum += own[j]
      }
      let moved = (tables.shape + sum) / inverse
      if abs(moved - rate) < 1e-12 * rate { break }
      rate = moved
    }
    var product = LogProduct()
    for j in 0..<n { product.multiply(rate * base[j] + triggered[j]) }
    return product.logarithm - rate * tables.wholeMass
  }
}

/// Multiplies a polynomial of this degree by (1 − u) + u λ.
@inline(__always)
private func raise(
  _ from: UnsafeMutablePointer<Double>, degree: Int, by u: Double,
  into to: UnsafeMutablePointer<Double>
) {
  let v = 1 - u
  to[0] = from[0] * v
  if degree > 0 {
    for r in 1...degree { to[r] = from[r] * v + from[r - 1] * u }
  }
  to[degree + 1] = from[degree] * u
}

/// Takes the factor back: the posterior probability of its λ, and the adjoint before it.
@inline(__always)
private func lower(
  _ from: UnsafeMutablePointer<Double>, degree: Int, by u: Double,
  adjoint: UnsafeMutablePointer<Double>
) -> Double {
  let v = 1 - u
  let probability = dot(from, adjoint + 1, degree + 1)
  for r in 0...degree { adjoint[r] = adjoint[r] * v + adjoint[r + 1] * u }
  return min(max(u * probability, 0), 1)
}

/// Σ a b, in four interleaved sums: the order is fixed, and additions need not wait for each other.
@inline(__always)
private func dot(
  _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ count: Int
) -> Double {
  var sums = SIMD4<Double>.zero
  var k = 0
  while k + 4 <= count {
    let x = SIMD4(a[k], a[k + 1], a[k + 2], a[k + 3])
    let y = SIMD4(b[k], b[k + 1], b[k + 2], b[k + 3])
    sums += x * y
    k += 4
  }
  var sum = 0.0
  while k < count {
    sum += a[k] * b[k]
    k += 1
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]) + sum
}

/// The logarithm of a product of many factors, by few calls of `log`.
struct LogProduct {
  private var product = 1.0
  private var sum = 0.0

  @inline(__always) mutating func multiply(_ factor: Double) {
    product *= factor
    if product < 1e-200 || product > 1e200 {
      sum += log(product)
      product = 1
    }
  }

  var logarithm: Double { sum + log(product) }
}
