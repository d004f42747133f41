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
