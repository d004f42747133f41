import RepeatContacts

extension FixPlan {
  /// The shares that the first fixes take together, two by two and as the greedy order grows.
  func joint(_ fitted: FittedAttribution) -> JointRemovals {
    var result = JointRemovals()
    let first = ranked.prefix(FixPlan.compared).map { targets.targets[$0].parts }
    guard first.count > 1 else { return result }
    for a in first.indices { for b in (a + 1)..<first.count { result.sets.append([a, b]) } }
    for count in 3..<max(greedy.count + 1, 3) { result.sets.append(greedy.prefix(count).sorted()) }
    let fractions = totals.fractions(
      result.sets.map { set in PartRemoval(parts: set.flatMap { first[$0] }.sorted()) },
      fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    let masks = result.sets.map { $0.reduce(UInt64(0)) { $0 | 1 << UInt64($1) } }
    let bearing = FixPlan.bearing(first, on: fitted.cells)
    let contacts = fitted.data.contactOfRow(rowCount: fitted.input.table.count)
    for (row, contact) in contacts.enumerated() where contact >= 0 {
      let cell = Int(fitted.data.cell[Int(contact)])
      guard bearing[cell].nonzeroBitCount > 1 else { continue }
      for set in masks.indices where (masks[set] & bearing[cell]).nonzeroBitCount > 1 {
        result.row.append(Int32(row))
        result.set.append(Int32(set))
        result.share.append(fractions[set][cell])
      }
    }
    result.sets = result.sets.map { $0.map { $0 + 1 } }
    return result
  }

  /// By observed cell, the fixes of which a part holds, or may hold, on it.
  private static func bearing(_ fixes: [[Int]], on cells: ModeCells) -> [UInt64] {
    (0..<cells.observedCount).map { cell in
      var mask: UInt64 = 0
      for entry in Int(cells.mixtureStart[cell])..<Int(cells.mixtureStart[cell + 1]) {
        let parts = cells.cellParts[Int(cells.mixtureCell[entry])]
        for (k, own) in fixes.enumerated() where own.contains(where: { parts.contains(Int32($0)) })
        {
          mask |= 1 << UInt64(k)
        }
      }
      return mask
    }
  }
}
