extension World {
  /// Which scores go to AI: a threshold from the log's start on, by topic where one is named.
  public struct ThresholdPolicy: Codable, Sendable, Equatable {
    /// The score, 0...1, from which AI handles; nil: what is in force in the world, its changes and
    /// exploration included.
    public var threshold: Double?
    /// By predicted topic, instead of `threshold`.
    public var byTopic: [String: Double]

    public init(threshold: Double? = nil, byTopic: [String: Double] = [:]) {
      self.threshold = threshold
      self.byTopic = byTopic
    }

    /// What the log was made under.
    public static let inForce = ThresholdPolicy()

    enum CodingKeys: String, CodingKey {
      case threshold
      case byTopic = "by_topic"
    }
  }

  /// What contacts cost.
  public struct Costs: Codable, Sendable, Equatable {
    public var perContact: Double
    public var perStaffMinute: Double

    /// With the default costs the threshold in force, 0.7, is not the cheapest.
    public init(perContact: Double = 12, perStaffMinute: Double = 0.4) {
      self.perContact = perContact
      self.perStaffMinute = perStaffMinute
    }

    enum CodingKeys: String, CodingKey {
      case perContact = "per_contact"
      case perStaffMinute = "per_staff_minute"
    }
  }

  /// Topics that a policy can name.
  public static var topicNames: [String] { Catalogue.topics.map(\.name) }
}

/// Why a world cannot say what a policy brings.
public enum ThresholdPolicyError: Error, Sendable, Equatable {
  case unknownTopic(name: String, known: [String])
  /// Not within 0...1.
  case outside(threshold: Double)
}

extension ThresholdPolicyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownTopic(let name, let known):
      "No topic of a generated world is called '\(name)'. Expected one of "
        + "\(known.joined(separator: ", "))."
    case .outside(let threshold):
      "A threshold on a score lies within 0 and 1; \(threshold) does not."
    }
  }
}

extension World.ThresholdPolicy {
  /// By topic, in ten-thousandths; −1 where what is in force stays.
  func resolved() throws(ThresholdPolicyError) -> [Int] {
    let names = World.topicNames
    for name in byTopic.keys.sorted() where !names.contains(name) {
      throw .unknownTopic(name: name, known: names)
    }
    var thresholds: [Int] = []
    for name in names {
      guard let threshold = byTopic[name] ?? threshold else {
        thresholds.append(-1)
        continue
      }
      guard threshold >= 0, threshold <= 1 else { throw .outside(threshold: threshold) }
      // A score is a multiple of a ten-thousandth: the next at or above the threshold decides alike.
      thresholds.append(Int((threshold * 10_000 - 1e-6).rounded(.up)))
    }
    return thresholds
  }
}
