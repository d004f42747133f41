import LinearAlgebra

extension Design {
  /// XᵀWX of one block: moments of the numbers over each cell, placed by the cell's entries.
  ///
  /// - Parameter weighted: memory for w·v_k, values × rows of the block.
  func crossProduct(_ block: BlockRows, weighted: UnsafeMutablePointer<Double>) -> Matrix {
    let (first, count) = (block.places.lowerBound, block.places.count)
    let width = columnCount
    // Moments w·v_k·v_l: row k (of cellValues, or all for what is common), column l from 0.
    let moments = Scratch<Double>(count: (valueCount + 1) * (valueCount + 1), repeating: 0)
    let order = valueCount + 1
    var result = Matrix(rows: width, columns: width)
    values.withUnsafeBufferPointer { values in
      for k in 0..<valueCount {
        let column = values.baseAddress! + (k * rowCount + first)
        let target = weighted + k * count
        for i in 0..<count { target[i] = block.weights[i] * column[i] }
      }
      result.storage.withUnsafeMutableBufferPointer { entriesOfResult in
        let target = entriesOfResult.baseAddress!
        addCommon(block, values, weighted, moments, to: target)
        if entries.isEmpty { return }
        entries.withUnsafeBufferPointer { entries in
          forEachSegment(block.places) { cell, segment in
            let offset = segment.lowerBound - first
            for k in cellValues {
              let own = moments.base + k * order
              if k == 0 {
                own[0] = strandSum(block.weights + offset, segment.count)
                for l in 0..<valueCount {
                  own[l + 1] = strandSum(weighted + (l * count + offset), segment.count)
                }
              } else {
                let column = values.baseAddress! + ((k - 1) * rowCount + segment.lowerBound)
                own[0] = strandProduct(column, block.weights + offset, segment.count)
                for l in 0..<valueCount {
                  own[l + 1] = strandProduct(
                    column, weighted + (l * count + offset), segment.count)
                }
              }
            }
            let range = Int(entryStarts[cell])..<Int(entryStarts[cell + 1])
            place(entries, range, moments.base, order, target)
          }
        }
      }
    }
    return result
  }

  /// Moments over the whole block for the entries that every row has.
  private func addCommon(
    _ block: BlockRows, _ values: UnsafeBufferPointer<Double>,
    _ weighted: UnsafeMutablePointer<Double>, _ moments: Scratch<Double>,
    to target: UnsafeMutablePointer<Double>
  ) {
    let count = block.places.count
    let order = valueCount + 1
    moments.base[0] = strandSum(block.weights, count)
    if valueCount > 0 {
      let squares = Scratch<Double>(count: valueCount * valueCount, repeating: 0)
      BlockKernels.transposedProduct(
        .init(
          base: values.baseAddress! + block.places.lowerBound, rows: count, columns: valueCount,
          stride: rowCount),
        .init(base: weighted, rows: count, columns: valueCount, stride: count),
        into: squares.base)
      for k in 0..<valueCount {
        let total = strandSum(weighted + k * count, count)
        moments.base[k + 1] = total
        moments.base[(k + 1) * order] = total
        for l in 0..<valueCount {
          moments.base[(k + 1) * order + l + 1] = squares.base[l * valueCount + k]
        }
      }
    }
    for (index, left) in common.enumerated() {
      for right in common[index...] {
        target[Int(left.column) * columnCount + Int(right.column)] +=
          moments.base[Int(left.value) * order + Int(right.value)]
      }
    }
  }

