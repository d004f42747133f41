import LinearAlgebra

/// What one pass over a design's rows sums up.
struct DesignSums {
  /// The sum of what the rows' function returned.
  var value = 0.0
  /// Xᵀs.
  var score: [Double]
  /// XᵀWX, lower triangle only until the pass is over.
  var crossProduct: Matrix?
}

/// Memory of one block of rows; every pointer has a place per row of the block.
struct BlockRows {
  /// Places of the block in the design.
  let places: Range<Int>
  /// η = Xβ, where coefficients were given.
  let linearPredictor: UnsafeMutablePointer<Double>
  /// w, zero at first; to be written where the cross product is wanted.
  let weights: UnsafeMutablePointer<Double>
  /// s, zero at first.
  let scores: UnsafeMutablePointer<Double>
}

extension Design {
  /// Goes once over the rows in blocks: computes η, lets `rows` turn it into weights and scores,
  /// and sums XᵀWX and Xᵀs while the block is in cache.
  ///
  /// Blocks depend on the design alone and their sums are added in order, so the result has the
  /// same bits for any number of threads.
  func pass(
    coefficients: [Double]?, crossProduct: Bool, threads: Int,
    _ rows: @escaping @Sendable (BlockRows) -> Double
  ) -> DesignSums {
    let blocks = self.blocks
    let parts = parallelMap(count: blocks.count, threads: threads) { block in
      self.sums(blocks[block], coefficients, crossProduct, rows)
    }
    var total = DesignSums(
      score: [Double](repeating: 0, count: columnCount),
      crossProduct: crossProduct ? Matrix(rows: columnCount, columns: columnCount) : nil)
    for part in parts {
      total.value += part.value
      for j in total.score.indices { total.score[j] += part.score[j] }
      if let own = part.crossProduct {
        total.crossProduct?.addEntries(own)
      }
    }
    total.crossProduct?.mirrorLowerTriangle()
    return total
  }

  /// Ranges of places of about 8,192 rows, more where the design is so wide that a block's own
  /// cross product would outweigh them.
  var blocks: [Range<Int>] {
    let most = max(16, (1 << 23) / max(1, columnCount * columnCount))
    let size = max(8_192, (rowCount + most - 1) / most)
    return stride(from: 0, to: rowCount, by: size).map { $0..<min($0 + size, rowCount) }
  }

  private func sums(
    _ places: Range<Int>, _ coefficients: [Double]?, _ wantsCross: Bool,
    _ rows: (BlockRows) -> Double
  ) -> DesignSums {
    let count = places.count
    let scratch = Scratch<Double>(unwritten: count * (3 + valueCount))
    let block = BlockRows(
      places: places, linearPredictor: scratch.base, weights: scratch.base + count,
      scores: scratch.base + 2 * count)
    // Rows of zero weight are left as they are.
    block.weights.update(repeating: 0, count: 2 * count)
    if let coefficients { writeLinearPredictor(coefficients, places, block.linearPredictor) }
    var sums = DesignSums(score: [Double](repeating: 0, count: columnCount))
    sums.value = rows(block)
    addScores(block, to: &sums.score)
    if wantsCross {
      sums.crossProduct = self.crossProduct(block, weighted: scratch.base + 3 * count)
    }
    return sums
  }

  // MARK: Parts of a pass

  /// Calls `body` for each cell's share of a range of places.
  @inline(__always)
  func forEachSegment(_ places: Range<Int>, _ body: (_ cell: Int, _ places: Range<Int>) -> Void) {
    cellStarts.withUnsafeBufferPointer { starts in
      var cell = Self.cell(of: places.lowerBound, starts)
      var place = places.lowerBound
      while place < places.upperBound {
        let end = min(Int(starts[cell + 1]), places.upperBound)
        body(cell, place..<end)
        place = end
        cell += 1
      }
    }
  }

  /// The cell that holds a place.
  func cell(ofPlace place: Int) -> Int {
    cellStarts.withUnsafeBufferPointer { Self.cell(of: place, $0) }
  }

  /// The cell that holds a place, by bisection.
  private static func cell(of place: Int, _ starts: UnsafeBufferPointer<Int32>) -> Int {
    var (low, high) = (0, starts.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= place { low = middle } else { high = middle }
    }
    return low
  }

