import RepeatContacts

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
struct CustomerPosterior {
  /// T_j, and afterwards the posterior probability of own, by place in the customer's contacts.
  var triggered: [Double]
  var own: [Double]
  /// Posterior of the number of own contacts.
  var ownCount: [Double]
  private var forward: [Double]
  private var combined: [Double]
  private var weights: [Double]
  private var adjoint: [Double]
  private var next: [Double]
  private var topicWeights: [Double]
  private var topicAdjoint: [Double]
  /// Topic groups of the customer at hand: topic, first place, size.
  private var groups: [(topic: Int, start: Int, size: Int)] = []
  private let limit: Int

  init(limit: Int, contacts: Int) {
    self.limit = limit
    let n = max(limit, contacts) + 2
    triggered = [Double](repeating: 0, count: n)
    own = [Double](repeating: 0, count: n)
    let m = limit + 2
    ownCount = [Double](repeating: 0, count: m)
    forward = [Double](repeating: 0, count: m * m)
    combined = [Double](repeating: 0, count: m * m)
    weights = [Double](repeating: 0, count: m)
    adjoint = [Double](repeating: 0, count: m)
    next = [Double](repeating: 0, count: m)
    topicWeights = [Double](repeating: 0, count: m * m)
    topicAdjoint = [Double](repeating: 0, count: m)
  }

  /// Log-likelihood of n ≤ limit contacts without own topic mixes; fills `own` and `ownCount`.
  ///
  /// - Parameter base: π m of each contact.
  mutating func solve(
    n: Int, base: UnsafePointer<Double>, customerClass: Int, tables: PassTables
  ) -> Double {
    let stride = tables.prior.stride
    let rate = (tables.shape + 0.5 * Double(n)) / (tables.shape / tables.meanRate + tables.wholeMass)
    let logRate = log(rate)
    var logScale = 0.0
    let width = n + 1
    forward[0] = 1
    for j in 0..<n {
      let x = rate * base[j]
      let total = x + triggered[j]
      logScale += log(total)
      let u = x / total
      own[j] = u
      let from = j * width
      let to = from + width
      forward[to] = forward[from] * (1 - u)
      if j > 0 {
        for r in 1...j {
          forward[to + r] = forward[from + r] * (1 - u) + forward[from + r - 1] * u
        }
      }
      forward[to + j + 1] = forward[from + j] * u
    }
    var peak = -Double.infinity
    for r in 0...n {
      weights[r] = tables.prior.logWeight[customerClass * stride + r] - Double(r) * logRate
      peak = max(peak, weights[r])
    }
    var total = 0.0
    for r in 0...n {
      weights[r] = exp(weights[r] - peak)
      ownCount[r] = forward[n * width + r] * weights[r]
      total += ownCount[r]
    }
    for r in 0...n {
      ownCount[r] /= total
      adjoint[r] = weights[r] / total
    }
    var j = n - 1
    while j >= 0 {
      let u = own[j]
      let from = j * width
      var probability = 0.0
      for r in 0...j {
        probability += forward[from + r] * adjoint[r + 1]
        adjoint[r] = adjoint[r] * (1 - u) + adjoint[r + 1] * u
      }
      own[j] = min(max(u * probability, 0), 1)
      j -= 1
    }
    return log(total) + peak + logScale
  }

