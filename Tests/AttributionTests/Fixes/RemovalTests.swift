import Attribution
import RepeatContacts
import Statistics
import Testing

@Suite("Parts removed together")
struct RemovalTests {
  private static let sets = [
    [0], [1], [2], [3], [0, 1], [0, 2], [1, 3], [0, 1, 2], [0, 1, 2, 3],
  ]

  /// What is left of a cell without a set of modes: every subset that can remain, by its probability.
  private func left(
    _ removed: UInt64, mask: UInt64, causes: Bool, kappa: (UInt64) -> Double,
    rate: (Int, UInt64) -> Double
  ) -> Double {
    // timeout → failed where declared; either system mode → both errors of staff.
    func induced(_ mode: Int) -> Bool {
      mode >= 2 ? removed & 3 != 0 : causes && mode == 1 && removed & 1 != 0
    }
    var sum = 0.0
    for rest in 0...mask where rest & ~(mask & ~removed) == 0 {
      var probability = 1.0
      for m in 0..<4 where mask & ~removed & (1 << UInt64(m)) != 0 {
        let bit: UInt64 = 1 << UInt64(m)
        let stays = rest & bit != 0
        guard induced(m) else {
          probability *= stays ? 1 : 0
          continue
        }
        let ratio = min(rate(m, rest & (bit - 1)) / rate(m, mask & (bit - 1)), 3)
        probability *= stays ? ratio : 1 - ratio
      }
      sum += probability * kappa(rest)
    }
    return sum
  }

  @Test(
    "What goes with a set of modes is the sum over all that can remain", arguments: SplitCase.all)
  func writtenOut(_ splitCase: SplitCase) throws {
    let log = try SplitLog(seed: 181, unknown: splitCase.unknown, causes: splitCase.causes)
    let (design, coefficients) = log.design(splitCase.form)
    let effects = try CellEffects(design: design, cells: log.cells)
    let totals = RemovalTotals(effects: effects, costs: nil, threads: 1)
    let parameters = log.parameters(design, coefficients).1
    let fractions = totals.fractions(
      Self.sets.map { PartRemoval(parts: $0) }, parameters, rates: log.rates,
      weights: log.cells.mixtureWeight)
    var together = 0
    for o in 0..<log.cells.observedCount {
      let combination = Int(log.cells.observedCombination[o])
      let kappa = { (mask: UInt64) in
        SplitTests.kappa(log, design, coefficients, combination: combination)(mask)
      }
      var whole = 0.0
      var rest = [Double](repeating: 0, count: Self.sets.count)
      for e in Int(log.cells.mixtureStart[o])..<Int(log.cells.mixtureStart[o + 1]) {
        let mask = log.cells.cellMask[Int(log.cells.mixtureCell[e])]
        let weight = log.cells.mixtureWeight[e]
        whole += weight * kappa(mask)
        if mask == 15 { together += 1 }
        for (k, set) in Self.sets.enumerated() {
          let removed = set.reduce(UInt64(0)) { $0 | 1 << UInt64($1) } & mask
          rest[k] +=
            weight
            * left(removed, mask: mask, causes: splitCase.causes, kappa: kappa) { mode, given in
              log.rates.rates[mode]?.probability(
                combination: combination, staff: -1, mask: given) ?? 1
            }
        }
      }
      for k in rest.indices {
        // Dozens of terms of order 1: 1e-12 is ten thousand roundings.
        #expect(abs(fractions[k][o] - (whole - rest[k]) / whole) < 1e-12, "cell \(o), set \(k)")
      }
    }
    #expect(together > 0)
  }

  @Test("Half of the failures takes half of what a contact brings, whatever else there is")
  func halves() throws {
    let log = try SplitLog(seed: 182)
    let (design, coefficients) = log.design()
    let totals = RemovalTotals(
      effects: try CellEffects(design: design, cells: log.cells), costs: nil, threads: 2)
    let parameters = log.parameters(design, coefficients).1
    let fractions = totals.fractions(
      [PartRemoval(parts: [0]), PartRemoval(parts: [0], share: 0.5)], parameters,
      rates: log.rates, weights: log.cells.mixtureWeight)
    #expect(fractions[0].contains { $0 > 0.1 })
    for (whole, half) in zip(fractions[0], fractions[1]) { #expect(half == whole / 2) }
  }
}

@Suite("Removals on the log's own tree")
struct TreeRemovalTests {
  /// Some customers' pairs with probabilities that leave a chance of coming anyway, and two fractions.
  private func tree(seed: UInt64) throws -> (LinkTree, [Double], [Double], weight: [Double]) {
    let data = try SplitLog(seed: seed).data
    var stream = RandomStream(seed: seed, keys: 7)
    var probability: [Double] = []
    for j in 0..<data.count {
      let shares = stream.dirichlet(
        [Double](repeating: 1, count: j - Int(data.firstPrior[j]) + 1))
      probability += shares.dropLast()
    }
    let first = (0..<data.count).map { _ in stream.bernoulli(0.4) ? stream.uniform() : 0 }
    let second = (0..<data.count).map { _ in stream.bernoulli(0.4) ? stream.uniform() : 0 }
    let weight = (0..<data.count).map { _ in 1 + 4 * stream.uniform() }
    return (LinkTree(data: data, probability: probability), first, second, weight)
  }

