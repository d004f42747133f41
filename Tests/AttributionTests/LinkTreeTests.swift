import Attribution
import RepeatContacts
import Statistics
import Testing

@Suite("Repeats avoided on the log's own tree")
struct LinkTreeTests {
  /// Probabilities of candidate pairs that leave some chance of coming anyway.
  private func tree(seed: UInt64) throws -> (LinkTree, fraction: [Double]) {
    let data = try SplitLog(seed: seed).data
    var stream = RandomStream(seed: seed, keys: 7)
    var probability: [Double] = []
    for j in 0..<data.count {
      let priors = j - Int(data.firstPrior[j])
      let shares = stream.dirichlet([Double](repeating: 1, count: priors + 1))
      probability += shares.prefix(priors)
    }
    let fraction = (0..<data.count).map { _ in stream.uniform() }
    return (LinkTree(data: data, probability: probability), fraction)
  }

  /// Mean and variance of the contacts avoided among one customer's, over every way in which each
  /// came (by itself, or by a prior one and then thinned or not).
  private func enumerate(_ tree: LinkTree, _ range: Range<Int>, _ fraction: [Double])
    -> (mean: Double, variance: Double)
  {
    var mean = 0.0
    var square = 0.0
    func walk(_ j: Int, _ avoided: [Bool], _ probability: Double) {
      guard j < range.upperBound else {
        let n = Double(avoided.count { $0 })
        mean += probability * n
        square += probability * n * n
        return
      }
      var own = 1.0
      for (k, i) in (Int(tree.data.firstPrior[j])..<j).enumerated() {
        let p = tree.probability[tree.data.pairStart[j] + k]
        own -= p
        let causeGone = avoided[i - range.lowerBound]
        if causeGone {
          walk(j + 1, avoided + [true], probability * p)
        } else {
          walk(j + 1, avoided + [true], probability * p * fraction[i])
          walk(j + 1, avoided + [false], probability * p * (1 - fraction[i]))
        }
      }
      walk(j + 1, avoided + [false], probability * own)
    }
    walk(range.lowerBound, [], 1)
    return (mean, square - mean * mean)
  }

  @Test("The expected number and its variance are those over every tree")
  func bruteForce() throws {
    let (tree, fraction) = try tree(seed: 91)
    var mean = 0.0
    var variance = 0.0
    for c in 0..<tree.data.customerCount {
      let range = Int(tree.data.customerStart[c])..<Int(tree.data.customerStart[c + 1])
      let one = enumerate(tree, range, fraction)
      mean += one.mean
      variance += one.variance
    }
    let found = tree.avoided { fraction[$0] }
    // Sums of some thousand positive terms.
    #expect(abs(found.expected - mean) < 1e-9 * mean)
    // Covariances between the priors of one contact are left out, on the safe side.
    #expect(found.variance > variance * (1 - 1e-9))
    #expect(found.variance < 1.1 * variance)
  }

  @Test("Nothing removed avoids nothing; all removed avoids every repeat that was brought")
  func ends() throws {
    let (tree, _) = try tree(seed: 92)
    #expect(tree.avoided { _ in 0 } == (0, 0))
    let all = tree.avoided { _ in 1 }.expected
    #expect(abs(all - tree.probability.reduce(0, +)) < 1e-9 * all)
    #expect(abs(tree.broughtByContact().reduce(0, +) - all) < 1e-9 * all)
  }

  @Test("The table lists every candidate pair of one customer with hours and topics")
  func linkTable() throws {
    let log = try SplitLog(seed: 93)
    let probability = log.data.pairBin.indices.map { Double($0) / Double(log.data.pairBin.count) }
    let table = LinkTree(data: log.data, probability: probability)
      .linkTable(startedAt: log.table.startedAt)
    #expect(table.count == log.data.pairBin.count && table.probability == probability)
    for k in 0..<table.count {
      let (i, j) = (Int(table.prior[k]), Int(table.later[k]))
      #expect(log.table.customer.codes[i] == log.table.customer.codes[j])
      let hours = Double(log.table.startedAt[j] - log.table.startedAt[i]) / 3_600_000
      #expect(table.hours[k] == hours && (0...240).contains(hours))
      #expect(table.sameTopic[k] == (log.table.topic[i] == log.table.topic[j]))
    }
  }
}
