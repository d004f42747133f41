import LinearAlgebra
import RealModule

/// The deviance of a generalized linear model, its score and its information: what each iteration
/// of a fit asks of the rows.
struct LikelihoodPass: Sendable {
  let design: Design
  /// By place.
  let observations: Observations
  let family: Family
  let link: Link
  let threads: Int

  /// At some coefficients.
  struct Value {
    /// Σ w d(y, μ), ∞ where a mean is outside the family's range.
    let deviance: Double
    /// Xᵀ of dℓ/dη at a dispersion of 1.
    let score: [Double]
    /// XᵀWX, the expected information at a dispersion of 1.
    let information: Matrix
  }

  /// Deviance, score and information in one pass.
  func evaluate(_ coefficients: [Double]) -> Value {
    let sums = design.pass(coefficients: coefficients, crossProduct: true, threads: threads) {
      rows($0)
    }
    return Value(
      deviance: sums.value, score: sums.score,
      information: sums.crossProduct ?? Matrix(rows: 0, columns: 0))
  }

  /// The first weighted least squares problem, around means near the responses: the score is Xᵀ W z
  /// of the working response z without its offset.
  func evaluateStart() -> Value {
    let weight = observations.weights.reduce(0, +)
    let common = dot(observations.weights, observations.response) / weight
    let sums = design.pass(coefficients: nil, crossProduct: true, threads: threads) { block in
      observations.withPointers { response, weights, offset in
        for (i, place) in block.places.enumerated() where weights[place] > 0 {
          let y = response[place]
          let start = family.startingMean(y, weight: weights[place], commonMean: common)
          var eta = link.linearPredictor(start)
          var mean = link.mean(eta)
          if !eta.isFinite || !family.allows(mean) || mean.slope == 0 {
            eta = link.linearPredictor(common)
            mean = link.mean(eta)
          }
          let working = weights[place] * mean.slope * mean.slope / family.variance(mean)
          let target = eta - offset[place] + (y - mean.value) / mean.slope
          block.weights[i] = working
          block.scores[i] = working * target
        }
        return 0
      }
    }
    return Value(
      deviance: .infinity, score: sums.score,
      information: sums.crossProduct ?? Matrix(rows: 0, columns: 0))
  }

  /// Writes scores and weights of a block; returns its deviance.
  private func rows(_ block: BlockRows) -> Double {
    observations.withPointers { response, weights, offset in
      if family.isBinomial, link == .logit {
        return logisticRows(block, response, weights, offset)
      }
      var sum = 0.0
      for (i, place) in block.places.enumerated() where weights[place] > 0 {
        let mean = link.mean(block.linearPredictor[i] + offset[place])
        guard family.allows(mean) else { return .infinity }
        let y = response[place]
        let variance = family.variance(mean)
        // A mean that has run to the edge of its range says nothing more.
        guard variance > 0 else {
          sum += weights[place] * family.deviance(y, mean)
          continue
        }
        let ratio = weights[place] * mean.slope / variance
        let residual =
          family.isBinomial ? y * mean.complement - (1 - y) * mean.value : y - mean.value
        block.scores[i] = ratio * residual
        block.weights[i] = ratio * mean.slope
        sum += weights[place] * family.deviance(y, mean)
      }
      return sum
    }
  }

  /// The same for the commonest model, with one exponential and one logarithm a row.
  private func logisticRows(
    _ block: BlockRows, _ response: UnsafePointer<Double>, _ weights: UnsafePointer<Double>,
    _ offset: UnsafePointer<Double>
  ) -> Double {
    let first = block.places.lowerBound
    var sum = 0.0
    for i in 0..<block.places.count {
      let place = first + i
      let (y, weight) = (response[place], weights[place])
      let eta = block.linearPredictor[i] + offset[place]
      let odds = Double.exp(-abs(eta))
      let large = 1 / (1 + odds)
      let small = odds * large
      let (success, failure) = eta >= 0 ? (large, small) : (small, large)
      block.scores[i] = weight * (y * failure - (1 - y) * success)
      block.weights[i] = weight * (large * small)
      // log p = min(η, 0) − log(1 + e^−|η|), and the same for 1 − p.
      let tail = Double.log(1 + odds)
      sum += weight * (max(eta, 0) - y * eta + tail)
    }
    return 2 * sum + saturation(block, response, weights)
  }

  /// 2 Σ w (y log y + (1 − y) log(1 − y)), by which the deviance differs from −2ℓ.
  private func saturation(
    _ block: BlockRows, _ response: UnsafePointer<Double>, _ weights: UnsafePointer<Double>
  ) -> Double {
    var sum = 0.0
    for place in block.places {
      let y = response[place]
      if y > 0, y < 1 {
        sum += weights[place] * (y * Double.log(y) + (1 - y) * Double.log(1 - y))
      }
    }
    return 2 * sum
  }

  /// Per place: dℓ/dη and the working weight at a dispersion of 1.
  func scoresAndWeights(_ coefficients: [Double]) -> (scores: [Double], weights: [Double]) {
    let blocks = design.blocks
    let parts = parallelMap(count: blocks.count, threads: threads) { index -> [Double] in
      let places = blocks[index]
      let count = places.count
      let scratch = Scratch<Double>(count: 3 * count, repeating: 0)
      design.writeLinearPredictor(coefficients, places, scratch.base)
      _ = rows(
        BlockRows(
          places: places, linearPredictor: scratch.base, weights: scratch.base + count,
          scores: scratch.base + 2 * count))
      return Array(UnsafeBufferPointer(start: scratch.base + count, count: 2 * count))
    }
    var (scores, weights): ([Double], [Double]) = ([], [])
    scores.reserveCapacity(design.rowCount)
    weights.reserveCapacity(design.rowCount)
    for part in parts {
      weights += part[..<(part.count / 2)]
      scores += part[(part.count / 2)...]
    }
    return (scores, weights)
  }

  /// μ by place.
  func means(_ coefficients: [Double]) -> [Link.Mean] {
    zip(design.linearPredictor(coefficients, threads: threads), observations.offset)
      .map { link.mean($0 + $1) }
  }

  /// Pearson's Σ w (y − μ)² / V(μ), with what cells have lost.
  func pearson(_ coefficients: [Double]) -> Double {
    let means = means(coefficients)
    var sum = 0.0
    for place in means.indices where observations.weights[place] > 0 {
      let residual = observations.response[place] - means[place].value
      let square =
        observations.weights[place] * residual * residual
        + (observations.within?.squares[place] ?? 0)
      if square > 0 { sum += square / family.variance(means[place]) }
    }
    return sum
  }
}

extension Observations {
  /// The responses, weights and offsets for a loop.
  @inline(__always)
  func withPointers(
    _ body: (UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>) -> Double
  ) -> Double {
    response.withUnsafeBufferPointer { response in
      weights.withUnsafeBufferPointer { weights in
        offset.withUnsafeBufferPointer { offset in
          guard let y = response.baseAddress, let w = weights.baseAddress,
            let o = offset.baseAddress
          else { return 0 }
          return body(y, w, o)
        }
      }
    }
  }
}
