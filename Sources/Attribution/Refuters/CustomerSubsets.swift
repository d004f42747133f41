import RepeatContacts
import Statistics

/// The model refitted on random parts of the customers: halves in a small log, up to tenths in a large.
///
/// Each part's parameters are applied to the whole log's contacts, so that the figures compare. Their
/// scatter around their mean is held against the errors that the customers' influences give for parts
/// of that size, by χ² with one degree less than parts.
struct CustomerSubsets: Refuter {
  static let name = RefuterName.subsetCustomers
  static let meaning =
    "The customers were parted at random and each part analysed alone. Estimates for the whole log "
    + "may differ between parts by no more than their errors say."

  /// Contacts that a part should have.
  static let contactsPerPart = 8_000

  static func parts(contacts: Int) -> Int { min(max(contacts / contactsPerPart, 2), 10) }

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let fitted = attempt.fitted
    let data = fitted.data
    let count = CustomerSubsets.parts(contacts: data.count)
    let salt = Int(truncatingIfNeeded: attempt.seed &* 7919) &+ 0x5ab5
    let parts = (0..<data.customerCount).map { Int(mix($0 &+ salt) % UInt64(count)) }
    let values = try attempt.inParallel(count) { g -> [Double] in
      let model = LinkModel(
        data: data.restricted { parts[$0] == g }, rate: fitted.fit.model.rate,
        background: fitted.fit.model.background)
      return attempt.totals(try attempt.alone.fit(model, from: fitted.fit.parameters).parameters)
    }
    let words = count == 2 ? "halves" : "\(count) parts"
    return RefuterVerdicts.judged(
      attempt.targets.enumerated().map { t, target in
        let estimates = values.map { $0[t] }
        let mean = estimates.reduce(0, +) / Double(count)
        // A part of 1/G of the customers has √G times the whole log's error.
        let error = attempt.errors[t] * Double(count).squareRoot()
        let square = estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (error * error)
        let low = estimates.min() ?? 0
        let high = estimates.max() ?? 0
        return .init(
          target: target, expected: attempt.values[t], observed: mean,
          ci95: [low, high],
          p: square.isFinite
            ? ChiSquareDistribution.upperTail(square, degreesOfFreedom: Double(count - 1)) : nil,
          matters: (square / Double(count - 1)) > 2
        ) { verdict in
          switch verdict {
          case .notApplicable: "The figure has no error to compare with."
          case .pass:
            "Between \(grouped(low)) and \(grouped(high)) in the \(words), as errors of that size have it."
          default:
            "Between \(grouped(low)) and \(grouped(high)) in the \(words), farther apart than errors say: "
              + "the figure hangs on a few customers, and its interval is too narrow."
          }
        }
      })
  }
}
