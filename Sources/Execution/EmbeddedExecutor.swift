import RepeatContacts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Passes over candidate pairs in this process, parallel over fixed blocks of customers.
package struct EmbeddedExecutor: LinkExecutor {
  package let threads: Int

  /// - Parameter threads: worker threads; results do not depend on it.
  package init(threads: Int) { self.threads = max(1, threads) }

  /// What one block contributes.
  struct BlockSums: Sendable {
    var caused: [Double]
    var own: [Double]
    var delay: [Double]
    var linked: [Double]
    var kept: [Double]
    var drawn: [Double]
    var histogram: [Double]
    var topicHistogram: [Double]
    var logLikelihood = 0.0
    var seen = 0.0
    var heavy = 0
  }

  package func pass(_ data: LinkData, _ tables: PassTables) -> PassSums {
    let blocks = CustomerBlocks(customerStart: data.customerStart)
    let parts = blocks.map(threads: threads) { range in
      var walker = BlockWalker(data: data, tables: tables, customers: range)
      return walker.sums()
    }
    let stride = tables.prior.stride
    var sums = PassSums(
      caused: [], own: [], delay: [Double](repeating: 0, count: tables.mass.count),
      linked: [Double](repeating: 0, count: tables.groups),
      kept: [Double](repeating: 0, count: tables.groups),
      drawn: [Double](repeating: 0, count: data.topicCount),
      background: BackgroundCounts(
        histogram: [Double](repeating: 0, count: tables.prior.logWeight.count), stride: stride,
        customers: 0),
      topicHistogram: [Double](repeating: 0, count: tables.logRising.count), logLikelihood: 0,
      heavyCustomers: 0)
    sums.caused.reserveCapacity(data.count * tables.groups)
    sums.own.reserveCapacity(data.count)
    for part in parts {
      sums.caused += part.caused
      sums.own += part.own
      add(part.delay, to: &sums.delay)
      add(part.linked, to: &sums.linked)
      add(part.kept, to: &sums.kept)
      add(part.drawn, to: &sums.drawn)
      add(part.histogram, to: &sums.background.histogram)
      add(part.topicHistogram, to: &sums.topicHistogram)
      sums.background.customers += part.seen
      sums.logLikelihood += part.logLikelihood
      sums.heavyCustomers += part.heavy
    }
    return sums
  }

  package func probabilities(_ data: LinkData, _ tables: PassTables) -> [Double] {
    let blocks = CustomerBlocks(customerStart: data.customerStart)
    let parts = blocks.map(threads: threads) { range -> [Double] in
      var walker = BlockWalker(data: data, tables: tables, customers: range)
      return walker.probabilities()
    }
    return parts.flatMap { $0 }
  }

  package func scores(
    _ data: LinkData, _ tables: PassTables, _ plan: ScorePlan, products: Bool
  ) -> ScoreSums {
    let blocks = CustomerBlocks(customerStart: data.customerStart)
    let parts = blocks.map(threads: threads) { range -> ScoreSums in
      var walker = BlockWalker(data: data, tables: tables, customers: range)
      return walker.scores(plan, products: products)
    }
    let n = plan.parameterCount
    var result = ScoreSums(
      total: [Double](repeating: 0, count: n),
      products: [Double](repeating: 0, count: products ? n * n : 0))
    for part in parts {
      add(part.total, to: &result.total)
      add(part.products, to: &result.products)
    }
    return result
  }
}

@inline(__always) private func add(_ part: [Double], to sum: inout [Double]) {
  for k in part.indices { sum[k] += part[k] }
}
