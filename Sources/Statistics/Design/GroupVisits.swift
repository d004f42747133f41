/// Observations brought together by groups: what each adds to its group's scores, in bundles of
/// groups whose sums fit the cache. Within a bundle observations keep their order.
///
/// Groups meet observations in any order. To go to each where it lies costs several misses of the
/// cache; to write all of them once, to as many places as there are bundles, costs little.
final class GroupVisits: @unchecked Sendable {
  /// Groups of a bundle; their numbers take `bundleBits` bits.
  static let bundleSize = 1 << bundleBits
  private static let bundleBits = 8

  private let groupCount: Int
  /// Visits of bundle b are `starts[b]..<starts[b + 1]`.
  private let starts: [Int]
  /// s, s v₁, …, s v_d and the bits of the cell's and the group's numbers, by visit. Written here only.
  private let scratch: Scratch<Double>
  private let width: Int

  init(
    _ design: Design, _ scores: [Double], _ places: [Int32]?, _ groups: RowKeys, threads: Int
  ) {
    groupCount = groups.range
    width = design.valueCount + 2
    scratch = Scratch(unwritten: scores.count * width)
    let bundleCount = (groups.range + Self.bundleSize - 1) >> Self.bundleBits
    let parts = RowBlocks.parts(rowCount: scores.count, threads: threads)
    let counts = parallelMap(count: parts.count, threads: threads) { part -> [Int] in
      var counts = [Int](repeating: 0, count: bundleCount)
      for row in parts[part] { counts[Int(groups.keys[row]) >> Self.bundleBits] += 1 }
      return counts
    }
    // Where each part of the observations writes its own of each bundle.
    var firsts = counts
    var starts: [Int] = []
    var place = 0
    for bundle in 0..<bundleCount {
      starts.append(place)
      for part in parts.indices {
        firsts[part][bundle] = place
        place += counts[part][bundle]
      }
    }
    starts.append(place)
    self.starts = starts
    let records = places.map { _ in PlaceRecords(design, threads: threads) }
    _ = parallelMap(count: parts.count, threads: threads) { [self, firsts] part in
      if let places, let records {
        write(parts[part], scores, places, records, groups, from: firsts[part])
      } else {
        write(parts[part], scores, design, groups, from: firsts[part])
      }
    }
  }

  // MARK: Writing

  /// Observations that have places in the design.
  private func write(
    _ rows: Range<Int>, _ scores: [Double], _ places: [Int32], _ records: PlaceRecords,
    _ groups: RowKeys, from firsts: [Int]
  ) {
    var next = firsts
    scores.withUnsafeBufferPointer { scores in
      places.withUnsafeBufferPointer { places in
        groups.keys.withUnsafeBufferPointer { groups in
          next.withUnsafeMutableBufferPointer { next in
            for row in rows {
              let record = records.base + Int(places[row]) * records.width
              let visit = self.visit(groups[row], records.cell(record), next)
              let score = scores[row]
              visit[0] = score
              for k in 1..<width - 1 { visit[k] = score * record[k - 1] }
            }
          }
        }
      }
    }
  }

  /// Observations that are the places of the design.
  private func write(
    _ rows: Range<Int>, _ scores: [Double], _ design: Design, _ groups: RowKeys,
    from firsts: [Int]
  ) {
    var next = firsts
    scores.withUnsafeBufferPointer { scores in
      design.values.withUnsafeBufferPointer { values in
        groups.keys.withUnsafeBufferPointer { groups in
          next.withUnsafeMutableBufferPointer { next in
            design.forEachSegment(rows) { cell, places in
              for place in places {
                let visit = self.visit(groups[place], cell, next)
                let score = scores[place]
                visit[0] = score
                for k in 1..<width - 1 {
                  visit[k] = score * values[(k - 1) * design.rowCount + place]
                }
              }
            }
          }
        }
      }
    }
  }

  /// The memory of a group's next visit, with its numbers written.
  @inline(__always)
  private func visit(
    _ group: Int32, _ cell: Int, _ next: UnsafeMutableBufferPointer<Int>
  ) -> UnsafeMutablePointer<Double> {
    let bundle = Int(group) >> Self.bundleBits
    let visit = scratch.base + next[bundle] * width
    next[bundle] &+= 1
    let own = Int(group) & (Self.bundleSize - 1)
    visit[width - 1] = Double(bitPattern: UInt64(cell << Self.bundleBits | own))
    return visit
  }

  // MARK: Reading

  /// Groups of a bundle.
  func groupCount(_ bundle: Int) -> Int {
    min(Self.bundleSize, groupCount - bundle << Self.bundleBits)
  }

  /// Neighbouring bundles in some dozens of tasks of about as many observations and groups.
  var tasks: [Range<Int>] {
    let most = 64
    let size = (starts[starts.count - 1] + 4 * groupCount) / most + 1
    var tasks: [Range<Int>] = []
    var first = 0
    for bundle in 1..<max(starts.count, 1) {
      let load = starts[bundle] - starts[first] + 4 * (bundle - first) << Self.bundleBits
      if load >= size || bundle == starts.count - 1 {
        tasks.append(first..<bundle)
        first = bundle
      }
    }
    return tasks
  }

  /// Calls `body` for each visit of a bundle with the group's number in the bundle, the cell, and
  /// s, s v₁, …, s v_d.
  @inline(__always)
  func forEach(
    _ bundle: Int,
    _ body: (_ group: Int, _ cell: Int, _ products: UnsafePointer<Double>) -> Void
  ) {
    for index in starts[bundle]..<starts[bundle + 1] {
      let visit = UnsafePointer(scratch.base + index * width)
      let bits = Int(truncatingIfNeeded: visit[width - 1].bitPattern)
      body(bits & (Self.bundleSize - 1), bits >> Self.bundleBits, visit)
    }
  }
}

/// What a place has of its own, side by side: rows of cells come to places in any order, and each
/// then costs one line of cache or two.
private final class PlaceRecords: @unchecked Sendable {
  /// v₁, …, v_d and the bits of the cell's number, by place. Written only here.
  private let scratch: Scratch<Double>
  let width: Int

  var base: UnsafePointer<Double> { UnsafePointer(scratch.base) }

  init(_ design: Design, threads: Int) {
    width = design.valueCount + 1
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
          for k in 0..<width - 1 { record[k] = values[k * design.rowCount + place] }
          record[width - 1] = number
        }
      }
    }
  }

  @inline(__always) func cell(_ record: UnsafePointer<Double>) -> Int {
    Int(truncatingIfNeeded: record[width - 1].bitPattern)
  }
}