  /// Means and the covariance of the costs that two removals avoid among one customer's contacts, over
  /// every way in which each came; a repeat that either thins is thinned by one number.
  private func enumerate(
    _ tree: LinkTree, _ range: Range<Int>, _ f: [Double], _ g: [Double], _ weight: [Double]
  ) -> (first: Double, second: Double, product: Double) {
    var result = (first: 0.0, second: 0.0, product: 0.0)
    func walk(_ j: Int, _ x: [Bool], _ y: [Bool], _ probability: Double) {
      guard probability > 0 else { return }
      guard j < range.upperBound else {
        func cost(_ gone: [Bool]) -> Double {
          gone.indices.reduce(0) { $0 + (gone[$1] ? weight[range.lowerBound + $1] : 0) }
        }
        result.first += probability * cost(x)
        result.second += probability * cost(y)
        result.product += probability * cost(x) * cost(y)
        return
      }
      var own = 1.0
      for (k, i) in (Int(tree.data.firstPrior[j])..<j).enumerated() {
        let p = tree.probability[tree.data.pairStart[j] + k]
        own -= p
        // Borders of the thinning number at which each world loses the repeat.
        let losesX = x[i - range.lowerBound] ? 1 : f[i]
        let losesY = y[i - range.lowerBound] ? 1 : g[i]
        let (low, high) = (min(losesX, losesY), max(losesX, losesY))
        walk(j + 1, x + [true], y + [true], probability * p * low)
        walk(j + 1, x + [losesX > losesY], y + [losesY > losesX], probability * p * (high - low))
        walk(j + 1, x + [false], y + [false], probability * p * (1 - high))
      }
      walk(j + 1, x + [false], y + [false], probability * own)
    }
    walk(range.lowerBound, [], [], 1)
    return result
  }

  @Test("Costs avoided, their variance and two removals' covariance are those over every tree")
  func bruteForce() throws {
    let (tree, f, g, weight) = try tree(seed: 191)
    var (first, second, covariance, variance) = (0.0, 0.0, 0.0, 0.0)
    for c in 0..<tree.data.customerCount {
      let range = Int(tree.data.customerStart[c])..<Int(tree.data.customerStart[c + 1])
      let both = enumerate(tree, range, f, g, weight)
      first += both.first
      second += both.second
      covariance += both.product - both.first * both.second
      let own = enumerate(tree, range, f, f, weight)
      variance += own.product - own.first * own.first
    }
    let x = LinkTree.Removal(tree) { f[$0] }
    let y = LinkTree.Removal(tree) { g[$0] }
    let (worthX, worthY) = (tree.hanging(x, weight: weight), tree.hanging(y, weight: weight))
    // Sums of some thousand positive terms.
    #expect(abs(x.expected(weight: weight) - first) < 1e-9 * first)
    #expect(abs(y.expected(weight: weight) - second) < 1e-9 * second)
    // Covariances between the priors of one contact are left out, on the safe side.
    let found = tree.variance(x, worth: worthX)
    #expect(found > variance * (1 - 1e-9) && found < 1.1 * variance)
    let joint = tree.covariance((x, worthX), (y, worthY))
    #expect(covariance > 0)
    #expect(joint > covariance * (1 - 1e-9) && joint < 1.15 * covariance)
  }

  @Test("A chain of three: halved avoids more than half, and by the hand formula")
  func chain() throws {
    // Any customer with three contacts in the window of each other; all others bring nothing.
    let data = try SplitLog(seed: 192).data
    let c = try #require(
      (0..<data.customerCount).first {
        let start = Int(data.customerStart[$0])
        return Int(data.customerStart[$0 + 1]) - start >= 3
          && Int(data.firstPrior[start + 2]) == start
      })
    let start = Int(data.customerStart[c])
    var probability = [Double](repeating: 0, count: data.pairBin.count)
    let (p, q, f) = (0.6, 0.5, 0.8)
    probability[data.pairStart[start + 1]] = p
    probability[data.pairStart[start + 2] + 1] = q
    let tree = LinkTree(data: data, probability: probability)
    func avoided(_ fraction: Double) -> Double {
      tree.avoided { $0 == start || $0 == start + 1 ? fraction : 0 }.expected
    }
    func hand(_ f: Double) -> Double { p * f + q * (1 - (1 - p * f) * (1 - f)) }
    #expect(abs(avoided(f) - hand(f)) < 1e-15)
    #expect(abs(avoided(f / 2) - hand(f / 2)) < 1e-15)
    // The second contact is lost or brings less: the ways overlap, so half keeps more than half.
    #expect(avoided(f / 2) > avoided(f) / 2)
  }
}