  /// η of the places: a constant per cell and a slope per value.
  func writeLinearPredictor(
    _ coefficients: [Double], _ places: Range<Int>, _ result: UnsafeMutablePointer<Double>
  ) {
    var shared = [Double](repeating: 0, count: valueCount + 1)
    for entry in common { shared[Int(entry.value)] += coefficients[Int(entry.column)] }
    let own = Scratch<Double>(count: valueCount + 1, repeating: 0)
    values.withUnsafeBufferPointer { values in
      entries.withUnsafeBufferPointer { entries in
        forEachSegment(places) { cell, segment in
          for k in 0...valueCount { own.base[k] = shared[k] }
          for e in Int(entryStarts[cell])..<Int(entryStarts[cell + 1]) {
            own.base[Int(entries[e].value)] += coefficients[Int(entries[e].column)]
          }
          let target = result + (segment.lowerBound - places.lowerBound)
          let count = segment.count
          for i in 0..<count { target[i] = own.base[0] }
          for k in 0..<valueCount where own.base[k + 1] != 0 {
            let slope = own.base[k + 1]
            let column = values.baseAddress! + (k * rowCount + segment.lowerBound)
            for i in 0..<count { target[i] += slope * column[i] }
          }
        }
      }
    }
  }

  private func addScores(_ block: BlockRows, to score: inout [Double]) {
    let first = block.places.lowerBound
    values.withUnsafeBufferPointer { values in
      // The base address is nil only where there are no values, and then it is not used.
      func column(_ k: Int) -> UnsafePointer<Double> {
        values.baseAddress! + ((k - 1) * rowCount + first)
      }
      var moments = [Double](repeating: 0, count: valueCount + 1)
      moments[0] = strandSum(block.scores, block.places.count)
      for k in 1..<max(valueCount + 1, 1) {
        moments[k] = strandProduct(block.scores, column(k), block.places.count)
      }
      for entry in common { score[Int(entry.column)] += moments[Int(entry.value)] }
      if entries.isEmpty { return }
      entries.withUnsafeBufferPointer { entries in
        forEachSegment(block.places) { cell, segment in
          let offset = segment.lowerBound - first
          for k in cellValues {
            moments[k] =
              k == 0
              ? strandSum(block.scores + offset, segment.count)
              : strandProduct(block.scores + offset, column(k) + offset, segment.count)
          }
          for e in Int(entryStarts[cell])..<Int(entryStarts[cell + 1]) {
            score[Int(entries[e].column)] += moments[Int(entries[e].value)]
          }
        }
      }
    }
  }
}

extension Matrix {
  /// Adds another matrix of the same shape in place.
  mutating func addEntries(_ other: Matrix) {
    storage.withUnsafeMutableBufferPointer { mine in
      other.storage.withUnsafeBufferPointer { theirs in
        for i in mine.indices { mine[i] += theirs[i] }
      }
    }
  }
}

/// Σ x, in four strands so that additions overlap; the order is fixed.
@inline(__always)
func strandSum(_ x: UnsafePointer<Double>, _ count: Int) -> Double {
  var strands = SIMD4<Double>.zero
  var i = 0
  while i + 4 <= count {
    strands += SIMD4(x[i], x[i + 1], x[i + 2], x[i + 3])
    i += 4
  }
  var rest = 0.0
  while i < count {
    rest += x[i]
    i += 1
  }
  return (strands[0] + strands[1]) + (strands[2] + strands[3]) + rest
}

/// Σ x y, in four strands so that additions overlap; the order is fixed.
@inline(__always)
func strandProduct(
  _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int
) -> Double {
  var strands = SIMD4<Double>.zero
  var i = 0
  while i + 4 <= count {
    strands +=
      SIMD4(x[i], x[i + 1], x[i + 2], x[i + 3]) * SIMD4(y[i], y[i + 1], y[i + 2], y[i + 3])
    i += 4
  }
  var rest = 0.0
  while i < count {
    rest += x[i] * y[i]
    i += 1
  }
  return (strands[0] + strands[1]) + (strands[2] + strands[3]) + rest
}
