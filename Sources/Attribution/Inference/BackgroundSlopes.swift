import RepeatContacts

/// Derivatives of what a customer's background contributes, by number of own contacts: the prior's
/// log weights in its coordinates, the log rising factorials in the log concentration of topic mixes.
package struct BackgroundSlopes: Sendable {
  /// By coordinate, then `class * stride + r`.
  package let prior: [[Double]]
  /// Of the log probability of being seen, by coordinate.
  package let seen: [Double]
  /// `topic * stride + r`; empty without own mixes.
  package let rising: [Double]
  package let risingTotal: [Double]

  /// - Parameters:
  ///   - model: the model whose passes the derivatives go with: they share its tables' stride.
  package init(model: LinkModel, parameters: LinkParameters, stride: Int) {
    let masses = model.masses(parameters)
    let maximum = stride - 1
    let h = 1e-4
    var prior: [[Double]] = []
    var seen: [Double] = []
    let x = parameters.prior.coordinates
    for k in x.indices {
      var up = x
      var down = x
      up[k] += h
      down[k] -= h
      let a = parameters.prior.moved(to: up).table(
        grid: model.grid, masses: masses, maximum: maximum)
      let b = parameters.prior.moved(to: down).table(
        grid: model.grid, masses: masses, maximum: maximum)
      prior.append(
        zip(a.logWeight, b.logWeight).map { $0.isFinite && $1.isFinite ? ($0 - $1) / (2 * h) : 0 })
      seen.append((a.logSeen - b.logSeen) / (2 * h))
    }
    self.prior = prior
    self.seen = seen
    guard parameters.mixConcentration.isFinite else {
      rising = []
      risingTotal = []
      return
    }
    let alpha = parameters.mixConcentration
    func derivative(_ share: Double) -> [Double] {
      var sums = [0.0]
      for r in 0..<maximum {
        sums.append(sums[r] + alpha * share / (alpha * share + Double(r)))
      }
      return sums
    }
    rising = parameters.topicShare.flatMap { derivative(max($0, 1e-9)) }
    risingTotal = derivative(1)
  }
}
