import LinearAlgebra

/// Which columns of a design depend on earlier ones, and whether products of it keep enough digits.
struct Conditioning {
  /// Columns that say something of their own, ascending.
  let kept: [Int]
  /// R of the kept columns by Householder reflections, where XᵀX alone was not trusted.
  let triangle: Matrix?
  /// The least share that a kept column has outside the earlier ones, relative to its length.
  let leastShare: Double

  /// A column is dropped where less than this share of its length is outside the earlier ones: R's
  /// tolerance in `glm`. (Its `lm` has 1e-7, at which NIST's Filip loses its last power.)
  static let tolerance = 1e-11
  /// Down to this share XᵀX has the digits to be trusted: it squares it.
  static let safeShare = 1e-3

  /// Looks at the rows that have a positive weight.
  init(_ design: Design, weights: [Double], threads: Int) {
    let present = weights.map { $0 > 0 ? 1.0 : 0.0 }
    let product = design.crossProduct(weights: present, threads: threads)
    let lengths = product.diagonal.map { $0.squareRoot() }
    if let share = Self.leastShare(product, lengths), share > Self.safeShare {
      kept = Array(0..<design.columnCount)
      triangle = nil
      leastShare = share
      return
    }
    let whole = Self.triangle(of: design, present)
    let kept = Self.independent(whole, lengths)
    self.kept = kept
    let own = Self.triangle(of: whole, kept)
    triangle = own
    leastShare =
      zip(own.diagonal, kept).map { abs($0) / max(lengths[$1], .leastNormalMagnitude) }.min() ?? 1
  }

  /// The least diagonal entry of the Cholesky factor of the correlations; nil where there is none.
  private static func leastShare(_ product: Matrix, _ lengths: [Double]) -> Double? {
    if lengths.contains(0) { return nil }
    var scaled = product
    for c in lengths.indices {
      for r in lengths.indices { scaled[r, c] /= lengths[r] * lengths[c] }
    }
    guard let factor = try? CholeskyFactor(scaled) else { return nil }
    return factor.lower.diagonal.min() ?? 1
  }

  /// R of the design's present rows, a block of rows at a time on top of the R so far.
  private static func triangle(of design: Design, _ present: [Double]) -> Matrix {
    let width = design.columnCount
    let blockRows = max(4 * width, 512)
    var triangle = Matrix(rows: 0, columns: width)
    var rows: [Int] = []
    func flush() {
      var stacked = Matrix(rows: max(triangle.rows + rows.count, width), columns: width)
      for c in 0..<width {
        for r in 0..<triangle.rows { stacked[r, c] = triangle[r, c] }
      }
      design.write(rows, to: &stacked, from: triangle.rows)
      triangle = HouseholderQR(stacked).triangle
      rows.removeAll(keepingCapacity: true)
    }
    for place in present.indices where present[place] > 0 {
      rows.append(place)
      if rows.count == blockRows { flush() }
    }
    flush()
    return triangle
  }

  /// The columns that are not within the tolerance of earlier ones, in order, as R's limited
  /// column exchange finds them: a dependent column is left out before the next is looked at.
  private static func independent(_ triangle: Matrix, _ lengths: [Double]) -> [Int] {
    var kept = lengths.indices.filter { lengths[$0] > 0 }
    while true {
      let own = Self.triangle(of: triangle, kept)
      let dependent = kept.indices.first {
        abs(own[$0, $0]) < Self.tolerance * lengths[kept[$0]]
      }
      guard let dependent else { return kept }
      kept.remove(at: dependent)
    }
  }

  private static func triangle(of whole: Matrix, _ columns: [Int]) -> Matrix {
    HouseholderQR(whole.submatrix(rows: Array(0..<whole.rows), columns: columns)).triangle
  }
}

extension Design {
  /// Writes the rows at places into a matrix that is zero there, from one of its rows on.
  func write(_ places: [Int], to matrix: inout Matrix, from firstRow: Int) {
    var index = 0
    while index < places.count {
      let cell = self.cell(ofPlace: places[index])
      let own = entries[Int(entryStarts[cell])..<Int(entryStarts[cell + 1])]
      while index < places.count, places[index] < Int(cellStarts[cell + 1]) {
        let place = places[index]
        for entry in [common[...], own].joined() {
          matrix[firstRow + index, Int(entry.column)] +=
            entry.value == 0 ? 1 : values[(Int(entry.value) - 1) * rowCount + place]
        }
        index += 1
      }
    }
  }
}
