import Report

/// What removals of failures avoid, on the run's own links.
extension FigureValues {
  /// What each removal of a figure avoids; none for figures that remove nothing.
  func walks(_ quantity: Figure.Quantity) -> RemovalWalks {
    switch quantity {
    case .avoided(let removals), .avoidedCost(let removals): walk(removals)
    default: RemovalWalks(signs: [], shares: [], lost: [])
    }
  }

  /// The walks' avoided contacts with their signs, or their costs.
  func avoided(_ quantity: Figure.Quantity, _ walks: RemovalWalks) -> [Double] {
    var values = zeros
    let (width, signs) = (walks.signs.count, walks.signs)
    values.withUnsafeMutableBufferPointer { values in
      walks.lost.withUnsafeBufferPointer { lost in
        for row in values.indices {
          var sum = 0.0
          for k in 0..<width { sum += signs[k] * lost[row * width + k] }
          values[row] = sum
        }
      }
    }
    if case .avoidedCost = quantity {
      let cost = ledger.contacts.cost
      for row in values.indices { values[row] *= cost[row] }
    }
    return values
  }

  /// The probability that each contact would not have come: its cause would not have come, or would
  /// no longer have brought it. Contacts are walked in time order on the run's own links, once for all
  /// removals.
  private func walk(_ removals: [Figure.Removal]) -> RemovalWalks {
    let shares = shares(removals)
    let width = removals.count
    let links = ledger.links
    var lost = [Double](repeating: 0, count: ledger.count * width)
    lost.withUnsafeMutableBufferPointer { lost in
      shares.withUnsafeBufferPointer { shares in
        links.start.withUnsafeBufferPointer { start in
          links.prior.withUnsafeBufferPointer { priors in
            links.probability.withUnsafeBufferPointer { probability in
              for row in 0..<(start.count - 1) {
                for pair in start[row]..<start[row + 1] {
                  let (prior, p) = (Int(priors[pair]) * width, probability[pair])
                  for k in 0..<width {
                    lost[row * width + k] +=
                      p * (1 - (1 - lost[prior + k]) * (1 - shares[prior + k]))
                  }
                }
              }
            }
          }
        }
      }
    }
    return RemovalWalks(signs: removals.map(\.sign), shares: shares, lost: lost)
  }

  /// The share of each row's repeats that each removal takes, `row * removals + k`: of several failures
  /// what they take together where more than one bears on the row.
  private func shares(_ removals: [Figure.Removal]) -> [Double] {
    let modes = ledger.modes
    let width = removals.count
    var chosen = [Bool](repeating: false, count: modes.places.count * width)
    for (k, removal) in removals.enumerated() {
      for choice in removal.choices {
        for (place, isChosen) in self.chosen(choice).enumerated() where isChosen {
          chosen[place * width + k] = true
        }
      }
    }
    var shares = [Double](repeating: 0, count: ledger.count * width)
    shares.withUnsafeMutableBufferPointer { shares in
      modes.start.withUnsafeBufferPointer { start in
        modes.place.withUnsafeBufferPointer { place in
          modes.removedShare.withUnsafeBufferPointer { removed in
            chosen.withUnsafeBufferPointer { chosen in
              for row in 0..<(start.count - 1) {
                for entry in Int(start[row])..<Int(start[row + 1]) {
                  let own = Int(place[entry]) * width
                  for k in 0..<width where chosen[own + k] {
                    shares[row * width + k] += removed[entry]
                  }
                }
              }
            }
          }
        }
      }
    }
    for (k, removal) in removals.enumerated() {
      if removal.choices.count > 1 {
        let joint = ledger.removals.entries(ranks: removal.ranks)
        for entry in joint.row.indices {
          shares[Int(joint.row[entry]) * width + k] = joint.share[entry]
        }
      }
      if removal.share != 1 {
        for row in 0..<ledger.count { shares[row * width + k] *= removal.share }
      }
    }
    return shares
  }

  /// What each pair before the rows adds to the avoided contacts; nothing for other figures.
  func avoidedByPair(
    _ figure: Figure, _ walks: RemovalWalks, rows: [Int]
  ) -> [Int: [Double]] {
    guard case .avoided = figure.quantity else { return [:] }
    let scale = figure.terms.first?.scale ?? 1
    let links = ledger.links
    var result: [Int: [Double]] = [:]
    for row in rows {
      result[row] = links.pairs(before: row).map { pair in
        let prior = Int(links.prior[pair])
        return scale * links.probability[pair] * walks.avoidedShare(ofRepeatsOf: prior)
      }
    }
    return result
  }
}

/// What removals take of the repeats of each row, and the probability that each row's contact would not
/// have come, `row * removals + k`.
struct RemovalWalks {
  /// The sign with which what each removal avoids counts.
  let signs: [Double]
  let shares: [Double]
  let lost: [Double]

  var isEmpty: Bool { signs.isEmpty }

  /// The share of a row's repeats that does not come, removals added up with their signs.
  func avoidedShare(ofRepeatsOf row: Int) -> Double {
    signs.indices.reduce(0.0) {
      let place = row * signs.count + $1
      return $0 + signs[$1] * (1 - (1 - lost[place]) * (1 - shares[place]))
    }
  }
}
