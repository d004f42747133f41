import LinearAlgebra
import RealModule

extension FoldedLogistic {
  /// Some untreated row is as likely to be treated as some treated one. Where none is, the likelihood
  /// has no maximum, and what a fold's model says of the rows between the arms is chance.
  func requireOverlap(_ coefficients: [Double]) throws(EffectError) {
    let ranges = rows.map(tasks) { task in
      let predictor = Scratch<Double>(count: FoldedRows.rowsPerBlock, repeating: 0)
      var (low, high) = (Double.infinity, -Double.infinity)
      for block in rows.blocks[task] {
        BlockKernels.multiply(
          rows.values(of: block), rows: block.count, columns: rows.width, coefficients, width: 1,
          into: predictor.base)
        for i in 0..<block.count {
          low = min(low, predictor.base[i])
          high = max(high, predictor.base[i])
        }
      }
      return (low: low, high: high)
    }
    var (highest, lowest) = (-Double.infinity, Double.infinity)
    for (task, range) in zip(tasks, ranges) {
      if rows.group(of: task).treated {
        lowest = min(lowest, range.low)
      } else {
        highest = max(highest, range.high)
      }
    }
    guard highest < lowest else { return }
    throw .noOverlap(
      highestOfControls: 1 / (1 + Double.exp(-highest)),
      lowestOfTreated: 1 / (1 + Double.exp(-lowest)))
  }

  /// For each fold 0 or 1 where every response outside it is that, else nil.
  func certainResponses() -> [Double?] {
    var (above0, below1) = (
      [Int](repeating: 0, count: rows.folds), [Int](repeating: 0, count: rows.folds)
    )
    for task in tasks {
      for block in rows.blocks[task] {
        for i in block.start..<block.start + block.count {
          if responses[i] > 0 { above0[block.fold] += 1 }
          if responses[i] < 1 { below1[block.fold] += 1 }
        }
      }
    }
    let (all0, all1) = (above0.reduce(0, +), below1.reduce(0, +))
    return above0.indices.map { fold in
      all0 == above0[fold] ? 0 : all1 == below1[fold] ? 1 : nil
    }
  }
}
