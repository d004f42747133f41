import LinearAlgebra

/// Rows gathered by fold and arm in blocks that fit in cache, with an intercept and standardised
/// columns.
///
/// Cross products are then summed once per fold and arm; what a fold's models are fitted to is the
/// whole less the fold. A block is column-major. Columns that do not vary are left out.
struct FoldedRows: Sendable {
  struct Block: Sendable {
    let fold: Int
    let treated: Bool
    /// The first row in the gathered order.
    let start: Int
    let count: Int
  }

  static let rowsPerBlock = 512
  /// Blocks of one fold and arm that a thread takes at a time.
  static let blocksPerTask = 8

  /// Columns, the intercept (the first) included.
  let width: Int
  let blocks: [Block]
  /// Stretches of blocks of one fold and arm: the units of parallel work and of partial sums.
  let tasks: [Range<Int>]
  let folds: Int
  let threads: Int
  /// Rows of each fold and arm, at 2·fold + arm.
  let groupCounts: [Int]
  /// The row behind each place of the gathered order.
  let original: [Int32]
  let outcomes: [Double]
  /// Written while the rows are gathered, each task its own part; read only afterwards.
  private nonisolated(unsafe) let values: Scratch<Double>

  init(
    columns: [StandardColumn], treated: [Bool], outcomes: [Double], plan: FoldPlan, threads: Int
  ) {
    let kept = columns.filter { $0.deviation > 0 }
    width = kept.count + 1
    folds = plan.count
    self.threads = threads
    var counts = [Int](repeating: 0, count: 2 * plan.count)
    for row in treated.indices { counts[2 * Int(plan.folds[row]) + (treated[row] ? 1 : 0)] += 1 }
    groupCounts = counts
    var next = [0]
    for count in counts { next.append(next[next.count - 1] + count) }
    var original = [Int32](repeating: 0, count: treated.count)
    for row in treated.indices {
      let group = 2 * Int(plan.folds[row]) + (treated[row] ? 1 : 0)
      original[next[group]] = Int32(row)
      next[group] += 1
    }
    self.original = original
    self.outcomes = original.map { outcomes[Int($0)] }
    (blocks, tasks) = FoldedRows.layout(counts)
    values = Scratch(count: treated.count * width, repeating: 1)
    gather(kept)
  }

  private static func layout(_ counts: [Int]) -> (blocks: [Block], tasks: [Range<Int>]) {
    var (blocks, tasks, start) = ([Block](), [Range<Int>](), 0)
    for (group, count) in counts.enumerated() {
      let first = blocks.count
      var left = count
      while left > 0 {
        let taken = min(left, rowsPerBlock)
        blocks.append(
          Block(fold: group / 2, treated: group % 2 == 1, start: start, count: taken))
        start += taken
        left -= taken
      }
      for task in stride(from: first, to: blocks.count, by: blocksPerTask) {
        tasks.append(task..<min(task + blocksPerTask, blocks.count))
      }
    }
    return (blocks, tasks)
  }

  private func gather(_ columns: [StandardColumn]) {
    _ = parallelMap(count: tasks.count, threads: threads) { task in
      original.withUnsafeBufferPointer { original in
        for (c, column) in columns.enumerated() {
          column.values.withUnsafeBufferPointer { source in
            for index in tasks[task] {
              let block = blocks[index]
              let target = values.base + block.start * width + (c + 1) * block.count
              for i in 0..<block.count {
                target[i] =
                  (source[Int(original[block.start + i])] - column.mean) / column.deviation
              }
            }
          }
        }
      }
    }
  }

  /// The values of a block, rows × width.
  @inline(__always)
  func values(of block: Block) -> UnsafePointer<Double> {
    UnsafePointer(values.base + block.start * width)
  }

  /// The fold and arm of a task.
  func group(of task: Range<Int>) -> Block { blocks[task.lowerBound] }

  /// Results of `work` on tasks, in their order.
  func map<Result: Sendable>(
    _ tasks: [Range<Int>], _ work: @escaping @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    parallelMap(count: tasks.count, threads: threads) { work(tasks[$0]) }
  }

  /// A ridge of 1e-10 of a standardised column's information per row: dependent columns then share
  /// what they say, and predictions keep nine digits.
  static let relativeRidge = 1e-10
}

/// A covariate with what standardises it.
struct StandardColumn: Sendable {
  let values: ArraySlice<Double>
  let mean: Double
  /// Root mean square from the mean; zero for a column that does not vary.
  let deviation: Double

  init(_ values: ArraySlice<Double>) {
    self.values = values
    let n = Double(max(values.count, 1))
    let first = values.first ?? 0
    var (sum, furthest) = (0.0, 0.0)
    for value in values {
      sum += value - first
      furthest = max(furthest, abs(value - first))
    }
    let mean = first + sum / n
    self.mean = mean
    guard furthest > 0 else {
      deviation = 0
      return
    }
    // In parts of the largest difference: the squares of what is very large or very small are not
    // numbers.
    var squares = 0.0
    for value in values {
      let part = (value - mean) / furthest
      squares += part * part
    }
    deviation = furthest * (squares / n).squareRoot()
  }
}
