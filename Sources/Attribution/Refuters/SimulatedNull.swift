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
      return try NullScores(
        background.draw(&stream), attempt, fitter: attempt.alone, executor: executor
      ).z
    }
    return RefuterVerdicts.judged(
      attempt.targets.enumerated().map { t, target in
        let z = scores.map { $0[t] }.filter(\.isFinite)
        let alarms = z.count { abs($0) > NormalDistribution.quantile975 }
        let square = z.reduce(0) { $0 + $1 * $1 }
        let mean = z.reduce(0, +) / Double(max(z.count, 1))
        return .init(
          target: target, expected: 0.05 * Double(z.count),
          observed: z.isEmpty ? nil : Double(alarms), ci95: nil,
          p: z.count < 5
            ? nil
            : ChiSquareDistribution.upperTail(square, degreesOfFreedom: Double(z.count)),
          matters: alarms * 5 > z.count
        ) { verdict in
          switch verdict {
          case .notApplicable: "Nothing in such logs could tell this figure from chance."
          case .pass:
            "Found in \(alarms) of \(z.count) logs without any, as chance has it."
          default:
            "Found in \(alarms) of \(z.count) logs without any: more often than chance allows"
              + (abs(mean) > 0.5
                ? ", mostly too \(mean > 0 ? "many" : "few") repeats." : ".")
              + " In a log like this, figures of this kind are less sure than their intervals say."
          }
        }
      })
  }
}
