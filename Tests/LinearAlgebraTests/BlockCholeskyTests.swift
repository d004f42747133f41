import LinearAlgebra
import Testing

/// A forest with two levels of nodes and a remainder, against the dense matrix it stands for.
@Suite struct BlockCholeskyTests {
  /// Nodes 0 - 4 are leaves of 5 and 6, node 7 is a root of its own; widths differ.
  struct Example {
    let layout: BlockLayout
    var dense: Matrix

    init(remainder: Int, tailStep: Int) {
      let parents = [5, 5, 5, 6, 6, -1, -1, -1]
      let widths = [1, 1, 1, 1, 1, 2, 2, 3]
      var tails: [[Int32]] = (0..<5).map { node in
        (0..<Int32(remainder)).filter {
          ($0 + Int32(node)) % Int32(tailStep) == 0 || $0 >= remainder - 3
        }
      }
      let whole = (0..<Int32(remainder)).map { $0 }
      tails += [whole, whole, whole.filter { $0 % 2 == 1 || $0 >= remainder - 3 }]
      var starts = [0]
      for tail in tails { starts.append(starts[starts.count - 1] + tail.count) }
      let layout = BlockLayout(
        widths: widths, parents: parents, tailStarts: starts, tails: tails.flatMap { $0 },
        remainder: remainder)
      dense = Matrix(rows: layout.order, columns: layout.order)
      self.layout = layout
      var state = 1.0
      BlockCholeskyTests.forEachPlace(of: layout) { _, r, c in
        state = (state * 1.37 + 0.11).truncatingRemainder(dividingBy: 1.9)
        dense[r, c] = r == c ? Double(layout.order) + state : state - 0.95
        dense[c, r] = dense[r, c]
      }
    }
  }

  /// Visits the places of panels and remainder: where they are kept, row and column.
  static func forEachPlace(of layout: BlockLayout, _ body: (Int, Int, Int) -> Void) {
    let first = layout.coefficientStarts[layout.count]
    for node in 0..<layout.count {
      var rows = (0..<layout.widths[node]).map { layout.coefficientStarts[node] + $0 }
      var ancestor = layout.parents[node]
      while ancestor >= 0 {
        rows += (0..<layout.widths[ancestor]).map { layout.coefficientStarts[ancestor] + $0 }
        ancestor = layout.parents[ancestor]
      }
      for k in layout.tailStarts[node]..<layout.tailStarts[node + 1] {
        rows.append(first + Int(layout.tails[k]))
      }
      for c in 0..<layout.widths[node] {
        for r in c..<rows.count {
          body(
            layout.panelStarts[node] + c * rows.count + r, rows[r],
            layout.coefficientStarts[node] + c)
        }
      }
    }
    for c in 0..<layout.remainder {
      for r in c..<layout.remainder {
        body(-1 - (c * layout.remainder + r), first + r, first + c)
      }
    }
  }

  func forEachPlace(_ layout: BlockLayout, _ body: (Int, Int, Int) -> Void) {
    Self.forEachPlace(of: layout, body)
  }

  func factored(_ example: Example) throws -> BlockCholesky {
    let factor = BlockCholesky(layout: example.layout)
    forEachPlace(example.layout) { place, r, c in
      if place >= 0 {
        factor.panels[place] = example.dense[r, c]
      } else {
        factor.dense[-1 - place] = example.dense[r, c]
      }
    }
    try factor.factor()
    return factor
  }

  /// Full tails take the gathered path, sparse ones the scattered.
  @Test(arguments: [(4, 1), (24, 1), (24, 8)])
  func agreesWithTheDenseMatrix(remainder: Int, tailStep: Int) throws {
    let example = Example(remainder: remainder, tailStep: tailStep)
    let factor = try factored(example)
    let dense = try CholeskyFactor(example.dense)
    #expect(abs(factor.logDeterminant() - dense.logDeterminant) < 1e-12)
    let right = (0..<example.layout.order).map { Double($0 % 7) - 3 }
    var solution = right
    solution.withUnsafeMutableBufferPointer {
      factor.solveLower($0.baseAddress!)
      factor.solveUpper($0.baseAddress!)
    }
    #expect(largestDifference(solution, dense.solve(right)) < 1e-13)
    expectInverse(factor, example.layout, dense.inverse(), dropping: 0)
  }

  /// Dropping the last rows is the factor of the matrix without them.
  @Test func dropsTheLastRows() throws {
    let example = Example(remainder: 24, tailStep: 1)
    let factor = try factored(example)
    let kept = Array(0..<example.layout.order - 3)
    let dense = try CholeskyFactor(example.dense.submatrix(rows: kept, columns: kept))
    #expect(abs(factor.logDeterminant(dropping: 3) - dense.logDeterminant) < 1e-12)
    #expect(
      abs(factor.logDeterminant(ofLast: 3) + dense.logDeterminant - factor.logDeterminant())
        < 1e-12)
    let right = kept.map { Double($0 % 5) - 2 }
    var solution = right + [9, 9, 9]
    solution.withUnsafeMutableBufferPointer {
      factor.solveLower($0.baseAddress!, dropping: 3)
      factor.solveUpper($0.baseAddress!, dropping: 3)
    }
    #expect(largestDifference(Array(solution[..<kept.count]), dense.solve(right)) < 1e-13)
    expectInverse(factor, example.layout, dense.inverse(), dropping: 3)
  }

  private func expectInverse(
    _ factor: BlockCholesky, _ layout: BlockLayout, _ known: Matrix, dropping: Int
  ) {
    var panels = [Double](repeating: 0, count: layout.panelCount)
    var dense = [Double](repeating: 0, count: layout.remainder * layout.remainder)
    panels.withUnsafeMutableBufferPointer { panels in
      dense.withUnsafeMutableBufferPointer { dense in
        factor.writeInverse(panels.baseAddress!, dense.baseAddress!, dropping: dropping)
      }
    }
    var worst = 0.0
    forEachPlace(layout) { place, r, c in
      if r >= known.rows { return }
      worst = max(worst, abs((place >= 0 ? panels[place] : dense[-1 - place]) - known[r, c]))
    }
    #expect(worst < 1e-14)
  }

  @Test func namesTheFailingCoefficient() throws {
    var example = Example(remainder: 4, tailStep: 1)
    example.dense[3, 3] = -1
    #expect(throws: LinearAlgebraError.notPositiveDefinite(leadingMinor: 4)) {
      try factored(example)
    }
    example.dense[3, 3] = .nan
    #expect(throws: LinearAlgebraError.notFinite(position: 4)) { try factored(example) }
  }
}
