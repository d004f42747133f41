import FailureModes
import LinearAlgebra
import RepeatContacts

/// Which members of staff and failing components the log can tell apart.
///
/// Members and the failures of components are the two sides of a graph, its edges the contacts on which
/// both meet. Where a member and a failure meet on all or nearly all contacts of both, what follows may
/// be either's. With G the complete-data information of κ's context, members and failures, P = G⁻¹:
/// the squared correlation P_sc²/(P_ss P_cc) of the two estimates is the share of what is known of the
/// one that is gone when the other is not known, everything else in the model given.
package struct Separability: Sendable {
  package struct Pair: Sendable, Equatable {
    /// Place among the compared members.
    package let member: Int
    package let part: Int
    /// Contacts of the member on which the failure holds.
    package let contacts: Int
    /// Share of the information on the one that the other takes away, 0...1.
    package let shared: Double
    /// Repeats that are more, or fewer, on these contacts than without both: all of it one's, or the
    /// other's.
    package let excess: Double
  }

  /// Pairs that cannot be told apart, in order of member and part.
  package let pairs: [Pair]
  /// Share of the information on each member's effect that topic, shift, failures and the other
  /// members leave, 0...1.
  package let left: [Double]

  /// From this share on a pair is not identifiable.
  package static let limit = 0.9
  /// Below this share a member is not comparable with the others.
  package static let leastLeft = 0.1
  private static let minimumContacts = 10
  /// A standard deviation of 10 on log κ, where nothing else says anything.
  private static let prior = 0.01

  package init(_ model: StaffModel) throws {
    let fit = model.fit
    let cells = model.cells
    let groups = fit.model.rate.form.groupCount
    let contextCount = cells.context.columnNames.count
    let exposure = fit.model.coverage.exposures(fit.parameters.delay)
    let rate = fit.tables.rate
    /// Information on each member's effect were all else known.
    var alone = [Double](repeating: 0, count: model.memberColumns.count)
    let counts = cells.observedCounts(fit.model.data)
    let partCount = cells.parts.count
    var design = WeightedOnes(columnCount: 1 + contextCount + partCount)
    for o in 0..<cells.observedCount {
      var columns: [Int32] = [0]
      columns += cells.context.columns[Int(cells.observedCombination[o])].map { $0 + 1 }
      for part in cells.cellParts[cells.settledCell(o)] {
        columns.append(Int32(1 + contextCount) + part)
      }
      var information = 0.0
      for g in 0..<groups { information += rate[o * groups + g] * exposure[o * groups + g] }
      design.add(columns, weight: information)
      if model.memberOfCell[o] >= 0 { alone[Int(model.memberOfCell[o])] += information }
    }
    var gram = design.gram
    for k in 0..<gram.rows { gram[k, k] += Self.prior }
    let inverse = try CholeskyFactor(gram).inverse()

    // Members against the reference, which those who can be told make up.
    let places = model.memberColumns
    let precision = places.map { $0 >= 0 ? 1 / inverse[$0, $0] : 0 }
    let total = precision.reduce(0, +)
    func row(_ k: Int) -> [(Int, Double)] {
      places.indices.filter { places[$0] >= 0 && total > 0 }.map {
        (places[$0], ($0 == k ? 1 : 0) - precision[$0] / total)
      }
    }
    func variance(_ row: [(Int, Double)]) -> Double {
      var sum = 0.0
      for (i, a) in row { for (j, b) in row { sum += a * b * inverse[i, j] } }
      return sum
    }
    let contrasts = places.indices.map(row)
    let variances = contrasts.map(variance)
    left = places.indices.map { k in
      let own = alone[k]
      return min(1, 1 / max(own * variances[k], 1e-300))
    }
    var meeting = [[Int: Double]](repeating: [:], count: places.count)
    for o in 0..<cells.observedCount {
      let member = Int(model.memberOfCell[o])
      guard member >= 0 else { continue }
      for part in cells.cellParts[cells.settledCell(o)] {
        meeting[member][Int(part), default: 0] += counts[o]
      }
    }
    var found: [Pair] = []
    for k in places.indices {
      for part in meeting[k].keys.sorted() {
        let contacts = Int(meeting[k][part] ?? 0)
        guard contacts >= Self.minimumContacts else { continue }
        let column = 1 + contextCount + part
        let covariance = contrasts[k].reduce(0.0) { $0 + $1.1 * inverse[$1.0, column] }
        let shared = covariance * covariance / (variances[k] * inverse[column, column])
        guard shared >= Self.limit else { continue }
        found.append(
          Pair(
            member: k, part: part, contacts: contacts, shared: min(shared, 1),
            excess: Self.excess(model, member: k, part: part)))
      }
    }
    pairs = found
  }

  /// What member and failure bring together on the contacts on which they meet, beyond what is
  /// expected there without the failure and of the reference.
  private static func excess(_ model: StaffModel, member: Int, part: Int) -> Double {
    let fit = model.fit
    let rate = fit.model.rate
    let cells = model.cells
    let groups = rate.form.groupCount
    let coefficients = fit.parameters.coefficients
    let predictor = rate.design.linearPredictor(coefficients)
    let exposure = fit.model.coverage.exposures(fit.parameters.delay)
    let column = model.memberColumns[member]
    var effect = (column >= 0 ? coefficients[column] : 0) - model.reference
    effect += coefficients[rate.column(ofMode: cells.parts[part].mode)]
    if rate.column(ofPart: part) >= 0 { effect += coefficients[rate.column(ofPart: part)] }
    var sum = 0.0
    for o in 0..<cells.observedCount {
      guard Int(model.memberOfCell[o]) == member,
        cells.cellParts[cells.settledCell(o)].contains(Int32(part))
      else { continue }
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[entry])
        let e = cells.mixtureWeight[entry] * exposure[o * groups + Int(rate.cellGroup[cell])]
        sum +=
          e * (rate.form.link.mean(predictor[cell]) - rate.form.link.mean(predictor[cell] - effect))
      }
    }
    return sum
  }
}

/// Σ weight · x xᵀ of rows of ones.
private struct WeightedOnes {
  var gram: Matrix

  init(columnCount: Int) { gram = Matrix(rows: columnCount, columns: columnCount) }

  mutating func add(_ columns: [Int32], weight: Double) {
    for a in columns { for b in columns { gram[Int(a), Int(b)] += weight } }
  }
}
