import RepeatContacts
import Statistics

/// A random covariate added to what is adjusted for: no figure may move by more than chance has it.
///
/// Drawn by interaction, by customer, by day and by member of staff. Where days or staff share shocks
/// that the model does not know, a covariate of that grain picks them up and its coefficient varies
/// more than its error says; a figure whose customers' influences go with it moves along.
struct RandomCommonCause: Refuter {
  static let name = RefuterName.randomCommonCause
  static let meaning =
    "Columns of random numbers were added to what is adjusted for: one number per interaction, per "
    + "customer, per day, per member of staff. They mean nothing, so no figure may move by more than "
    + "chance has it."

  static let draws = 12

  private struct Level {
    var name: String
    var unit: [Int32]
    var count: Int
  }

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let levels = levels(attempt)
    let draws = RandomCommonCause.draws
    let found = try attempt.inParallel(levels.count * draws) { k -> ScoreField.Finding? in
      let level = levels[k / draws]
      var stream = RandomStream(seed: attempt.seed, keys: 0x636f_6d6d, UInt64(k))
      let values = (0..<level.count).map { _ in stream.normal() }
      return attempt.field.finding(level.unit.map { $0 < 0 ? 0 : values[Int($0)] })
    }
    let units = levels.map { attempt.field.effectiveUnits($0.unit, count: $0.count) }
    return RefuterVerdicts.judged(
      attempt.targets.enumerated().map { t, target in
        let error = attempt.errors[t]
        var least: (p: Double, level: Int) = (1, 0)
        var largest = 0.0
        for l in levels.indices {
          let list = found[(l * draws)..<((l + 1) * draws)].compactMap { $0 }
          let tried = RandomCommonCause.test(list, target: t, units: units[l])
          if tried.p < least.p { least = (tried.p, l) }
          largest = max(largest, tried.move)
        }
        let move = largest
        let grain = levels[least.level].name
        let share = error > 0 ? largest / error : 0
        let value = attempt.values[t]
        return .init(
          target: target, expected: value, observed: value + move, ci95: nil,
          // The least of as many p values as there are levels.
          p: error > 0 ? min(1, least.p * Double(levels.count)) : nil, matters: share > 0.25
        ) { verdict in
          switch verdict {
          case .notApplicable: "The figure has no error to compare a move with."
          case .pass:
            "Moves by \(grouped(move)) at most, \(percent(share)) of its standard error."
          default:
            "Random numbers per \(grain) find more than chance allows, and move the "
              + "figure by up to \(percent(share)) of its standard error: contacts of one "
              + "\(grain) share something that the model does not know."
          }
        }
      })
  }

  private func levels(_ attempt: RefutationCase) -> [Level] {
    let data = attempt.field.data
    var customer = [Int32](repeating: 0, count: data.count)
    for c in 0..<data.customerCount {
      for i in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) { customer[i] = Int32(c) }
    }
    var list = [
      Level(name: "interaction", unit: (0..<data.count).map { Int32($0) }, count: data.count),
      Level(name: "customer", unit: customer, count: data.customerCount),
      Level(name: "day", unit: data.day, count: data.dayCount),
    ]
    if let staff = attempt.fitted.input.table.text("staff_id"), staff.values.count > 1 {
      list.append(
        Level(
          name: "member of staff", unit: data.row.map { staff.codes[Int($0)] },
          count: staff.values.count))
    }
    return list
  }

  /// Mean square of the draws' z, each weighted by how far it can move the figure, against χ² with the
  /// degrees of freedom that so many weighted draws of so many units have.
  private static func test(_ list: [ScoreField.Finding], target t: Int, units: Double) -> (
    p: Double, move: Double
  ) {
    var (weights, squares, sum, largest) = (0.0, 0.0, 0.0, 0.0)
    for finding in list where finding.z != 0 {
      let reach = finding.moves[t] / finding.z
      let weight = reach * reach
      weights += weight
      squares += weight * weight
      sum += weight * finding.z * finding.z
      largest = max(largest, abs(finding.moves[t]))
    }
    guard weights > 0 else { return (1, 0) }
    let freedom = 1 / (squares / (weights * weights) + 1 / max(units, 1))
    return (
      ChiSquareDistribution.upperTail(sum / weights * freedom, degreesOfFreedom: freedom), largest
    )
  }
}
