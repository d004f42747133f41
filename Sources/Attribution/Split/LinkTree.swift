import RepeatContacts

/// Who brought whom, with probabilities, on the log's own tree.
package struct LinkTree: Sendable {
  package let data: LinkData
  /// Probability of each candidate pair, in the order of `LinkData.pairBin`.
  package let probability: [Double]

  package init(data: LinkData, probability: [Double]) {
    self.data = data
    self.probability = probability
  }

  /// Contacts that would not have come if each contact i brought only 1 − fraction(i) of its repeats.
  ///
  /// A contact survives with probability s_j = 1 − Σ_i p_ij (1 − s_i (1 − fraction_i)): its cause must
  /// survive and still bring it. Contacts are walked in time order, so descendants of descendants are
  /// counted and nothing is counted twice. Returns the expected number avoided and the variance of
  /// the realised number around it given the model.
  ///
  /// Given the contacts before it a contact is avoided with a probability q_j that is linear in them,
  /// so the realised number is a sum of martingale differences, each weighted by 1 and by what hangs
  /// on the contact, r_j = Σ_k p_jk (1 − fraction_j)(1 + r_k): the variance is
  /// Σ_j (1 + r_j)² (V_j − Var q_j) with V_j = s_j (1 − s_j). Covariances between the priors of one
  /// contact are left out of Var q_j, which errs towards a greater variance. Linear in the pairs.
  package func avoided(_ fraction: (Int) -> Double) -> (expected: Double, variance: Double) {
    let removal = Removal(self, fraction: fraction)
    let worth = hanging(removal, weight: nil)
    return (removal.expected(weight: nil), variance(removal, worth: worth))
  }

  /// Expected repeats that the log shows for each contact: Σ_j p_ij.
  package func broughtByContact() -> [Double] {
    var result = [Double](repeating: 0, count: data.count)
    for j in 0..<data.count {
      var pair = data.pairStart[j]
      for i in Int(data.firstPrior[j])..<j {
        result[i] += probability[pair]
        pair += 1
      }
    }
    return result
  }

  /// The links as a table, in order of later and prior row.
  package func linkTable(startedAt: [Int64]) -> LinkTable {
    var table = LinkTable()
    table.prior.reserveCapacity(probability.count)
    table.later.reserveCapacity(probability.count)
    table.hours.reserveCapacity(probability.count)
    table.sameTopic.reserveCapacity(probability.count)
    table.probability = probability
    for j in 0..<data.count {
      for i in Int(data.firstPrior[j])..<j {
        table.prior.append(data.row[i])
        table.later.append(data.row[j])
        table.hours.append(
          Double(startedAt[Int(data.row[j])] - startedAt[Int(data.row[i])]) / 3_600_000)
        table.sameTopic.append(data.topic[i] == data.topic[j])
      }
    }
    return table
  }
}
