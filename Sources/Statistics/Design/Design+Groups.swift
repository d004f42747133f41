import LinearAlgebra

extension Design {
  /// Σ_g u_g u_gᵀ of the groups' scores u_g = Σ_{i∈g} sᵢ xᵢ.
  ///
  /// - Parameters:
  ///   - scores: s, one an observation.
  ///   - places: each observation's place in the design; nil where observations are the places.
  ///   - groups: each observation's group; every one below the range has some.
  /// - Complexity: beside the product of the groups' scores two visits to each observation, which
  ///   has memory of its own for its part of the numeric columns.
  func groupedScores(
    _ scores: [Double], places: [Int32]?, groups: RowKeys, threads: Int
  ) -> Matrix {
    let visits = GroupVisits(self, scores, places, groups, threads: threads)
    let tasks = visits.tasks
    let parts = parallelMap(count: tasks.count, threads: threads) { task -> Matrix in
      var sum = Matrix(rows: columnCount, columns: columnCount)
      // The scores of a bundle's groups stay in cache on the way to the product.
      let block = Scratch<Double>(count: GroupVisits.bundleSize * columnCount, repeating: 0)
      for bundle in tasks[task] {
        let count = visits.groupCount(bundle)
        block.base.update(repeating: 0, count: count * columnCount)
        addScores(visits, bundle, to: block.base)
        sum.storage.withUnsafeMutableBufferPointer {
          guard let target = $0.baseAddress else { return }
          BlockKernels.addOuterProduct(
            .init(base: block.base, rows: columnCount, columns: count, stride: columnCount),
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

  /// Adds the scores of a bundle's groups, one a column of the block.
  private func addScores(
    _ visits: GroupVisits, _ bundle: Int, to block: UnsafeMutablePointer<Double>
  ) {
    entries.withUnsafeBufferPointer { entries in
      common.withUnsafeBufferPointer { common in
        entryStarts.withUnsafeBufferPointer { entryStarts in
          visits.forEach(bundle) { group, cell, products in
            let target = block + group * columnCount
            for entry in common { target[Int(entry.column)] += products[Int(entry.value)] }
            for e in Int(entryStarts[cell])..<Int(entryStarts[cell + 1]) {
              target[Int(entries[e].column)] += products[Int(entries[e].value)]
            }
          }
        }
      }
    }
  }
}
