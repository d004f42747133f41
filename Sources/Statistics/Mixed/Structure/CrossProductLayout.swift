import LinearAlgebra

/// Where the cross products of a mixed model's columns are kept, and where they go in its factor.
///
/// The columns are the levels' effects, term by term in the order of elimination, then the fixed
/// effects. Only blocks of levels that occur together are kept: panels of the chain terms (as in
/// `BlockLayout`), then the tail: own blocks of the crossed terms, blocks of two crossed terms,
/// blocks of crossed terms with the fixed effects, and the fixed effects' own.
struct CrossProductLayout: Sendable {
  /// A term's columns; the fixed effects come last, as a term of one level.
  struct Columns: Sendable {
    let width: Int
    let levels: Int
    /// Its first coefficient.
    let start: Int
    /// Its first effect in `MixedRows.covariateFeatures`; the fixed effects' first feature.
    let feature: Int
    /// The first of its factor's k × k values among all terms'.
    let factorStart: Int
  }

  /// The blocks of two crossed terms.
  struct Pairs: Sendable {
    let first: Int
    let second: Int
    /// Levels of each block, ordered by the first term's, then the second's.
    let firstLevels: [Int32]
    let secondLevels: [Int32]
    /// Its first value in the tail.
    let start: Int
  }

  /// Random terms, then the fixed effects.
  let columns: [Columns]
  let chainCount: Int
  let blocks: BlockLayout
  /// The first node of each chain term.
  let nodeStarts: [Int]
  /// For each entry of the blocks' tails, the term it belongs to.
  let tailTerms: [UInt8]
  /// First value of each crossed term's own blocks in the tail, by term.
  let ownStarts: [Int]
  let pairs: [Pairs]
  /// First value of each crossed term's blocks with the fixed effects, by term.
  let crossStarts: [Int]
  let fixedStart: Int
  /// Values in the tail.
  let tailCount: Int

  var termCount: Int { columns.count - 1 }
  var fixed: Columns { columns[columns.count - 1] }
  /// Coefficients of all random terms.
  var effectCount: Int { fixed.start }
  var fixedCount: Int { fixed.width }
  var order: Int { fixed.start + fixed.width }
  /// The first coefficient of the factor's dense remainder.
  var remainderStart: Int { chainCount < columns.count ? columns[chainCount].start : order }
  /// k × k values of all terms' relative factors.
  var factorCount: Int { fixed.factorStart }
  /// Free parameters: the lower triangles of all terms' relative factors.
  var parameterCount: Int {
    columns.dropLast().reduce(0) { $0 + $1.width * ($1.width + 1) / 2 }
  }

  /// Crossed effects that a dense factor of at most 2 GiB holds.
  static let mostCrossedEffects = 16_000

  /// - Throws: `.tooManyCrossedEffects`.
  init(_ plan: TermPlan, _ rows: MixedRows, fixedCount: Int) throws(MixedModelError) {
    columns = Self.columns(plan, rows, fixedCount)
    chainCount = plan.chainCount
    let crossed = plan.chainCount..<plan.terms.count
    let effects = crossed.reduce(0) { $0 + plan.terms[$1].effects }
    if effects > Self.mostCrossedEffects {
      throw .tooManyCrossedEffects(
        groups: crossed.map { plan.terms[$0].group }, effects: effects,
        limit: Self.mostCrossedEffects)
    }
    let nodes = BlockNodes(plan, rows, columns)
    nodeStarts = nodes.starts
    tailTerms = nodes.tailTerms
    blocks = nodes.layout
    var next = 0
    var ownStarts = [Int](repeating: 0, count: plan.terms.count)
    var crossStarts = ownStarts
    var pairs: [Pairs] = []
    for t in crossed {
      ownStarts[t] = next
      next += plan.terms[t].effects * plan.terms[t].width
      crossStarts[t] = next
      next += plan.terms[t].effects * fixedCount
    }
    for first in crossed {
      for second in crossed where second > first {
        let found = Self.pairs(first, second, rows, plan, start: next)
        next += found.firstLevels.count * plan.terms[first].width * plan.terms[second].width
        pairs.append(found)
      }
    }
    self.ownStarts = ownStarts
    self.crossStarts = crossStarts
    self.pairs = pairs
    fixedStart = next
    tailCount = next + fixedCount * fixedCount
  }

