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
    let records = PlaceRecords(self, threads: threads)
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
        addScores(scores, places, groups, own, records, to: block.base)
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

  /// Adds the scores of some groups, one a column of the block.
  private func addScores(
    _ scores: [Double], _ places: [Int32]?, _ groups: CellOrder, _ own: Range<Int>,
    _ records: PlaceRecords, to block: UnsafeMutablePointer<Double>
  ) {
    scores.withUnsafeBufferPointer { scores in
      entries.withUnsafeBufferPointer { entries in
        common.withUnsafeBufferPointer { common in
          entryStarts.withUnsafeBufferPointer { entryStarts in
            Self.withIndex(groups.rows) { rows in
              Self.withIndex(places) { places in
                for group in own {
                  let target = block + (group - own.lowerBound) * columnCount
                  for index in Int(groups.starts[group])..<Int(groups.starts[group + 1]) {
                    let observation = rows.map { Int($0[index]) } ?? index
                    let place = places.map { Int($0[observation]) } ?? observation
                    let record = records.base + place * records.width
                    let score = scores[observation]
                    for entry in common {
                      target[Int(entry.column)] += score * record[Int(entry.value)]
                    }
                    let cell = records.cell(record)
                    for e in Int(entryStarts[cell])..<Int(entryStarts[cell + 1]) {
                      target[Int(entries[e].column)] += score * record[Int(entries[e].value)]
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private static func withIndex(
    _ index: [Int32]?, _ body: (UnsafePointer<Int32>?) -> Void
  ) {
    guard let index else { return body(nil) }
    index.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}

/// What a place has of its own, side by side: groups visit places in any order, and each visit then
/// costs one line of cache or two.
private final class PlaceRecords: @unchecked Sendable {
  /// 1, v₁, …, v_d and the bits of the cell's number, by place. Written only here.
  private let scratch: Scratch<Double>
  let width: Int

  var base: UnsafePointer<Double> { UnsafePointer(scratch.base) }

  init(_ design: Design, threads: Int) {
    width = design.valueCount + 2
    scratch = Scratch(unwritten: design.rowCount * width)
    let blocks = design.blocks
    _ = parallelMap(count: blocks.count, threads: threads) { [self] block in
      write(design, blocks[block])
    }
  }

  private func write(_ design: Design, _ places: Range<Int>) {
    let base = scratch.base
    design.values.withUnsafeBufferPointer { values in
      design.forEachSegment(places) { cell, segment in
        let number = Double(bitPattern: UInt64(cell))
        for place in segment {
          let record = base + place * width
          record[0] = 1
          for k in 0..<design.valueCount {
            record[k + 1] = values[k * design.rowCount + place]
          }
          record[width - 1] = number
        }
      }
    }
  }

  @inline(__always) func cell(_ record: UnsafePointer<Double>) -> Int {
    Int(truncatingIfNeeded: record[width - 1].bitPattern)
  }
}
