/// What a policy does with a contact.
package enum Handling: Int8, Sendable {
  /// Staff.
  case below = 0
  /// AI, but for overrides.
  case above = 1
  /// Something that the log has not seen (a confirmation by the customer, say).
  case unseen = 2
  /// As it was handled: no score to decide by.
  case asLogged = 3
}

/// What a policy is worth at some units: sums that estimates are made of.
package struct EpisodeValues: Sendable {
  /// By outcome: doubly robust, importance-weighted, direct; least and most of units outside support.
  var robust: [Double]
  var weighted: [Double]
  var direct: [Double]
  var least: [Double]
  var most: [Double]
  /// By outcome: weight of first decisions, and units inside support whose outcome is known.
  var weight: [Double]
  var supported: [Double]
  /// By outcome: errors of the bounds, added up.
  var leastError: [Double]
  var mostError: [Double]
  /// By outcome: units inside support whose outcome is known, and those outside.
  var units: [Double]
  /// By outcome: value of today's policy at these units, and at those inside support.
  var today: [Double]
  var todaySupported: [Double]
  /// Units outside support.
  var outside = 0.0
  /// Weights of first decisions and their squares.
  var episodeWeight = 0.0
  var episodeWeightSquared = 0.0
  /// First contacts automated under the policy.
  var automated = 0.0
  /// Later decisions that had to be left as logged, and all later decisions met.
  var laterOutside = 0.0
  var laterDecisions = 0.0
  /// Units inside support whose decisions under the policy hardly ever follow each other in the log.
  var unseen = 0.0

  init(outcomes: Int) {
    let none = [Double](repeating: 0, count: outcomes)
    (robust, weighted, direct, least, most, weight) = (none, none, none, none, none, none)
    (supported, leastError, mostError, units) = (none, none, none, none)
    (today, todaySupported) = (none, none)
  }

  mutating func clear() {
    for m in robust.indices {
      (robust[m], weighted[m], direct[m], least[m]) = (0, 0, 0, 0)
      (most[m], weight[m], supported[m], units[m]) = (0, 0, 0, 0)
      (leastError[m], mostError[m], today[m], todaySupported[m]) = (0, 0, 0, 0)
    }
    (outside, episodeWeight, episodeWeightSquared, automated) = (0, 0, 0, 0)
    (laterOutside, laterDecisions, unseen) = (0, 0, 0)
  }
}
