/// Shapley values by sampling orderings, for more players than exact values allow.
///
/// Each drawn ordering is taken forwards and backwards (antithetic: Mitchell, Cooper, Frank & Holmes
/// 2022, J. Mach. Learn. Res. 23, section 4.1), which cancels much of the noise; the standard error
/// is that of the mean over pairs (Castro, Gómez & Tejada 2009, Comput. Oper. Res. 36).
public struct SampledShapley: Sendable, Equatable {
  /// They add up to v(all) − v(none) up to rounding, whatever the sample.
  public let values: [Double]
  public let standardErrors: [Double]
  /// Pairs of orderings.
  public let pairs: Int
  /// Coalitions whose worth was asked for.
  public let evaluations: Int

  /// Coalitions are bit masks.
  public static let maximumPlayers = 64

  /// Values from `pairs` drawn orderings, each and its reverse.
  ///
  /// - Parameters:
  ///   - pairs: at least 2, or there is no error.
  ///   - random: the stream to draw from.
  ///   - value: the worth of a coalition; bit i is player i.
  public init<Failure: Error>(
    playerCount: Int, pairs: Int, random: inout RandomStream,
    value: (UInt64) throws(Failure) -> Double
  ) throws {
    guard playerCount <= SampledShapley.maximumPlayers else {
      throw ShapleyError.tooManyPlayers(
        count: playerCount, limit: SampledShapley.maximumPlayers)
    }
    guard pairs >= 2 else { throw ShapleyError.tooFewPairs(pairs) }
    let everyone: UInt64 = playerCount == 64 ? .max : (1 << UInt64(playerCount)) - 1
    let ends = (none: try value(0), all: try value(everyone))
    var order = Array(0..<playerCount)
    var (means, squares) = (
      [Double](repeating: 0, count: playerCount), [Double](repeating: 0, count: playerCount)
    )
    var evaluations = 2
    for pair in 1...pairs {
      order.shuffle(using: &random)
      var gains = [Double](repeating: 0, count: playerCount)
      for direction in [order, order.reversed()] {
        try SampledShapley.addGains(direction, everyone, ends, value, &gains, &evaluations)
      }
      for player in order {
        // Welford's update: no difference of large sums.
        let gain = gains[player] / 2
        let distance = gain - means[player]
        means[player] += distance / Double(pair)
        squares[player] += distance * (gain - means[player])
      }
    }
    values = means
    standardErrors = squares.map { ($0 / Double(pairs - 1) / Double(pairs)).squareRoot() }
    self.pairs = pairs
    self.evaluations = evaluations
  }

  /// Adds what each player brings when it joins those before it.
  private static func addGains<Failure: Error>(
    _ order: some Sequence<Int>, _ everyone: UInt64, _ ends: (none: Double, all: Double),
    _ value: (UInt64) throws(Failure) -> Double, _ gains: inout [Double], _ evaluations: inout Int
  ) throws(Failure) {
    var (coalition, before) = (UInt64(0), ends.none)
    for player in order {
      coalition |= 1 << UInt64(player)
      let after: Double
      if coalition == everyone {
        after = ends.all
      } else {
        after = try value(coalition)
        evaluations += 1
      }
      gains[player] += after - before
      before = after
    }
  }
}
