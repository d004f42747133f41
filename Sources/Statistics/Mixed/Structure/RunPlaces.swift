/// Where the values of every run of rows go among the cross products.
///
/// For a run and two terms, one place: the first value of the block of their levels, in the panels
/// where the column's term is in the chain and in the tail otherwise.
final class RunPlaces: @unchecked Sendable {
  // Written by `init` only, so that threads may share it.

  /// First coefficient of each run's levels: `coefficients[run * terms + term]`.
  let coefficients: Scratch<Int32>
  /// `blocks[run * pairCount + pairIndex(column, row)]`, the fixed effects as the last term.
  let blocks: Scratch<Int32>
  /// Leading dimension of the blocks of each chain term: `strides[run * chain + term]`.
  let strides: Scratch<Int32>
  /// Blocks of one run.
  let pairCount: Int

  init(_ layout: CrossProductLayout, _ rows: MixedRows) {
    let terms = layout.termCount
    let chain = layout.chainCount
    pairCount = terms * (terms + 1) / 2 + terms
    coefficients = Scratch(count: rows.runCount * terms, repeating: 0)
    blocks = Scratch(count: rows.runCount * pairCount, repeating: 0)
    strides = Scratch(count: rows.runCount * chain, repeating: 0)
    // One more, for the fixed effects may be none.
    var tailPlaces = [Int](repeating: 0, count: layout.order + 1)
    for t in 0..<chain {
      var node = -1
      for run in 0..<rows.runCount {
        let levels = rows.levels.base + run * terms
        let here = layout.nodeStarts[t] + Int(levels[t])
        if here != node {
          node = here
          Self.writeTailPlaces(layout, node, &tailPlaces)
        }
        strides.base[run * chain + t] = Int32(layout.blocks.heights[node])
        let into = blocks.base + run * pairCount
        var place = layout.blocks.panelStarts[node]
        for u in t..<chain {
          into[Self.index(t, u, terms)] = Int32(place)
          place += layout.columns[u].width
        }
        for u in chain...terms {
          let level = u == terms ? 0 : Int(levels[u])
          let row = layout.columns[u].start + level * layout.columns[u].width
          into[Self.index(t, u, terms)] = Int32(place + tailPlaces[row])
        }
      }
    }
    for run in 0..<rows.runCount {
      let levels = rows.levels.base + run * terms
      let into = blocks.base + run * pairCount
      for t in 0..<terms {
        let columns = layout.columns[t]
        coefficients.base[run * terms + t] = Int32(columns.start + Int(levels[t]) * columns.width)
        guard t >= chain else { continue }
        let own = layout.ownStarts[t] + Int(levels[t]) * columns.width * columns.width
        into[Self.index(t, t, terms)] = Int32(own)
        let cross = layout.crossStarts[t] + Int(levels[t]) * columns.width * layout.fixedCount
        into[Self.index(t, terms, terms)] = Int32(cross)
      }
    }
    for pairs in layout.pairs { writePairs(pairs, layout, rows) }
  }

  /// The place of columns' term t with rows' term u ≥ t in a run's list; u = terms for the fixed.
  @inline(__always)
  static func index(_ t: Int, _ u: Int, _ terms: Int) -> Int {
    t * (terms + 1) - t * (t - 1) / 2 + u - t
  }

  private static func writeTailPlaces(
    _ layout: CrossProductLayout, _ node: Int, _ places: inout [Int]
  ) {
    let starts = layout.blocks.tailStarts
    for k in starts[node]..<starts[node + 1] {
      places[layout.remainderStart + Int(layout.blocks.tails[k])] = k - starts[node]
    }
  }

  private func writePairs(
    _ pairs: CrossProductLayout.Pairs, _ layout: CrossProductLayout, _ rows: MixedRows
  ) {
    let terms = layout.termCount
    var firstPlaces = [Int](repeating: 0, count: layout.columns[pairs.first].levels + 1)
    for level in pairs.firstLevels { firstPlaces[Int(level) + 1] += 1 }
    for level in 1..<firstPlaces.count { firstPlaces[level] += firstPlaces[level - 1] }
    let size = layout.columns[pairs.first].width * layout.columns[pairs.second].width
    for run in 0..<rows.runCount {
      let levels = rows.levels.base + run * terms
      var low = firstPlaces[Int(levels[pairs.first])]
      var high = firstPlaces[Int(levels[pairs.first]) + 1]
      while high - low > 1 {
        let middle = (low + high) / 2
        if pairs.secondLevels[middle] <= levels[pairs.second] {
          low = middle
        } else {
          high = middle
        }
      }
      blocks.base[run * pairCount + Self.index(pairs.first, pairs.second, terms)] =
        Int32(pairs.start + low * size)
    }
  }
}
