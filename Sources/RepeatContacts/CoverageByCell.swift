/// How much of the repeat window the log covers, by observed cell.
///
/// A contact long before the log's end has its whole window inside; a late one only the bins that
/// have passed. Whatever is linear in the covered delay mass (exposures, compensators, their
/// derivatives) needs of the late contacts only the covered share of each bin, summed over a cell.
package struct CoverageByCell: Sendable {
  /// Contacts of each cell whose window is covered whole.
  package let whole: [Double]
  /// Cells with late contacts, ascending.
  package let lateCells: [Int32]
  /// Σ over the late contacts of `lateCells[k]` of the covered share of bin b, at `k * bins + b`.
  package let lateShares: [Double]
  package let binCount: Int

  /// Linear in contacts.
  ///
  /// - Parameter weights: what each contact counts as; nil: 1.
  package init(data: LinkData, cellCount: Int, weights: [Double]? = nil) {
    self.init(
      cell: data.cell, left: data.time.map { data.end - $0 }, bins: data.bins,
      cellCount: cellCount, weights: weights)
  }

  /// - Parameters:
  ///   - cell: observed cell of each contact.
  ///   - left: operational days from each contact to the log's end.
  package init(
    cell cells: [Int32], left: [Double], bins: DelayBins, cellCount: Int, weights: [Double]? = nil
  ) {
    binCount = bins.count
    var whole = [Double](repeating: 0, count: cellCount)
    var place = [Int32](repeating: -1, count: cellCount)
    var late: [Int32] = []
    for i in cells.indices {
      let cell = Int(cells[i])
      if left[i] >= bins.window {
        whole[cell] += weights?[i] ?? 1
      } else if place[cell] < 0 {
        place[cell] = 0
        late.append(cells[i])
      }
    }
    late.sort()
    for (k, cell) in late.enumerated() { place[Int(cell)] = Int32(k) }
    var shares = [Double](repeating: 0, count: late.count * bins.count)
    for i in cells.indices where left[i] < bins.window {
      let row = Int(place[Int(cells[i])]) * bins.count
      for b in 0..<bins.count {
        let share = bins.coverage(b, left[i])
        if share == 0 { break }
        shares[row + b] += share * (weights?[i] ?? 1)
      }
    }
    self.whole = whole
    lateCells = late
    lateShares = shares
  }

  /// Exposure of each cell by delay group: contacts times the covered mass of the group's delay.
  package func exposures(_ delay: [[Double]]) -> [Double] {
    let groups = delay.count
    var result = [Double](repeating: 0, count: whole.count * groups)
    for o in whole.indices {
      for g in 0..<groups { result[o * groups + g] = whole[o] }
    }
    for (k, cell) in lateCells.enumerated() {
      for g in 0..<groups {
        var sum = 0.0
        for b in 0..<binCount { sum += delay[g][b] * lateShares[k * binCount + b] }
        result[Int(cell) * groups + g] += sum
      }
    }
    return result
  }

  /// Σ over contacts of rate × covered share of each bin, for one delay group.
  ///
  /// - Parameter rate: κ of each cell by group, `rate[cell * groups + group]`.
  package func binExposures(rate: [Double], group: Int, groups: Int) -> [Double] {
    var full = 0.0
    for o in whole.indices { full += whole[o] * rate[o * groups + group] }
    var result = [Double](repeating: full, count: binCount)
    for (k, cell) in lateCells.enumerated() {
      let each = rate[Int(cell) * groups + group]
      if each == 0 { continue }
      for b in 0..<binCount { result[b] += each * lateShares[k * binCount + b] }
    }
    return result
  }
}
