import LinearAlgebra

extension Design {
  /// Σ_g u_g u_gᵀ of the groups' scores u_g = Σ_{i∈g} sᵢ xᵢ.
  ///
  /// - Parameters:
  ///   - scores: s, one an observation.
  ///   - places: each observation's place in the design; nil where observations are the places.
  ///   - groups: the observations by group.
  func groupedScores(
    _ scores: [Double], places: [Int32]?, groups: CellOrder, threads: Int
  ) -> Matrix {
    let cells = cellOfPlace
    // Some hundred groups a block, so that their scores stay in cache on the way to the product.
    let size = 256
    let perTask = max(size, (groups.cellCount + 63) / 64)
    let starts = Array(stride(from: 0, to: groups.cellCount, by: perTask))
    let parts = parallelMap(count: starts.count, threads: threads) { task -> Matrix in
      var sum = Matrix(rows: columnCount, columns: columnCount)
      let block = Scratch<Double>(count: size * columnCount, repeating: 0)
      let range = starts[task]..<min(starts[task] + perTask, groups.cellCount)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: size) {
        let own = first..<min(first + size, range.upperBound)
        block.base.update(repeating: 0, count: own.count * columnCount)
        addScores(scores, places, groups, own, cells, to: block.base)
        sum.storage.withUnsafeMutableBufferPointer {
          guard let target = $0.baseAddress else { return }
          BlockKernels.addOuterProduct(
            .init(
              base: block.base, rows: columnCount, columns: own.count, stride: columnCount),
            to: target)
        }
      }
      return sum
    }
    var total = Matrix(rows: columnCount, columns: columnCount)
    for part in parts { total.addEntries(part) }
    total.mirrorLowerTriangle()
    return total
  }

  private var cellOfPlace: [Int32] {
    var cells = [Int32](repeating: 0, count: rowCount)
    for cell in 0..<cellCount {
      for place in Int(cellStarts[cell])..<Int(cellStarts[cell + 1]) { cells[place] = Int32(cell) }
    }
    return cells
  }

  /// Adds the scores of some groups, one a column of the block.
  private func addScores(
    _ scores: [Double], _ places: [Int32]?, _ groups: CellOrder, _ own: Range<Int>,
    _ cells: [Int32], to block: UnsafeMutablePointer<Double>
  ) {
    scores.withUnsafeBufferPointer { scores in
      values.withUnsafeBufferPointer { values in
        entries.withUnsafeBufferPointer { entries in
          cells.withUnsafeBufferPointer { cells in
            for group in own {
              let target = block + (group - own.lowerBound) * columnCount
              for index in Int(groups.starts[group])..<Int(groups.starts[group + 1]) {
                let observation = groups.rows.map { Int($0[index]) } ?? index
                let score = scores[observation]
                let place = places.map { Int($0[observation]) } ?? observation
                for entry in common {
                  target[Int(entry.column)] +=
                    entry.value == 0
                    ? score : score * values[(Int(entry.value) - 1) * rowCount + place]
                }
                let cell = Int(cells[place])
                for e in Int(entryStarts[cell])..<Int(entryStarts[cell + 1]) {
                  let entry = entries[e]
                  target[Int(entry.column)] +=
                    entry.value == 0
                    ? score : score * values[(Int(entry.value) - 1) * rowCount + place]
                }
              }
            }
          }
        }
      }
    }
  }
}
