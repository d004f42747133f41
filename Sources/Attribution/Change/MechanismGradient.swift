import LinearAlgebra
import RepeatContacts

/// How the mechanisms' shares move with the parameters that κ and the staff errors' rates hang on, for
/// the delta method. Rows are parameters, columns mechanisms.
struct MechanismGradient {
  /// By κ's coefficient, moved in both periods at once.
  private(set) var coefficients: Matrix
  /// By a period's deviations (level, then modes).
  private(set) var drift: [Matrix]
  /// By a period's shift of each mode's rate, by a team's, `mode * teams + team`, and by a staff
  /// member's intercept, `mode * staff + member`.
  private(set) var rates: [Matrix]
  private(set) var teams: Matrix
  private(set) var staff: Matrix

  private static let players = Mechanism.allCases.count

  init(
    _ leafRates: LeafRates, tree: SituationTree, frames: [LeafRates.Frame], weight: [Double],
    teamOfStaff: [Int32], teamCount: Int
  ) {
    let fitted = leafRates.fitted
    let design = fitted.fit.model.rate
    let scale = design.coefficientScale
    let players = MechanismGradient.players
    let modes = fitted.cells.modes.count
    coefficients = Matrix(rows: design.columnNames.count, columns: players)
    drift = [Matrix](repeating: Matrix(rows: 1 + modes, columns: players), count: 2)
    rates = [Matrix](repeating: Matrix(rows: modes, columns: players), count: 2)
    teams = Matrix(rows: modes * max(teamCount, 1), columns: players)
    let staffCount = teamOfStaff.count
    staff = Matrix(rows: modes * max(staffCount, 1), columns: players)
    var byCombination = [Double](repeating: 0, count: fitted.context.columns.count * players)
    var amount = [Double](repeating: 0, count: players)
    var bySource = [Double](repeating: 0, count: 4 * players)
    var byMode: [Double] = []
    for (l, leaf) in tree.leaves.enumerated() {
      let frame = frames[l]
      let setWeights = (0..<2).map {
        leafRates.weights(frame, leafRates.errorRates(frame, leaf, period: $0))
      }
      // Probability of each error over the sets that are spelled out.
      let errorRates = setWeights.map { weights in
        frame.modes.indices.map { place in
          zip(weights, frame.sets).reduce(0.0) {
            $0 + ($1.1.places & (1 << place) != 0 ? $1.0 : 0)
          }
        }
      }
      let team = leaf.staff >= 0 ? Int(teamOfStaff[leaf.staff]) : -1
      // Summed over the leaf first: by effects' source, by level's, and by errors' source and mode.
      for k in bySource.indices { bySource[k] = 0 }
      byMode = [Double](repeating: 0, count: 2 * frame.modes.count * players)
      for effects in 0..<2 {
        for level in 0..<2 {
          for (n, set) in frame.sets.enumerated() {
            let kappa = leafRates.kappa(frame, leaf, set, effects: effects, level: level)
            for k in 0..<players { amount[k] = 0 }
            for errors in 0..<2 {
              let variant =
                effects * LeafRates.effects + errors * LeafRates.errors + level * LeafRates.level
              let base = (l * LeafRates.variants + variant) * players
              let p = setWeights[errors][n]
              for k in 0..<players { amount[k] += weight[base + k] * p * kappa.slope }
              for place in frame.modes.indices {
                let holds = set.places & (1 << place) != 0 ? 1.0 : 0
                let change = p * kappa.mean * (holds - errorRates[errors][place])
                let row = (errors * frame.modes.count + place) * players
                for k in 0..<players { byMode[row + k] += weight[base + k] * change }
              }
            }
            for k in 0..<players {
              bySource[effects * players + k] += amount[k]
              bySource[(2 + level) * players + k] += amount[k]
            }
            guard set.places != 0 else { continue }
            for k in 0..<players {
              for column in set.columns { coefficients[column, k] += amount[k] }
              var rest = set.modes
              while rest != 0 {
                drift[effects][1 + rest.trailingZeroBitCount, k] += scale * amount[k]
                rest &= rest - 1
              }
            }
          }
        }
      }
      for t in 0..<2 {
        for k in 0..<players {
          let part = bySource[t * players + k]
          byCombination[leaf.combination * players + k] += part
          drift[t][0, k] += scale * bySource[(2 + t) * players + k]
          for column in frame.systemColumns { coefficients[column, k] += part }
          var rest = frame.systemMask
          while rest != 0 {
            drift[t][1 + rest.trailingZeroBitCount, k] += scale * part
            rest &= rest - 1
          }
          for (place, m) in frame.modes.enumerated() {
            let change = byMode[(t * frame.modes.count + place) * players + k]
            rates[t][m, k] += change
            if team >= 0 { teams[m * teamCount + team, k] += change }
            if leaf.staff >= 0 { staff[m * staffCount + leaf.staff, k] += change }
          }
        }
      }
    }
    for (combination, columns) in fitted.context.columns.enumerated() {
      for k in 0..<players {
        let part = byCombination[combination * players + k]
        coefficients[0, k] += part
        for column in columns { coefficients[1 + Int(column), k] += part }
      }
    }
  }
}