  /// The same with own topic mixes; `places` are the contacts ordered by topic.
  ///
  /// - Parameters:
  ///   - intensity: m of each contact, without the topic's share.
  ///   - topicPosterior: called with (topic, r, probability) for every topic of the customer.
  mutating func solveWithTopics(
    n: Int, intensity: UnsafePointer<Double>, places: UnsafePointer<Int>,
    topics: UnsafePointer<Int32>, customerClass: Int, tables: PassTables,
    topicPosterior: (Int, Int, Double) -> Void
  ) -> Double {
    let stride = tables.prior.stride
    let risingStride = tables.logRisingTotal.count
    let alpha = tables.mixConcentration
    let rate =
      (tables.shape + 0.5 * Double(n)) / (tables.shape / tables.meanRate + tables.wholeMass)
      / (alpha + 0.5 * Double(n))
    let logRate = log(rate)
    groups.removeAll(keepingCapacity: true)
    for k in 0..<n {
      let topic = Int(topics[places[k]])
      if let last = groups.last, last.topic == topic {
        groups[groups.count - 1].size += 1
      } else {
        groups.append((topic, k, 1))
      }
    }
    var logScale = 0.0
    let width = n + 1
    // Within topics: row k of `forward` is the polynomial of the group's contacts before place k.
    combined[0] = 1
    var degree = 0
    for (g, group) in groups.enumerated() {
      let share = alpha * max(tables.topicShare[group.topic], 1e-9)
      let scale = share + 0.5 * Double(group.size)
      let logFactor = log(scale)
      forward[group.start * width] = 1
      for k in 0..<group.size {
        let j = places[group.start + k]
        let x = rate * scale * intensity[j]
        let total = x + triggered[j]
        logScale += log(total)
        let u = x / total
        own[j] = u
        if k + 1 < group.size { step(k: k, u: u, from: (group.start + k) * width, to: (group.start + k + 1) * width) }
        if k + 1 == group.size {
          // The group's whole polynomial, weighted by the rising factorials of its share.
          let from = (group.start + k) * width
          let out = g * width
          topicWeights[out] = forward[from] * (1 - u)
          for r in 1..<(k + 1) where k > 0 {
            topicWeights[out + r] = forward[from + r] * (1 - u) + forward[from + r - 1] * u
          }
          topicWeights[out + k + 1] = forward[from + k] * u
          for r in 0...(k + 1) {
            topicWeights[out + r] *= exp(
              tables.logRising[group.topic * risingStride + r] - Double(r) * logFactor)
          }
        }
      }
      let from = g * width
      let to = from + width
      for r in 0...(degree + group.size) { combined[to + r] = 0 }
      for s in 0...degree {
        let c = combined[from + s]
        for r in 0...group.size { combined[to + s + r] += c * topicWeights[g * width + r] }
      }
      degree += group.size
    }
    var peak = -Double.infinity
    for r in 0...n {
      weights[r] =
        tables.prior.logWeight[customerClass * stride + r] - tables.logRisingTotal[r]
        - Double(r) * logRate
      peak = max(peak, weights[r])
    }
    var total = 0.0
    let last = groups.count * width
    for r in 0...n {
      weights[r] = exp(weights[r] - peak)
      ownCount[r] = combined[last + r] * weights[r]
      total += ownCount[r]
    }
    for r in 0...n {
      ownCount[r] /= total
      adjoint[r] = weights[r] / total
    }
    for g in stride_(groups.count) {
      let group = groups[g]
      degree -= group.size
      let from = g * width
      for r in 0...group.size {
        var sum = 0.0
        for s in 0...degree { sum += combined[from + s] * adjoint[s + r] }
        topicAdjoint[r] = sum
        topicPosterior(group.topic, r, topicWeights[from + r] * sum)
      }
      for s in 0...degree {
        var sum = 0.0
        for r in 0...group.size { sum += topicWeights[from + r] * adjoint[s + r] }
        next[s] = sum
      }
      for s in 0...degree { adjoint[s] = next[s] }
      let share = alpha * max(tables.topicShare[group.topic], 1e-9)
      let logFactor = log(share + 0.5 * Double(group.size))
      for r in 0...group.size {
        topicAdjoint[r] *= exp(
          tables.logRising[group.topic * risingStride + r] - Double(r) * logFactor)
      }
      var k = group.size - 1
      while k >= 0 {
        let j = places[group.start + k]
        let u = own[j]
        let row = (group.start + k) * width
        var probability = 0.0
        for r in 0...k {
          probability += forward[row + r] * topicAdjoint[r + 1]
          topicAdjoint[r] = topicAdjoint[r] * (1 - u) + topicAdjoint[r + 1] * u
        }
        own[j] = min(max(u * probability, 0), 1)
        k -= 1
      }
    }
    return log(total) + peak + logScale
  }

  private mutating func step(k: Int, u: Double, from: Int, to: Int) {
    forward[to] = forward[from] * (1 - u)
    if k > 0 {
      for r in 1...k { forward[to + r] = forward[from + r] * (1 - u) + forward[from + r - 1] * u }
    }
    forward[to + k + 1] = forward[from + k] * u
  }

  /// Customers beyond the limit: the rate is taken at its posterior mean given the others' sums,
  /// contact by contact (collapsed mean field), which is exact in the limit of many contacts.
  mutating func solveHeavy(n: Int, base: UnsafePointer<Double>, tables: PassTables) -> Double {
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
    var value = -rate * tables.wholeMass
    for j in 0..<n { value += log(rate * base[j] + triggered[j]) }
    return value
  }
}

@inline(__always) private func stride_(_ count: Int) -> ReversedCollection<Range<Int>> {
  (0..<count).reversed()
}
