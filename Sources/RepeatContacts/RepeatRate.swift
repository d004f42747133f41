import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The form of κ, the expected repeats an interaction brings within the window: which columns it
/// has, on which scale they add up, and which modes have a delay of their own.
package struct RepeatRateForm: Sendable, Equatable {
  package var link: PowerLink
  /// Pairs of modes with a coefficient of their own.
  package var pairs: [ModePair]
  /// Whether each part (mode at a component) deviates from its mode.
  package var componentTerms: Bool
  /// Modes with their own delay and topic persistence, in order of priority; group 0 is the rest.
  package var ownDelay: [Int]

  package struct ModePair: Sendable, Equatable {
    package let first: Int
    package let second: Int

    package init(first: Int, second: Int) {
      self.first = first
      self.second = second
    }
  }

  package init(
    link: PowerLink = PowerLink(exponent: 0), pairs: [ModePair] = [], componentTerms: Bool = false,
    ownDelay: [Int] = []
  ) {
    self.link = link
    self.pairs = pairs
    self.componentTerms = componentTerms
    self.ownDelay = ownDelay
  }

  package var groupCount: Int { 1 + ownDelay.count }

  /// The delay group of an interaction on which these modes hold.
  @inline(__always) package func group(mask: UInt64) -> Int {
    for (k, mode) in ownDelay.enumerated() where mask & (1 << UInt64(mode)) != 0 { return k + 1 }
    return 0
  }
}

/// κ's columns over the cells of a log, and κ at any combination of modes.
package struct RepeatRateDesign: Sendable {
  package let form: RepeatRateForm
  package private(set) var cells: ModeCells
  package let columnNames: [String]
  /// Penalty of each column: none to speak of on what is asked about, more on what is adjusted for.
  package let ridge: [Double]
  package let design: IndicatorDesign
  package let cellGroup: [UInt8]
  private let modeColumn: [Int32]
  private let partColumn: [Int32]
  private let pairColumn: [Int32]
  private let contextOffset: Int32 = 1

  /// - Parameter ridges: penalties of context columns that are asked about themselves, by name.
  package init(cells: ModeCells, form: RepeatRateForm, ridges: [String: Double] = [:]) {
    self.cells = cells
    self.form = form
    var names = ["(intercept)"]
    var ridge = [1e-8]
    for name in cells.context.columnNames {
      names.append(name)
      ridge.append(ridges[name] ?? 2)
    }
    var modeColumn = [Int32](repeating: -1, count: cells.modes.count)
    for m in cells.modes.indices where cells.parts.contains(where: { $0.mode == m }) {
      modeColumn[m] = Int32(names.count)
      names.append(cells.modes[m].name)
      ridge.append(0.05)
    }
    var partColumn = [Int32](repeating: -1, count: cells.parts.count)
    if form.componentTerms {
      for (p, part) in cells.parts.enumerated() {
        let siblings = cells.parts.filter { $0.mode == part.mode }.count
        guard siblings > 1 else { continue }
        partColumn[p] = Int32(names.count)
        names.append("\(cells.modes[part.mode].name)@\(part.component ?? "(none)")")
        ridge.append(6)
      }
    }
    var pairColumn: [Int32] = []
    for pair in form.pairs {
      pairColumn.append(Int32(names.count))
      names.append("\(cells.modes[pair.first].name)×\(cells.modes[pair.second].name)")
      ridge.append(3)
    }
    columnNames = names
    self.ridge = ridge
    self.modeColumn = modeColumn
    self.partColumn = partColumn
    self.pairColumn = pairColumn
    var design = IndicatorDesign(columnCount: names.count)
    var groups: [UInt8] = []
    for c in 0..<cells.cellCount {
      var columns: [Int32] = [0]
      columns += cells.context.columns[Int(cells.cellCombination[c])].map { $0 + 1 }
      RepeatRateDesign.append(
        parts: cells.cellParts[c], cells: cells, form: form, modeColumn: modeColumn,
        partColumn: partColumn, pairColumn: pairColumn, to: &columns)
      design.append(row: columns.sorted())
      groups.append(UInt8(form.group(mask: cells.cellMask[c])))
    }
    self.design = design
    cellGroup = groups
  }

  private static func append(
    parts: [Int32], cells: ModeCells, form: RepeatRateForm, modeColumn: [Int32],
    partColumn: [Int32], pairColumn: [Int32], to columns: inout [Int32]
  ) {
    var mask: UInt64 = 0
    for part in parts {
      let mode = cells.parts[Int(part)].mode
      mask |= 1 << UInt64(mode)
      columns.append(modeColumn[mode])
      if partColumn[Int(part)] >= 0 { columns.append(partColumn[Int(part)]) }
    }
    for (k, pair) in form.pairs.enumerated()
    where mask & (1 << UInt64(pair.first)) != 0 && mask & (1 << UInt64(pair.second)) != 0 {
      columns.append(pairColumn[k])
    }
  }

  /// The same columns over the same cells under other mixture weights.
  package func replacing(cells other: ModeCells) -> RepeatRateDesign {
    var copy = self
    copy.cells = other
    return copy
  }

  /// How large a change of 1 on log κ is on the link's scale, at a typical κ.
  package var coefficientScale: Double { pow(0.15, form.link.exponent) }

  /// Coefficient of each mode as such, by mode; −1 where it is left out.
  package func column(ofMode mode: Int) -> Int { Int(modeColumn[mode]) }

  /// Coefficient of a part's deviation from its mode; −1 where it has none.
  package func column(ofPart part: Int) -> Int { Int(partColumn[part]) }

  /// Coefficient of the k-th pair of modes of the form.
  package func column(ofPair k: Int) -> Int { Int(pairColumn[k]) }

  /// Linear predictor of the context alone, for each combination.
  package func contextPredictor(_ coefficients: [Double]) -> [Double] {
    cells.context.columns.map { columns in
      columns.reduce(coefficients[0]) { $0 + coefficients[1 + Int($1)] }
    }
  }

  /// κ of every cell.
  package func means(_ coefficients: [Double]) -> [Double] {
    design.linearPredictor(coefficients).map { form.link.mean($0) }
  }
}
