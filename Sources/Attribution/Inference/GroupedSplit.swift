import Execution
import LinearAlgebra
import RepeatContacts

/// The four parts of the split over groups of this log's contacts (topics), with what moves them: totals
/// and derivatives, `group * 4 + part`.
///
/// A group is taken as the log's totals are (`SplitGradient`), of its own contacts' coverage: cells in
/// which it has none cost nothing.
package struct GroupedSplit {
  private let fitted: FittedAttribution
  /// Contacts of each group.
  private let members: [[Int]]

  /// Places of a group.
  static let width = PartScores.count

  /// - Parameters:
  ///   - groups: the group of each contact of the fit's data, −1 for none.
  package init(_ fitted: FittedAttribution, groups: [Int32], groupCount: Int) {
    self.fitted = fitted
    var members = [[Int]](repeating: [], count: groupCount)
    for (i, group) in groups.enumerated() where group >= 0 { members[Int(group)].append(i) }
    self.members = members
  }

  /// The parts of every group under a fit of the same contacts.
  ///
  /// - Parameters:
  ///   - effects: of the fit's design.
  ///   - weights: what each contact counts as; nil: 1.
  package func values(_ fit: LinkFit, effects: CellEffects, weights: [Double]?) -> [Double] {
    let functionals = SplitFunctionals(effects: effects, data: fitted.data, weights: weights)
    let ofCell = functionals.cellEffects(
      fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    return members.flatMap { contacts in
      let sum = contacts.reduce(into: SIMD4<Double>()) { sum, i in
        let exposure = functionals.exposure(
          delay: fit.parameters.delay, left: fitted.data.end - fitted.data.time[i])
        sum += functionals.parts(
          ofContact: i, exposure: exposure, effects: ofCell[Int(fitted.data.cell[i])])
      }
      return (0..<Self.width).map { sum[$0] }
    }
  }

  /// Derivatives of the groups' parts in the layout's coordinates, a row a group and part.
  package func gradient(_ layout: ScoreLayout, threads: Int) -> Matrix {
    let (data, effects) = (fitted.data, fitted.effects)
    var result = Matrix(rows: members.count * Self.width, columns: layout.count)
    for (group, contacts) in members.enumerated() where !contacts.isEmpty {
      let coverage = CoverageByCell(
        cell: contacts.map { data.cell[$0] }, left: contacts.map { data.end - data.time[$0] },
        bins: data.bins, cellCount: fitted.cells.observedCount,
        weights: fitted.functionals.weights.map { weights in contacts.map { weights[$0] } })
      let own = SplitGradient(
        functionals: SplitFunctionals(effects: effects, bins: data.bins, coverage: coverage),
        layout: layout, cells: fitted.cells, rates: fitted.rates
      ).matrix(threads: threads)
      for part in 0..<Self.width {
        for k in 0..<layout.count { result[group * Self.width + part, k] = own[part, k] }
      }
    }
    return result
  }
}
