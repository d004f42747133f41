import RepeatContacts
import Statistics

/// A random covariate added to what is adjusted for: no figure may move by more than chance has it.
///
/// Drawn by interaction, by customer, by day and by member of staff. Where days or staff share shocks
/// that the model does not know, a covariate of that grain picks them up and its coefficient varies
/// more than its error says. That is tested, once for each grain; figures that a covariate of the worst
/// grain hardly moves pass all the same.
struct RandomCommonCause: Refuter {
  static let name = RefuterName.randomCommonCause
  static let meaning =
    "Columns of random numbers were added to what is adjusted for: one number per interaction, per "
    + "customer, per day, per member of staff. They mean nothing, so no figure may move by more than "
    + "chance has it."

  static let draws = 16
  /// Moves below this share of a figure's standard error are none.
  static let moved = 0.1

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
    let lists = levels.indices.map { l in
      found[(l * draws)..<((l + 1) * draws)].compactMap { $0 }
    }
    let chances = levels.indices.map { l in
      RandomCommonCause.chance(
        lists[l], units: attempt.field.effectiveUnits(levels[l].unit, count: levels[l].count))
    }
    let worst = chances.indices.min { chances[$0] < chances[$1] } ?? 0
    // The least of as many p values as there are levels.
    let p = min(1, chances[worst] * Double(levels.count))
    let grain = levels[worst].name
    return RefuterVerdicts.judged(
      attempt.targets.enumerated().map { t, target in
        let error = attempt.errors[t]
        let move = lists[worst].map { abs($0.moves[t]) }.max() ?? 0
        let share = error > 0 ? move / error : 0
        let value = attempt.values[t]
        return .init(
          target: target, expected: value, observed: value + move, ci95: nil,
          p: error > 0 ? (share < RandomCommonCause.moved ? 1 : p) : nil, matters: share > 0.5
        ) { verdict in
          switch verdict {
          case .notApplicable: "The figure has no error to compare a move with."
          case .pass:
            "Moves by \(grouped(move)) at most, \(percent(share)) of its standard error."
          default:
            "Random numbers per \(grain) find more than chance allows, and move the figure by up to "
              + "\(percent(share)) of its standard error: contacts of one \(grain) share something "
              + "that the model does not know."
          }
        }
      }, isOneTest: true)
  }

  private func levels(_ attempt: RefutationCase) -> [Level] {
    let data = attempt.field.data
    var customer = [Int32](repeating: 0, count: data.count)
    for c in 0..<data.customerCount {
      let range = Int(data.customerStart[c])..<Int(data.customerStart[c + 1])
      for i in range { customer[i] = Int32(c) }
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

  /// Mean square of the draws' z against χ² with the degrees of freedom that so many draws, of so many
  /// units, have.
  private static func chance(_ list: [ScoreField.Finding], units: Double) -> Double {
    guard !list.isEmpty else { return 1 }
    let count = Double(list.count)
    let square = list.reduce(0) { $0 + $1.z * $1.z } / count
    let freedom = 1 / (1 / count + 1 / max(units, 1))
    return ChiSquareDistribution.upperTail(square * freedom, degreesOfFreedom: freedom)
  }
}