  /// Adds a cell's moments in the lower triangle: its entries with each other and with the common.
  @inline(__always)
  private func place(
    _ entries: UnsafeBufferPointer<Entry>, _ range: Range<Int>,
    _ moments: UnsafePointer<Double>, _ order: Int, _ target: UnsafeMutablePointer<Double>
  ) {
    let width = columnCount
    common.withUnsafeBufferPointer { common in
      for e in range {
        let left = entries[e]
        let row = moments + Int(left.value) * order
        let base = Int(left.column) * width
        for f in e..<range.upperBound {
          target[base + Int(entries[f].column)] += row[Int(entries[f].value)]
        }
        for right in common {
          let (low, high) =
            left.column < right.column ? (left.column, right.column) : (right.column, left.column)
          target[Int(low) * width + Int(high)] += row[Int(right.value)]
        }
      }
    }
  }

  // MARK: Whole products

  /// η = Xβ by place.
  public func linearPredictor(_ coefficients: [Double], threads: Int = 1) -> [Double] {
    precondition(
      coefficients.count == columnCount, "\(coefficients.count) coefficients, not \(columnCount)")
    let blocks = self.blocks
    return parallelMap(count: blocks.count, threads: threads) { block in
      let places = blocks[block]
      return [Double](unsafeUninitializedCapacity: places.count) { buffer, count in
        self.writeLinearPredictor(coefficients, places, buffer.baseAddress!)
        count = places.count
      }
    }.flatMap { $0 }
  }

  /// Xᵀs, with one value per place.
  public func transposeTimes(_ scores: [Double], threads: Int = 1) -> [Double] {
    precondition(scores.count == rowCount, "\(scores.count) values for \(rowCount) rows")
    return pass(coefficients: nil, crossProduct: false, threads: threads) { block in
      scores.withUnsafeBufferPointer {
        block.scores.update(
          from: $0.baseAddress! + block.places.lowerBound, count: block.places.count)
      }
      return 0
    }.score
  }

  /// XᵀWX with one weight per place, both triangles filled.
  public func crossProduct(weights: [Double], threads: Int = 1) -> Matrix {
    precondition(weights.count == rowCount, "\(weights.count) weights for \(rowCount) rows")
    let sums = pass(coefficients: nil, crossProduct: true, threads: threads) { block in
      weights.withUnsafeBufferPointer {
        block.weights.update(
          from: $0.baseAddress! + block.places.lowerBound, count: block.places.count)
      }
      return 0
    }
    return sums.crossProduct ?? Matrix(rows: columnCount, columns: columnCount)
  }

  /// xᵢᵀ·A·xᵢ by place, for a symmetric A.
  public func quadraticForms(_ matrix: Matrix, threads: Int = 1) -> [Double] {
    let blocks = self.blocks
    return parallelMap(count: blocks.count, threads: threads) { block in
      [Double](unsafeUninitializedCapacity: blocks[block].count) { buffer, count in
        self.writeQuadraticForms(matrix, blocks[block], buffer)
        count = blocks[block].count
      }
    }.flatMap { $0 }
  }

  /// vᵀ (P A Pᵀ) v: the inner matrix is the cell's, of the numbers' order.
  private func writeQuadraticForms(
    _ matrix: Matrix, _ places: Range<Int>, _ result: UnsafeMutableBufferPointer<Double>
  ) {
    let order = valueCount + 1
    let inner = Scratch<Double>(count: order * order, repeating: 0)
    values.withUnsafeBufferPointer { values in
      forEachSegment(places) { cell, segment in
        for k in 0..<order * order { inner.base[k] = 0 }
        let own = entries[Int(entryStarts[cell])..<Int(entryStarts[cell + 1])]
        for left in [common[...], own].joined() {
          for right in [common[...], own].joined() {
            inner.base[Int(left.value) * order + Int(right.value)] +=
              matrix[Int(left.column), Int(right.column)]
          }
        }
        for place in segment {
          var sum = inner.base[0]
          for k in 1..<max(order, 1) {
            let value = values[(k - 1) * rowCount + place]
            var partial = 2 * inner.base[k]
            for l in 1..<order {
              partial += inner.base[k * order + l] * values[(l - 1) * rowCount + place]
            }
            sum += value * partial
          }
          result[place - places.lowerBound] = sum
        }
      }
    }
  }
}
