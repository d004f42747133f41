import RealModule

extension Observations {
  /// Sums rows into cells: rows with the same design row and offset have the same cell.
  ///
  /// - Throws: `.cellsWithoutLikelihood` for the negative binomial.
  public func summed(
    cellOfRow: [Int32], cellCount: Int, family: Family
  ) throws(GeneralizedLinearError) -> Observations {
    try summed(cellOfRow: cellOfRow, cellCount: cellCount, family: family, threads: 1)
  }

  func summed(
    cellOfRow: [Int32], cellCount: Int, family: Family, threads: Int
  ) throws(GeneralizedLinearError) -> Observations {
    precondition(
      cellOfRow.count == response.count, "\(cellOfRow.count) cells for \(response.count) rows")
    if case .negativeBinomial = family {
      throw .cellsWithoutLikelihood(family: family.name)
    }
    let sums = CellSums(cellCount: cellCount)
    let counts =
      isUnweighted && family.isBinomial
      ? BinaryCounts(response, cellOfRow, cellCount: cellCount, threads: threads) : nil
    if let counts {
      sums.set(counts)
    } else {
      add(cellOfRow, to: sums)
    }
    var offsets = [Double](repeating: 0, count: cellCount)
    if hasOffset {
      for (row, cell) in cellOfRow.enumerated() { offsets[Int(cell)] = offset[row] }
    }
    let (means, totals) = (sums.total { $0.mean }, sums.total { $0.weight })
    // Single trials leave the binomial's constants at zero.
    let constants =
      counts != nil && family == .binomial
      ? LikelihoodConstants() : self.constants(family, threads: threads)
    return Observations(
      response: means, weights: totals, offset: offsets, isUnweighted: false,
      hasOffset: hasOffset, within: within(sums, constants, means, totals, family))
  }

  private func add(_ cellOfRow: [Int32], to sums: CellSums) {
    cellOfRow.withUnsafeBufferPointer { cells in
      response.withUnsafeBufferPointer { response in
        weights.withUnsafeBufferPointer { weights in
          for row in cells.indices where weights[row] > 0 {
            sums.addMean(Int(cells[row]), response[row], weights[row])
          }
          sums.finishMeans()
          for row in cells.indices where weights[row] > 0 {
            sums.addDeviation(Int(cells[row]), response[row], weights[row])
          }
        }
      }
    }
  }

  private func within(
    _ sums: CellSums, _ constants: LikelihoodConstants, _ means: [Double], _ totals: [Double],
    _ family: Family
  ) -> Within {
    let squares = sums.deviation { $0.squares }
    var deviance: Double
    if family == .gaussian {
      deviance = squares.reduce(0, +)
    } else {
      deviance = 2 * constants.saturation
      for (mean, total) in zip(means, totals) where total > 0 {
        deviance -= 2 * total * family.saturation(mean)
      }
    }
    return Within(
      counts: sums.total { $0.count }, squares: squares,
      scores: (
        sums.deviation { $0.zeroth }, sums.deviation { $0.first }, sums.deviation { $0.second }
      ),
      deviance: max(deviance, 0), saturatedLogLikelihood: constants.saturated,
      logResponses: constants.logResponses, logWeights: constants.logWeights)
  }

  // MARK: What no cell changes

  /// Sums over the responses of which likelihoods are made.
  private struct LikelihoodConstants: Sendable {
    /// Σ w κ(y).
    var saturation = 0.0
    var saturated: Double? = 0
    var logResponses = 0.0
    var logWeights = 0.0
  }

  private func constants(_ family: Family, threads: Int) -> LikelihoodConstants {
    let blocks = RowBlocks(rowCount: response.count)
    let parts = parallelMap(count: blocks.count, threads: threads) { block in
      constants(family, rows: blocks[block])
    }
    return parts.reduce(into: LikelihoodConstants()) { sum, part in
      sum.saturation += part.saturation
      sum.saturated = sum.saturated.flatMap { own in part.saturated.map { own + $0 } }
      sum.logResponses += part.logResponses
      sum.logWeights += part.logWeights
    }
  }

  private func constants(_ family: Family, rows: Range<Int>) -> LikelihoodConstants {
    var sums = LikelihoodConstants()
    let (isBinomial, isGaussian, isGamma) =
      (family == .binomial, family == .gaussian, family == .gamma)
    response.withUnsafeBufferPointer { response in
      weights.withUnsafeBufferPointer { weights in
        for row in rows where weights[row] > 0 {
          let (y, weight) = (response[row], weights[row])
          // One trial adds nothing to any of the sums.
          if isBinomial, weight == 1, y == 0 || y == 1 { continue }
          if !isGaussian { sums.saturation += weight * family.saturation(y) }
          sums.saturated = sums.saturated.flatMap { sum in
            family.saturatedLogLikelihood(y, weight: weight).map { sum + $0 }
          }
          if weight != 1 { sums.logWeights += .log(weight) }
          if isGamma { sums.logResponses += weight * .log(y) }
        }
      }
    }
    return sums
  }
}

/// Sums by cell while rows are added to them: those of a cell lie side by side, as rows come to cells
/// in any order.
private struct CellSums {
  struct Totals: BitwiseCopyable {
    /// Σ w y until means are finished.
    var mean = 0.0
    var weight = 0.0
    var count = 0.0
  }

  struct Deviations: BitwiseCopyable {
    /// Again, to be next to what it is subtracted for.
    var mean = 0.0
    var squares = 0.0
    var zeroth = 0.0
    var first = 0.0
    var second = 0.0
  }

  private let totals: Scratch<Totals>
  private let deviations: Scratch<Deviations>

  init(cellCount: Int) {
    totals = Scratch(count: cellCount, repeating: Totals())
    deviations = Scratch(count: cellCount, repeating: Deviations())
  }

  /// Takes what counts of responses of 0 and 1 come to.
  func set(_ counts: BinaryCounts) {
    for cell in 0..<totals.count {
      let (count, ones) = counts[cell]
      guard count > 0 else { continue }
      let mean = ones / count
      let squares = ones * (1 - mean) * (1 - mean) + (count - ones) * mean * mean
      totals.base[cell] = Totals(mean: mean, weight: count, count: count)
      deviations.base[cell] = Deviations(
        mean: mean, squares: squares, zeroth: count,
        first: ones * (1 - mean) - (count - ones) * mean, second: squares)
    }
  }

  @inline(__always) func addMean(_ cell: Int, _ y: Double, _ weight: Double) {
    let sums = totals.base + cell
    sums.pointee.mean += weight * y
    sums.pointee.weight += weight
    sums.pointee.count += 1
  }

  func finishMeans() {
    for cell in 0..<totals.count where totals.base[cell].weight > 0 {
      totals.base[cell].mean /= totals.base[cell].weight
      deviations.base[cell].mean = totals.base[cell].mean
    }
  }

  @inline(__always) func addDeviation(_ cell: Int, _ y: Double, _ weight: Double) {
    let sums = deviations.base + cell
    let deviation = y - sums.pointee.mean
    let square = weight * deviation * deviation
    sums.pointee.squares += square
    sums.pointee.zeroth += weight * weight
    sums.pointee.first += weight * weight * deviation
    sums.pointee.second += weight * square
  }

  @inline(__always) func total(_ sum: (Totals) -> Double) -> [Double] {
    (0..<totals.count).map { sum(totals.base[$0]) }
  }

  @inline(__always) func deviation(_ sum: (Deviations) -> Double) -> [Double] {
    (0..<deviations.count).map { sum(deviations.base[$0]) }
  }
}
