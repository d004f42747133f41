import LinearAlgebra

/// One block of the cross products: its columns' and its rows' term and level, and its places.
struct BlockPlace {
  let columnTerm: Int
  let rowTerm: Int
  /// First coefficient of the columns, and of the rows.
  let columnStart: Int
  let rowStart: Int
  let width: Int
  let height: Int
  /// Whether it stands in the panels, both here and in the factor.
  let isInPanels: Bool
  /// First value and leading dimension among the cross products.
  let start: Int
  let stride: Int
  /// The same in a factor or inverse of the layout: its panels, or its dense remainder.
  let factorStart: Int
  let factorStride: Int

  var isDiagonal: Bool { columnStart == rowStart }
}

extension CrossProductLayout {
  /// Calls `body` for every block that is kept, each once, in one order.
  @inline(__always)
  func forEachBlock(_ body: (BlockPlace) -> Void) {
    forEachPanelBlock(body)
    forEachTailBlock(body)
  }

  @inline(__always)
  private func forEachPanelBlock(_ body: (BlockPlace) -> Void) {
    for t in 0..<chainCount {
      let width = columns[t].width
      for level in 0..<columns[t].levels {
        let node = nodeStarts[t] + level
        let height = blocks.heights[node]
        let columnStart = blocks.coefficientStarts[node]
        var place = blocks.panelStarts[node]
        func visit(_ rowTerm: Int, _ rowStart: Int) {
          body(
            BlockPlace(
              columnTerm: t, rowTerm: rowTerm, columnStart: columnStart, rowStart: rowStart,
              width: width, height: columns[rowTerm].width, isInPanels: true, start: place,
              stride: height, factorStart: place, factorStride: height))
          place += columns[rowTerm].width
        }
        visit(t, columnStart)
        var (ancestor, term) = (blocks.parents[node], t + 1)
        while ancestor >= 0 {
          visit(term, blocks.coefficientStarts[ancestor])
          ancestor = blocks.parents[ancestor]
          term += 1
        }
        var entry = blocks.tailStarts[node]
        while entry < blocks.tailStarts[node + 1] {
          let rowTerm = Int(tailTerms[entry])
          visit(rowTerm, remainderStart + Int(blocks.tails[entry]))
          entry += columns[rowTerm].width
        }
      }
    }
  }

  @inline(__always)
  private func forEachTailBlock(_ body: (BlockPlace) -> Void) {
    let order = blocks.remainder
    func visit(_ t: Int, _ u: Int, _ columnStart: Int, _ rowStart: Int, _ place: Int) {
      let height = columns[u].width
      body(
        BlockPlace(
          columnTerm: t, rowTerm: u, columnStart: columnStart, rowStart: rowStart,
          width: columns[t].width, height: height, isInPanels: false, start: place,
          stride: height,
          factorStart: (columnStart - remainderStart) * order + rowStart - remainderStart,
          factorStride: order))
    }
    for t in chainCount..<termCount {
      let width = columns[t].width
      for level in 0..<columns[t].levels {
        let start = columns[t].start + level * width
        visit(t, t, start, start, ownStarts[t] + level * width * width)
        visit(t, termCount, start, fixed.start, crossStarts[t] + level * width * fixedCount)
      }
    }
    for pair in pairs {
      let (t, u) = (pair.first, pair.second)
      let size = columns[t].width * columns[u].width
      for i in pair.firstLevels.indices {
        visit(
          t, u, columns[t].start + Int(pair.firstLevels[i]) * columns[t].width,
          columns[u].start + Int(pair.secondLevels[i]) * columns[u].width, pair.start + i * size)
      }
    }
    visit(termCount, termCount, fixed.start, fixed.start, fixedStart)
  }
}
