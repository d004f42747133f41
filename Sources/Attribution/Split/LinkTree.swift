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
  package func avoided(_ fraction: (Int) -> Double) -> (expected: Double, variance: Double) {
    var survival = [Double](repeating: 1, count: data.count)
    var expected = 0.0
    var variance = 0.0
    for j in 0..<data.count {
      let low = Int(data.firstPrior[j])
      var pair = data.pairStart[j]
      var lost = 0.0
      for i in low..<j {
        let p = probability[pair]
        pair += 1
        if p > 0 { lost += p * (1 - survival[i] * (1 - fraction(i))) }
      }
      if lost != 0 {
        survival[j] = 1 - lost
        expected += lost
        variance += abs(lost * (1 - lost))
      }
    }
    return (expected, variance)
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
