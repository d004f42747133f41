import FailureModes
import InteractionLog

/// The distinct combinations of modelled columns that occur in a log: what fits see instead of rows.
///
/// An *observed cell* is what is known of an interaction: context, modes that hold, modes that
/// nobody looked for, staff member where a rate depends on it. It is a mixture of *cells*, in which
/// every mode is settled, with the probabilities of the modes' rates as weights; an interaction on
/// which everything was looked at is one cell with weight 1. A *part* is a mode at a component.
package struct ModeCells: Sendable {
  package struct Part: Sendable, Equatable {
    package let mode: Int
    /// nil: the mode's rows carry no component.
    package let component: String?
  }

  package let modes: [FailureMode]
  package let context: ContextTable
  package private(set) var rates: ModeRates
  package let parts: [Part]
  /// Observed cell of each row of the table.
  package let observedOfRow: [Int32]
  /// Context combination, staff code (−1 none) and settled part list of each observed cell.
  package let observedCombination: [Int32]
  package let observedStaff: [Int32]
  /// Cells of observed cell o: `mixture[mixtureStart[o] ..< mixtureStart[o + 1]]`.
  package let mixtureStart: [Int32]
  package let mixtureCell: [Int32]
  package private(set) var mixtureWeight: [Double]
  package let cellCombination: [Int32]
  package let cellParts: [[Int32]]
  package let cellMask: [UInt64]
  private let mixtureUnknown: [UInt64]
  /// By observed cell with unknown modes: the modes that were looked at, could have held and have a
  /// rate. Whether they hold tells of the unknown modes that bring them about. 0 elsewhere.
  package let evidence: [UInt64]

  package var observedCount: Int { mixtureStart.count - 1 }
  /// Whether some mode is unknown on some interaction.
  package var hasUnknown: Bool { mixtureCell.count > observedCount }
  /// The cell of observed cell `o` in which no unknown mode holds; it comes first in the mixture.
  ///
  /// In the repeat rate's estimating equation what nobody looked at adds to this cell: the linear
  /// predictor is shifted by the unknown modes' present effect, and that effect itself is told by
  /// interactions that were looked at. Otherwise an error in the modes' rates, where most is unknown, would pass for one in
  /// their effects. The update and the scores must agree in this.
  @inline(__always) package func settledCell(_ o: Int) -> Int {
    Int(mixtureCell[Int(mixtureStart[o])])
  }

  package var cellCount: Int { cellCombination.count }

  package init(
    table: InteractionTable, modes modeTable: ModeTable, context: ContextTable, rates: ModeRates
  ) {
    modes = modeTable.modes
    self.context = context
    self.rates = rates
    let count = modeTable.modes.count
    precondition(count <= 62, "at most 62 modes")
    let used = modeTable.modes.indices.filter { rates.leftOut[$0] == nil }
    // Parts in order of mode, then component.
    var parts: [Part] = []
    var partOf = [[Int32: Int32]](repeating: [:], count: count)
    for m in used {
      let column = modeTable.component[m]
      var seen = Set<Int32>()
      for row in 0..<table.count where modeTable.state[m].storage[row] != 0 {
        seen.insert(column.codes[row])
      }
      for code in seen.sorted() {
        partOf[m][code] = Int32(parts.count)
        parts.append(Part(mode: m, component: code < 0 ? nil : column.values[Int(code)]))
      }
    }
    self.parts = parts
    let staff = table.text("staff_id")
    let staffModes = used.filter { modeTable.modes[$0].side == .staff && rates.rates[$0] != nil }
    var index = CellIndex(width: 2 + 2 * used.count)
    var key = [Int32](repeating: 0, count: 2 + 2 * used.count)
    var observedOfRow = [Int32](repeating: 0, count: table.count)
    for row in 0..<table.count {
      key[0] = context.combination[row]
      var system = false
      var staffMayErr = false
      let someUnknown = used.contains { modeTable.state[$0].storage[row] < 0 }
      for (k, m) in used.enumerated() {
        let state = modeTable.state[m].storage[row]
        let couldNotHold = state == 0 && modeTable.applies[m].storage[row] != 1
        key[2 + 2 * k] = someUnknown && couldNotHold ? ModeCells.impossible : Int32(state)
        key[3 + 2 * k] = state == 0 ? -1 : partOf[m][modeTable.component[m].codes[row]] ?? -1
        if modeTable.modes[m].side == .system {
          system = system || state != 0
        } else if state < 0 {
          staffMayErr = true
        }
      }
      if system {
        staffMayErr =
          staffMayErr || staffModes.contains { modeTable.applies[$0].storage[row] == 1 }
      }
      key[1] = staffMayErr ? (staff?.codes[row] ?? -1) : -1
      observedOfRow[row] = index.number(of: key)
    }
    self.observedOfRow = observedOfRow

    var cells = CellIndex(width: 1 + used.count)
    var cellKey = [Int32](repeating: -1, count: 1 + used.count)
    var combinations: [Int32] = []
    var staffs: [Int32] = []
    var starts: [Int32] = [0]
    var mixtureCell: [Int32] = []
    var mixtureUnknown: [UInt64] = []
    var evidence: [UInt64] = []
    for o in 0..<index.count {
      let k = index[o]
      let base = k.startIndex
      combinations.append(k[base])
      staffs.append(k[base + 1])
      let unknown = used.indices.filter { k[base + 2 + 2 * $0] < 0 }
      var unknownMask: UInt64 = 0
      for u in unknown { unknownMask |= 1 << UInt64(used[u]) }
      var known: UInt64 = 0
      for u in used.indices
      where (k[base + 2 + 2 * u] == 0 || k[base + 2 + 2 * u] == 1) && rates.rates[used[u]] != nil {
        known |= 1 << UInt64(used[u])
      }
      evidence.append(unknown.isEmpty ? 0 : known)
      for choice in ModeCells.choices(unknown) {
        cellKey[0] = k[base]
        for u in used.indices {
          let holds = k[base + 2 + 2 * u] == 1 || choice.contains(u)
          cellKey[1 + u] = holds ? k[base + 3 + 2 * u] : -1
        }
        mixtureCell.append(cells.number(of: cellKey))
        mixtureUnknown.append(unknownMask)
      }
      starts.append(Int32(mixtureCell.count))
    }
    observedCombination = combinations
    observedStaff = staffs
    mixtureStart = starts
    self.mixtureCell = mixtureCell
    self.mixtureUnknown = mixtureUnknown
    self.evidence = evidence
    var cellCombination: [Int32] = []
    var cellParts: [[Int32]] = []
    var cellMask: [UInt64] = []
    for c in 0..<cells.count {
      let k = cells[c]
      cellCombination.append(k[k.startIndex])
      let list = used.indices.compactMap { u -> Int32? in
        let part = k[k.startIndex + 1 + u]
        return part >= 0 ? part : nil
      }
      cellParts.append(list)
      cellMask.append(list.reduce(UInt64(0)) { $0 | (1 << UInt64(parts[Int($1)].mode)) })
    }
    self.cellCombination = cellCombination
    self.cellParts = cellParts
    self.cellMask = cellMask
    mixtureWeight = []
    mixtureWeight = weights(rates)
  }

  /// State of a mode, in the key of a cell with unknown ones, that is free of it because it could not
  /// have held.
  private static let impossible: Int32 = 2

  /// The subsets of unknown modes that are spelled out: all of up to four, beyond that none, singles
  /// and pairs (weights are renormalised).
  private static func choices(_ unknown: [Int]) -> [[Int]] {
    if unknown.count <= 4 {
      return (0..<(1 << unknown.count)).map { bits in
        unknown.indices.filter { bits & (1 << $0) != 0 }.map { unknown[$0] }
      }
    }
    var list: [[Int]] = [[]]
    for a in unknown.indices {
      list.append([unknown[a]])
      for b in unknown.indices where b > a { list.append([unknown[a], unknown[b]]) }
    }
    return list
  }

  /// Contacts of each observed cell.
  package func observedCounts(_ data: LinkData) -> [Double] {
    var counts = [Double](repeating: 0, count: observedCount)
    for o in data.cell { counts[Int(o)] += 1 }
    return counts
  }

  /// Contacts in the cells that `holds` picks, those nobody looked at by their probability.
  package func expectedContacts(_ data: LinkData, where holds: (_ cell: Int) -> Bool) -> Double {
    let counts = observedCounts(data)
    var sum = 0.0
    for o in counts.indices where counts[o] > 0 {
      for e in Int(mixtureStart[o])..<Int(mixtureStart[o + 1]) where holds(Int(mixtureCell[e])) {
        sum += counts[o] * mixtureWeight[e]
      }
    }
    return sum
  }

  /// The mixture weights under other rates; they sum to 1 within each observed cell.
  package func weights(_ rates: ModeRates) -> [Double] {
    let table = RateTable(rates)
    var result = [Double](repeating: 1, count: mixtureCell.count)
    for o in 0..<observedCount { weigh(o, table, into: &result) }
    return result
  }

  /// Overwrites the mixture weights of one observed cell by those under these rates: the probability
  /// of each settled cell given what was looked at. What an unknown mode is likely to have brought
  /// about and what was looked at (a failed action, an error of staff) counts as evidence of it.
  package func weigh(_ o: Int, _ rates: RateTable, into result: inout [Double]) {
    let range = Int(mixtureStart[o])..<Int(mixtureStart[o + 1])
    guard range.count > 1 else { return }
    let told = evidence(o, rates, of: mixtureUnknown[range.lowerBound])
    var total = 0.0
    for entry in range {
      let mask = cellMask[Int(mixtureCell[entry])]
      var weight = 1.0
      var children = told
      while children != 0 {
        let m = children.trailingZeroBitCount
        children &= children - 1
        let p = rates.probability(
          m, combination: Int(observedCombination[o]), staff: Int(observedStaff[o]), mask: mask)
        weight *= mask & (1 << UInt64(m)) != 0 ? p : 1 - p
      }
      var unknown = mixtureUnknown[entry]
      while unknown != 0 {
        let m = unknown.trailingZeroBitCount
        unknown &= unknown - 1
        let p =
          rates.has(m)
          ? rates.probability(
            m, combination: Int(observedCombination[o]), staff: Int(observedStaff[o]), mask: mask)
          : 0.5
        weight *= mask & (1 << UInt64(m)) != 0 ? p : 1 - p
      }
      result[entry] = weight
      total += weight
    }
    for entry in range { result[entry] /= max(total, 1e-300) }
  }

  /// The modes of an observed cell that tell of the unknown ones.
  private func evidence(_ o: Int, _ rates: RateTable, of unknown: UInt64) -> UInt64 {
    var result: UInt64 = 0
    var known = evidence[o]
    while known != 0 {
      let m = known.trailingZeroBitCount
      known &= known - 1
      if rates.has(m) && rates.parents(of: m) & unknown != 0 { result |= 1 << UInt64(m) }
    }
    return result
  }

  /// The same cells under other rates.
  package func reweighted(_ rates: ModeRates) -> ModeCells {
    var copy = self
    copy.rates = rates
    copy.mixtureWeight = weights(rates)
    return copy
  }
}
