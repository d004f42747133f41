import Statistics

/// A binary outcome on a factor, a number and clusters, in more rows than one block holds.
enum BlockedTable {
  /// - Parameter number: draws the number of a row.
  static func table(
    rows: Int, seed: UInt64, clusters: Int, number: (inout RandomStream) -> Double
  ) throws -> DataTable {
    var stream = RandomStream(seed: seed)
    var codes = [Int32](repeating: 0, count: rows)
    var (x, y, cluster) = (
      [Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows),
      [Double](repeating: 0, count: rows)
    )
    for row in 0..<rows {
      codes[row] = Int32(stream.categorical([5, 3, 2, 1]))
      x[row] = number(&stream)
      cluster[row] = Double(row % clusters)
      let eta = -0.5 + 0.4 * x[row] + 0.3 * Double(codes[row])
      y[row] = stream.bernoulli(logistic(eta)) ? 1 : 0
    }
    var table = DataTable(rowCount: rows)
    try table.append("y", y)
    try table.append("g", try DataTable.Text(codes: codes, levels: ["a", "b", "c", "d"]))
    try table.append("x", x)
    try table.append("cluster", cluster)
    return table
  }
}
