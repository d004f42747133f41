import Execution
import RepeatContacts
import Statistics

/// Logs simulated from the fitted background, in which failures happen and bring nothing.
struct SimulatedNull: Refuter {
  static let name = RefuterName.simulatedNull
  static let meaning =
    "Logs were drawn from the fitted model with all links between contacts taken out: failures "
    + "happen, nobody comes back because of them. Repeats may be found there about as often as a 95 % "
    + "test allows, one time in twenty."

  static let replicates = 20
  /// Contacts of the log that each simulation stands for at most, by whole customers.
  static let maximumContacts = 15_000

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let fit = attempt.fitted.fit
    let data = attempt.fitted.data.sampled(atMost: SimulatedNull.maximumContacts, salt: 53)
    let model = LinkModel(data: data, rate: fit.model.rate, background: fit.model.background)
    let background = SimulatedBackground(model: model, parameters: fit.parameters)
    let scores = try attempt.inParallel(SimulatedNull.replicates) { k -> [Double] in
      var stream = RandomStream(seed: attempt.seed, keys: 0x6e75_6c6c, UInt64(k))
      let executor = EmbeddedExecutor(threads: 1)
      return try NullLevels(
        background.draw(&stream), attempt, fitter: attempt.alone, executor: executor
      ).root
    }
    return RefuterVerdicts.judged(
      attempt.targets.enumerated().map { t, target in
        let count = scores.count
        let alarms = scores.count { NullLevels.chance($0[t]) < 0.05 }
        return .init(
          target: target, expected: 0.05 * Double(count), observed: Double(alarms), ci95: nil,
          p: attempt.values[t] == 0 ? nil : SimulatedNull.chance(of: alarms, in: count),
          matters: alarms * 4 > count
        ) { verdict in
          switch verdict {
          case .notApplicable: "Nothing in such logs could tell this figure from chance."
          case .pass:
            "Found in \(alarms) of \(count) logs without any, as chance has it."
          default:
            "Found in \(alarms) of \(count) logs without any: more often than chance allows. In a log "
              + "like this, a figure of this kind may be found where there is none."
          }
        }
      })
  }

  /// Chance of so many alarms or more where each has one of 5 %.
  static func chance(of alarms: Int, in count: Int) -> Double {
    var term = 1.0
    for _ in 0..<count { term *= 0.95 }
    var below = 0.0
    for k in 0..<alarms {
      below += term
      term *= Double(count - k) / Double(k + 1) * (0.05 / 0.95)
    }
    return max(0, min(1, 1 - below))
  }
}
