import InteractionLog
import RepeatContacts

/// What recorded repeats stand for where the study says how many ids are wrong.
///
/// - A wrong id (share ε of the contacts, whoever they are): a contact whose own id is wrong shows no
///   repeats of its own, and a repeat is seen if its id is right: S = 1 − ε, and the whole once more by
///   1 − ε.
/// - Ids split by channel (share s of the customers): a repeat on the same channel is always seen, one on
///   another channel with probability 1 − s.
///
/// Contacts that come to a customer by a wrong id, and repeats whose cause was lost, are background to
/// the model, which estimates the background from the same log.
package struct IdentityCorrection: Sendable {
  /// By contact.
  package let weights: [Double]
  /// All recorded repeats together: Σ corrected / Σ recorded.
  package let factor: Double
  /// One for each declared rate that has an error.
  package let moves: [Move]

  /// The correction at a rate that is a little higher.
  package struct Move: Sendable {
    package let step: Double
    package let standardError: Double
    package let weights: [Double]
    package let factor: Double
  }

  /// - Parameter delay: mass by bin of the common delay.
  package init(
    _ identity: Study.Identity, table: InteractionTable, tree: LinkTree, delay: [Double]
  ) {
    let recorded = RecordedRepeats(table: table, tree: tree, delay: delay)
    let wrong = identity.wrong?.rate ?? 0
    let split = identity.split?.rate ?? 0
    let (own, all) = Self.weights(recorded, tree.data, wrong: wrong, split: split)
    weights = own
    factor = all
    let h = 1e-4
    var moves: [Move] = []
    if let error = identity.wrong?.standardError, error > 0 {
      let (moved, factor) = Self.weights(recorded, tree.data, wrong: wrong + h, split: split)
      moves.append(Move(step: h, standardError: error, weights: moved, factor: factor))
    }
    if let error = identity.split?.standardError, error > 0 {
      let (moved, factor) = Self.weights(recorded, tree.data, wrong: wrong, split: split + h)
      moves.append(Move(step: h, standardError: error, weights: moved, factor: factor))
    }
    self.moves = moves
  }

  private static func weights(
    _ recorded: RecordedRepeats, _ data: LinkData, wrong: Double, split: Double
  ) -> ([Double], Double) {
    let right = 1 - wrong
    let channel = recorded.channel
    func joined(_ k: Int, _ l: Int) -> Double {
      channel[k] == channel[l] && channel[k] >= 0 ? 1 : 1 - split
    }
    let lost = LostLinks(
      count: recorded.count, within: recorded.within, size: recorded.exposure,
      recordedSize: recorded.exposure.map { right * $0 },
      seen: { right * joined($0, $1) },
      adopted: { k, m, l in
        // The repeat between has a wrong id, or has an id of its own that its repeat has not.
        let ids = channel[k] != channel[m] && channel[k] == channel[l] ? split : 0
        return right * (wrong * joined(k, l) + right * ids)
      },
      orphaned: { k, l, other in
        // The cause has a wrong id, or has an id of its own that both repeats have not.
        let ids = channel[k] != channel[l] && channel[l] == channel[other] ? split : 0
        return right * right * (wrong * joined(l, other) + right * ids)
      })
    // Recorded means are of all contacts; those of the contacts whose own id is right are higher.
    let means = recorded.means.map { $0 / right }
    let byClass = lost.factors(recorded: means, exposure: recorded.exposure).map { $0 / right }
    let own = data.row.map { byClass[recorded.classOfRow[Int($0)]] }
    var (all, seen) = (0.0, 0.0)
    for k in 0..<recorded.count {
      let sum =
        recorded.exposure[k]
        * recorded.means[(k * recorded.count)..<((k + 1) * recorded.count)].reduce(0, +)
      seen += sum
      all += byClass[k] * sum
    }
    return (own, seen > 0 ? all / seen : 1)
  }
}
