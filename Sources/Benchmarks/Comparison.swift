import Foundation

/// The outcome of a job.
struct Comparison {
  let name: String
  let peer: String
  /// Seconds of each round.
  let own: [Double]
  let others: [Double]
  /// The largest difference of the answers, and the most that is allowed.
  let difference: Double
  let tolerance: Double
  /// What differences are in.
  let unit: Difference.Unit
  let notes: [String]

  init(
    name: String, peer: String, _ rounds: Rounds, tolerance: Double,
    unit: Difference.Unit = .relative, notes: [String] = []
  ) {
    self.name = name
    self.peer = peer
    own = rounds.own
    others = rounds.others
    difference = rounds.difference
    self.tolerance = tolerance
    self.unit = unit
    self.notes = notes + rounds.notes
  }

  /// The median of the rounds' ratios, each of two runs next to each other.
  var ratio: Double { Self.median(zip(others, own).map { $0 / $1 }) }

  var agrees: Bool { difference <= tolerance }

  var text: String {
    let agreement =
      agrees
      ? "answers agree to \(Self.text(difference))\(unit.text)"
      : "ANSWERS DIFFER by \(Self.text(difference))\(unit.text)"
    let lines =
      [
        "\(name): \(Self.text(ratio)) x faster than \(peer)",
        "  ours \(Self.text(Self.median(own))) s, \(peer) \(Self.text(Self.median(others))) s "
          + "(medians of \(own.count) alternating rounds); \(agreement)",
      ] + notes.map { "  " + $0 }
    return lines.joined(separator: "\n")
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  static func text(_ value: Double) -> String { String(format: "%.3g", value) }
}

/// How far two answers are from each other.
enum Difference {
  enum Unit {
    /// Of the peer's values.
    case relative
    /// The first half of the values are estimates, the second their standard errors (or another
    /// scale: 1 for a deviance): estimates differ by so many of the peer's errors, errors relative to
    /// the peer's.
    case standardErrors

    var text: String {
      switch self {
      case .relative: ", relative"
      case .standardErrors: " standard errors"
      }
    }
  }

  static func between(_ own: [Double], _ peer: [Double], _ unit: Unit) -> Double {
    guard own.count == peer.count, !own.isEmpty, (own + peer).allSatisfy(\.isFinite) else {
      return .infinity
    }
    let half = own.count / 2
    return own.indices.map { i in
      let scale = unit == .standardErrors && i < half ? peer[half + i] : abs(peer[i])
      return own[i] == peer[i] ? 0 : abs(own[i] - peer[i]) / scale
    }.max() ?? .infinity
  }
}