  private static func columns(
    _ plan: TermPlan, _ rows: MixedRows, _ fixedCount: Int
  ) -> [Columns] {
    var columns: [Columns] = []
    var (start, feature, factor) = (0, 0, 0)
    for term in plan.terms {
      columns.append(
        Columns(
          width: term.width, levels: term.levels, start: start, feature: feature,
          factorStart: factor))
      start += term.effects
      feature += term.width
      factor += term.width * term.width
    }
    columns.append(
      Columns(
        width: fixedCount, levels: 1, start: start, feature: rows.covariateCount,
        factorStart: factor))
    return columns
  }

  /// The pairs of levels that occur together, each once.
  private static func pairs(
    _ first: Int, _ second: Int, _ rows: MixedRows, _ plan: TermPlan, start: Int
  ) -> Pairs {
    let width = plan.terms[second].levels
    var keys: [Int] = []
    for run in 0..<rows.runCount {
      let levels = rows.levels.base + run * rows.termCount
      keys.append(Int(levels[first]) * width + Int(levels[second]))
    }
    keys.sort()
    var (firstLevels, secondLevels) = ([Int32](), [Int32]())
    for (i, key) in keys.enumerated() where i == 0 || keys[i - 1] != key {
      firstLevels.append(Int32(key / width))
      secondLevels.append(Int32(key % width))
    }
    return Pairs(
      first: first, second: second, firstLevels: firstLevels, secondLevels: secondLevels,
      start: start)
  }
}

/// The nodes of the chain terms' levels with the rows of the remainder that each touches.
struct BlockNodes {
  let layout: BlockLayout
  let starts: [Int]
  let tailTerms: [UInt8]

  init(_ plan: TermPlan, _ rows: MixedRows, _ columns: [CrossProductLayout.Columns]) {
    let chain = plan.chainCount
    let remainderStart = columns[chain].start
    let remainder = columns[columns.count - 1].start + columns[columns.count - 1].width
    var (starts, next) = ([Int](), 0)
    for t in 0..<chain {
      starts.append(next)
      next += plan.terms[t].levels
    }
    var (widths, parents) = ([Int](), [Int]())
    var (tailStarts, tails, tailTerms) = ([0], [Int32](), [UInt8]())
    var seen = (0..<plan.terms.count).map {
      [Int32](repeating: -1, count: plan.terms[$0].levels)
    }
    for t in 0..<chain {
      var run = 0
      for level in 0..<plan.terms[t].levels {
        let node = Int32(starts[t] + level)
        var found = [[Int32]](repeating: [], count: plan.terms.count)
        // A chain term's levels stand in order, each in one stretch of runs.
        while run < rows.runCount, rows.levels.base[run * rows.termCount + t] == level {
          for d in chain..<plan.terms.count {
            let crossed = Int(rows.levels.base[run * rows.termCount + d])
            if seen[d][crossed] != node {
              seen[d][crossed] = node
              found[d].append(Int32(crossed))
            }
          }
          run += 1
        }
        for d in chain..<columns.count {
          let isFixed = d == plan.terms.count
          for crossed in isFixed ? [0] : found[d].sorted() {
            let first = columns[d].start - remainderStart + Int(crossed) * columns[d].width
            for row in first..<first + columns[d].width {
              tails.append(Int32(row))
              tailTerms.append(UInt8(d))
            }
          }
        }
        tailStarts.append(tails.count)
        widths.append(plan.terms[t].width)
        parents.append(t + 1 < chain ? starts[t + 1] + Int(plan.chainParents[t][level]) : -1)
      }
    }
    self.starts = starts
    self.tailTerms = tailTerms
    layout = BlockLayout(
      widths: widths, parents: parents, tailStarts: tailStarts, tails: tails,
      remainder: remainder - remainderStart)
  }
}
