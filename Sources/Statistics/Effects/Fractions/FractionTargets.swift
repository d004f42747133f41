/// Which differences of mean risks a set of attributable fractions is made of.
///
/// Removing the exposures S changes a row's risk only through the exposures it has, so that a row
/// asks for as many risks as there are subsets of its own exposures, not of all.
struct FractionTargets: Sendable {
  let exposures: [Exposure]
  /// Fractions are linear in v(S) = 1 − mean risk without S / mean risk.
  let fractionCount: Int
  /// For each pattern its place in `sets`.
  let setOfPattern: [Int32]
  let sets: [ExposureSet]

  /// The exposures that some rows have in common.
  struct ExposureSet: Sendable {
    /// Removals that change the risk of these rows and that a fraction asks for.
    let terms: [Term]
  }

  struct Term: Sendable {
    /// Columns that become 0.
    let columns: [Int]
    /// What the change of risk counts in each fraction's Σ c(S) (risk without S − risk).
    let weights: [Double]
  }

  /// - Parameter weights: for each fraction the weight of v(S) at S, a bit mask of exposures.
  init(_ rows: PatternedRows, exposures: [Exposure], weights: [[Double]]) {
    self.exposures = exposures
    fractionCount = weights.count
    let numbers = Set(rows.numbers.map(\.column))
    var known: [UInt32: Int32] = [:]
    var (masks, sets) = ([UInt32](), [Int32]())
    for pattern in 0..<rows.patterns.rowCount {
      let ones = Set(rows.patterns.columns(ofRow: pattern).map { Int($0) })
      var mask: UInt32 = 0
      for (bit, exposure) in exposures.enumerated()
      where exposure.columns.contains(where: { ones.contains($0) || numbers.contains($0) }) {
        mask |= 1 << UInt32(bit)
      }
      if known[mask] == nil {
        known[mask] = Int32(masks.count)
        masks.append(mask)
      }
      sets.append(known[mask] ?? 0)
    }
    setOfPattern = sets
    self.sets = masks.map { FractionTargets.set($0, exposures, weights) }
  }

  private static func set(
    _ mask: UInt32, _ exposures: [Exposure], _ weights: [[Double]]
  ) -> ExposureSet {
    var bySubset = [[Double]](
      repeating: [Double](repeating: 0, count: weights.count), count: Int(mask) + 1)
    for (fraction, row) in weights.enumerated() {
      for (coalition, weight) in row.enumerated() where weight != 0 {
        bySubset[coalition & Int(mask)][fraction] += weight
      }
    }
    let terms = bySubset.indices.dropFirst().compactMap { subset -> Term? in
      guard bySubset[subset].contains(where: { $0 != 0 }) else { return nil }
      let removed = exposures.indices.filter { subset >> $0 & 1 == 1 }
      let columns = Set(removed.flatMap { exposures[$0].columns }).sorted()
      return Term(columns: columns, weights: bySubset[subset])
    }
    return ExposureSet(terms: terms)
  }

  /// What removing a term's columns does to the linear predictor of a pattern's rows: a constant,
  /// and for each number column that becomes 0 its place in `numbers`.
  func shift(
    _ term: Term, _ pattern: Int, _ rows: PatternedRows, _ coefficients: [Double]
  ) -> (level: Double, numbers: [Int]) {
    var level = 0.0
    for column in rows.patterns.columns(ofRow: pattern) where term.columns.contains(Int(column)) {
      level -= coefficients[Int(column)]
    }
    return (level, rows.numbers.indices.filter { term.columns.contains(rows.numbers[$0].column) })
  }
}

/// A cause that could be absent: the columns of a design that would be 0 then, its products with
/// other causes included.
public struct Exposure: Sendable, Equatable {
  public let name: String
  public let columns: [Int]

  public init(name: String, columns: [Int]) {
    self.name = name
    self.columns = columns
  }
}
