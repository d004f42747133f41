import LinearAlgebra

/// How the variances of single outcomes are estimated.
public enum DiscontinuityVariance: Sendable, Equatable {
  /// From so many nearest neighbours; `NearestNeighbours` has the formula.
  case nearestNeighbour(matches: Int)
  /// Squared residuals of the fit.
  case hc0
  /// HC0 times n / (n − coefficients).
  case hc1
  /// Squared residuals over 1 − leverage.
  case hc2
  /// Squared residuals over (1 − leverage)².
  case hc3

  /// The usual name: `nn`, `hc0` ... `hc3`.
  public var name: String {
    switch self {
    case .nearestNeighbour: "nn"
    case .hc0: "hc0"
    case .hc1: "hc1"
    case .hc2: "hc2"
    case .hc3: "hc3"
    }
  }

  /// The variance of a name, with three neighbours for `nn`.
  public init?(name: String) {
    let all: [DiscontinuityVariance] = [
      .nearestNeighbour(matches: 3), .hc0, .hc1, .hc2, .hc3,
    ]
    guard let found = all.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

/// The variances of single outcomes of one side, by window and fit.
struct SideVariance: Sendable {
  let side: RunningSide
  let estimator: DiscontinuityVariance
  private let neighbours: NearestNeighbours?

  init(side: RunningSide, estimator: DiscontinuityVariance) {
    self.side = side
    self.estimator = estimator
    neighbours =
      if case .nearestNeighbour(let matches) = estimator {
        NearestNeighbours(side: side, matches: matches)
      } else { nil }
  }

  /// σ² of the first `count` observations, padded like the side; `fit` gives residuals and
  /// leverages where the estimator asks for them.
  func variances(first count: Int, around fit: LocalPolynomial) -> [Double] {
    if let neighbours { return neighbours.variances(first: count) }
    var result = [Double](repeating: 0, count: side.distances.count)
    let freedom = Double(count) / Double(count - fit.order - 1)
    for i in 0..<count {
      let u = side.distances[i] / fit.unit
      var (fitted, power) = (0.0, 1.0)
      for coefficient in fit.coefficients {
        fitted += coefficient * power
        power *= u
      }
      let residual = side.outcomes[i] - fitted
      let square = residual * residual
      switch estimator {
      case .nearestNeighbour, .hc0: result[i] = square
      case .hc1: result[i] = square * freedom
      case .hc2: result[i] = square / unleveraged(fit, i)
      case .hc3:
        let rest = unleveraged(fit, i)
        result[i] = square / (rest * rest)
      }
    }
    return result
  }

  /// 1 − leverage, at least 1e-8.
  @inline(__always)
  private func unleveraged(_ fit: LocalPolynomial, _ i: Int) -> Double {
    let u = side.distances[i] / fit.unit
    var (leverage, row) = (0.0, 1.0)
    for r in 0...fit.order {
      var column = row
      for c in 0...fit.order {
        leverage += fit.inverse[r, c] * column
        column *= u
      }
      row *= u
    }
    return max(1 - fit.kernel.weight(side.distances[i] / fit.bandwidth) * leverage, 1e-8)
  }
}
