import LinearAlgebra
import RealModule

extension FoldedLogistic {
  /// Gradients outside each fold at its own coefficients, in one pass over the rows.
  struct FoldedGradient {
    let model: FoldedLogistic

    init(_ model: FoldedLogistic) { self.model = model }

    func gradients(_ coefficients: [[Double]]) -> [[Double]] {
      let (rows, width, folds) = (model.rows, model.rows.width, model.rows.folds)
      let stacked = coefficients.flatMap { $0 }
      let partial = rows.map(model.tasks) { task in gradient(task, stacked) }
      var sum = [Double](repeating: 0, count: width * folds)
      for part in partial { addTo(&sum, part) }
      let count = model.tasks.reduce(0) { $0 + $1.reduce(0) { $0 + rows.blocks[$1].count } }
      return (0..<folds).map { fold in
        var gradient = Array(sum[fold * width..<(fold + 1) * width])
        addTo(&gradient, coefficients[fold], times: -FoldedRows.relativeRidge * Double(count))
        return gradient
      }
    }

    private func gradient(_ task: Range<Int>, _ stacked: [Double]) -> [Double] {
      let (rows, width, folds) = (model.rows, model.rows.width, model.rows.folds)
      var sum = [Double](repeating: 0, count: width * folds)
      let predictors = Scratch<Double>(count: FoldedRows.rowsPerBlock * folds, repeating: 0)
      for block in rows.blocks[task] {
        let values = rows.values(of: block)
        BlockKernels.multiply(
          values, rows: block.count, columns: width, stacked, width: folds, into: predictors.base)
        for fold in 0..<folds {
          let column = predictors.base + fold * block.count
          // A fold says nothing of its own model.
          if fold == block.fold {
            column.update(repeating: 0, count: block.count)
            continue
          }
          for i in 0..<block.count {
            column[i] = model.responses[block.start + i] - 1 / (1 + Double.exp(-column[i]))
          }
        }
        sum.withUnsafeMutableBufferPointer {
          BlockKernels.addTransposeProduct(
            values, rows: block.count, columns: width, predictors.base, width: folds,
            to: $0.baseAddress!)
        }
      }
      return sum
    }
  }
}
