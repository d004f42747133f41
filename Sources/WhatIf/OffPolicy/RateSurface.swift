import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Rates of what follows a contact by class, handler, topic and score bin, out of sums and exposures of
/// cells.
///
/// The logarithm of a rate adds up: a bent line in the score for staff, another for what AI changes,
/// a constant for later contacts and their handling, and a factor of the topic for staff and for what
/// AI changes. So a topic that AI does badly with tells so from all of its scores, and a score from all
/// topics, where the cell itself was hardly seen. Quasi-Poisson, with a ridge on the bends and a gamma
/// prior (mean 1) on the factors; the line by Newton's method and the factors in closed form, in turns.
package struct RateSurface: Sendable {
  /// How a fit ended.
  package struct Fit: Sendable, Equatable {
    package var rounds: Int
    package var isConverged: Bool
  }

  /// Expected events that a topic's factor is drawn to 1 by.
  private static let priorEvents = 8.0
  private static let ridge = 0.3
  private static let slopeRidge = 0.05
  private static let weakRidge = 1e-3
  private static let mostRounds = 200
  /// Of the logarithm of any rate, from one round to the next.
  private static let tolerance = 1e-7
  private static let largestStep = 2.0

  private let topics: Int
  private let basis: ScoreBasis
  private let size: Int
  private var coefficients: [Double]
  private var ofTopic: [Double]
  private var ofAI: [Double]
  package private(set) var fit = Fit(rounds: 0, isConverged: false)

  /// - Parameters:
  ///   - sums, exposures: by cell (class, handler, topic, bin), the class 0 for first contacts and 1 for
  ///     later ones, the handler 0 for staff and 1 for AI. Sums are of the scale of counts.
  /// - Returns: nil where nothing was counted, or something below nothing.
  package init?(sums: [Double], exposures: [Double], topics: Int, basis: ScoreBasis) {
    let (total, exposed) = (sums.reduce(0, +), exposures.reduce(0, +))
    guard total > 0, exposed > 0, sums.allSatisfy({ $0 >= 0 }) else { return nil }
    self.topics = topics
    self.basis = basis
    size = 2 * ScoreBasis.size + 2
    coefficients = [Double](repeating: 0, count: size)
    coefficients[0] = log(total / exposed)
    ofTopic = [Double](repeating: 1, count: topics)
    ofAI = ofTopic
    let start = coefficients[0]
    var rates = logRates
    while fit.rounds < Self.mostRounds, !fit.isConverged {
      fit.rounds += 1
      guard stepOfLine(sums, exposures, start: start) else { return nil }
      stepOfTopics(sums, exposures)
      // A factor of all topics and the line's constant may go on trading places for long; the rates
      // that they make together have settled then.
      let moved = logRates
      let change = zip(moved, rates).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      fit.isConverged = change < Self.tolerance
      rates = moved
    }
  }

  /// Logarithms of the rates of all cells.
  private var logRates: [Double] {
    var result = [Double](repeating: 0, count: 4 * topics * basis.bins)
    for group in 0..<4 {
      for bin in 0..<basis.bins {
        let line = log(line(group / 2, group % 2, bin))
        for topic in 0..<topics {
          result[cell(group / 2, group % 2, topic, bin)] =
            line + log(ofTopic[topic]) + (group % 2 == 1 ? log(ofAI[topic]) : 0)
        }
      }
    }
    return result
  }

  /// The rate of a cell.
  package func rate(_ later: Int, _ action: Int, _ topic: Int, _ bin: Int) -> Double {
    line(later, action, bin) * ofTopic[topic] * (action == 1 ? ofAI[topic] : 1)
  }

  private func cell(_ later: Int, _ action: Int, _ topic: Int, _ bin: Int) -> Int {
    ((later * 2 + action) * topics + topic) * basis.bins + bin
  }

  private func line(_ later: Int, _ action: Int, _ bin: Int) -> Double {
    exp(zip(row(later, action, bin), coefficients).reduce(0) { $0 + $1.0 * $1.1 })
  }

  private func row(_ later: Int, _ action: Int, _ bin: Int) -> [Double] {
    let own = basis.values[bin * ScoreBasis.size..<(bin + 1) * ScoreBasis.size]
    let a = Double(action)
    return own + own.map { $0 * a } + [Double(later), Double(later) * a]
  }

  /// One step of Newton's method for the line, the topics' factors given; false where there is none.
  private mutating func stepOfLine(
    _ sums: [Double], _ exposures: [Double], start: Double
  ) -> Bool {
    var gradient = [Double](repeating: 0, count: size)
    var information = Matrix(rows: size, columns: size)
    for k in 0..<size {
      let penalty = penalty(k)
      gradient[k] = -penalty * (coefficients[k] - (k == 0 ? start : 0))
      information[k, k] = penalty
    }
    for later in 0..<2 {
      for action in 0..<2 {
        for bin in 0..<basis.bins {
          var (sum, weight) = (0.0, 0.0)
          for topic in 0..<topics {
            let at = cell(later, action, topic, bin)
            sum += sums[at]
            weight += exposures[at] * ofTopic[topic] * (action == 1 ? ofAI[topic] : 1)
          }
          guard weight > 0 else { continue }
          let x = row(later, action, bin)
          let mean = weight * line(later, action, bin)
          for j in 0..<size where x[j] != 0 {
            gradient[j] += x[j] * (sum - mean)
            for i in j..<size { information[i, j] += mean * x[i] * x[j] }
          }
        }
      }
    }
    guard let step = try? CholeskyFactor(information).solve(gradient) else { return false }
    let largest = step.reduce(0) { max($0, $1.magnitude) }
    let scale = largest > Self.largestStep ? Self.largestStep / largest : 1
    for k in 0..<size { coefficients[k] += scale * step[k] }
    return true
  }

  private func penalty(_ k: Int) -> Double {
    switch k {
    case 0, ScoreBasis.size, size - 2: Self.weakRidge
    case 1, ScoreBasis.size + 1: Self.slopeRidge
    case size - 1: Self.weakRidge
    default: Self.ridge
    }
  }

  /// The topics' factors, the line given.
  private mutating func stepOfTopics(_ sums: [Double], _ exposures: [Double]) {
    var lines = [Double](repeating: 0, count: 4 * basis.bins)
    for group in 0..<4 {
      for bin in 0..<basis.bins {
        lines[group * basis.bins + bin] = line(group / 2, group % 2, bin)
      }
    }
    for topic in 0..<topics {
      var (sum, mean) = ([0.0, 0.0], [0.0, 0.0])
      for group in 0..<4 {
        for bin in 0..<basis.bins {
          let at = cell(group / 2, group % 2, topic, bin)
          sum[group % 2] += sums[at]
          mean[group % 2] += exposures[at] * lines[group * basis.bins + bin]
        }
      }
      let prior = Self.priorEvents
      let all = (sum[0] + sum[1] + prior) / (mean[0] + mean[1] * ofAI[topic] + prior)
      let ai = (sum[1] + prior) / (mean[1] * all + prior)
      (ofTopic[topic], ofAI[topic]) = (all, ai)
    }
  }
}
