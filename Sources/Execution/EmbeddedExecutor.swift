import RepeatContacts
import Statistics

/// Passes over candidate pairs in this process, parallel over fixed blocks of customers.
package struct EmbeddedExecutor: LinkExecutor {
  package let threads: Int

  /// - Parameter threads: worker threads; results do not depend on it.
  package init(threads: Int) { self.threads = max(1, threads) }

  package func pass(_ data: LinkData, _ tables: PassTables) -> PassSums {
    let groups = tables.groups
    let caused = Scratch<Double>(count: data.count * groups, repeating: 0)
    let own = Scratch<Double>(count: data.count, repeating: 0)
    let columns = SharedColumns(caused: caused.base, own: own.base)
    let parts = walk(data, tables) { walker in
      walker.sums(caused: columns.caused, own: columns.own)
    }
    let stride = tables.prior.stride
    var sums = PassSums(
      caused: [Double](repeating: 0, count: tables.rate.count),
      own: [Double](repeating: 0, count: tables.intensity.count),
      delay: [Double](repeating: 0, count: tables.mass.count),
      linked: [Double](repeating: 0, count: groups),
      kept: [Double](repeating: 0, count: groups),
      drawn: [Double](repeating: 0, count: data.topicCount),
      background: BackgroundCounts(
        histogram: [Double](repeating: 0, count: tables.prior.logWeight.count), stride: stride,
        customers: 0),
      topicHistogram: [Double](repeating: 0, count: tables.logRising.count),
      logLikelihood: -tables.compensator, heavyCustomers: 0)
    for part in parts {
      add(part.delay, to: &sums.delay)
      add(part.linked, to: &sums.linked)
      add(part.kept, to: &sums.kept)
      add(part.drawn, to: &sums.drawn)
      add(part.histogram, rows: part.rows, to: &sums.background.histogram, stride: stride)
      add(part.topicHistogram, rows: part.rows, to: &sums.topicHistogram, stride: stride)
      sums.background.customers += Double(part.seen)
      sums.logLikelihood += part.logLikelihood
      sums.heavyCustomers += part.heavy
    }
    collect(data, groups: groups, caused: caused.base, own: own.base, into: &sums)
    return sums
  }

  /// Adds the columns by contact up to cells, and to topics and days, in the contacts' order.
  private func collect(
    _ data: LinkData, groups: Int, caused: UnsafeMutablePointer<Double>,
    own: UnsafeMutablePointer<Double>, into sums: inout PassSums
  ) {
    let count = data.count
    ContactView.with(data) { contacts in
      sums.caused.withUnsafeMutableBufferPointer { total in
        for i in 0..<count {
          let row = Int(contacts.cell[i]) * groups
          for g in 0..<groups { total[row + g] += caused[i * groups + g] }
        }
      }
      sums.own.withUnsafeMutableBufferPointer { total in
        for i in 0..<count {
          total[Int(contacts.topic[i]) * contacts.days + Int(contacts.day[i])] += own[i]
        }
      }
    }
  }

  package func probabilities(_ data: LinkData, _ tables: PassTables) -> [Double] {
    [Double](unsafeUninitializedCapacity: data.pairBin.count) { buffer, count in
      count = data.pairBin.count
      guard let base = buffer.baseAddress else { return }
      let columns = SharedColumns(caused: base, own: base)
      _ = walk(data, tables) { walker in walker.writeProbabilities(to: columns.caused) }
    }
  }

  package func scoreProducts(_ data: LinkData, _ tables: PassTables, _ plan: ScorePlan)
    -> [Double]
  {
    var result = [Double](repeating: 0, count: plan.parameterCount * plan.parameterCount)
    for part in walk(data, tables, { walker in walker.scoreProducts(plan, data: data) }) {
      add(part, to: &result)
    }
    return result
  }

  /// The score of every customer: `customer * parameterCount + k`. As large as that: for a sample.
  package func customerScores(_ data: LinkData, _ tables: PassTables, _ plan: ScorePlan)
    -> [Double]
  {
    walk(data, tables) { walker in walker.customerScores(plan, data: data) }.flatMap { $0 }
  }

  /// What `work` gives for every block, in block order.
  private func walk<Result: Sendable>(
    _ data: LinkData, _ tables: PassTables, _ work: @escaping @Sendable (BlockWalker) -> Result
  ) -> [Result] {
    CustomerBlocks(customerStart: data.customerStart).map(threads: threads) { range in
      ContactView.with(data) { contacts in
        TableView.with(tables) { tables in
          work(BlockWalker(contacts: contacts, tables: tables, customers: range))
        }
      }
    }
  }
}

/// Columns by contact that blocks write, each in its own places only.
private struct SharedColumns: @unchecked Sendable {
  let caused: UnsafeMutablePointer<Double>
  let own: UnsafeMutablePointer<Double>
}

private func add(_ part: [Double], to sum: inout [Double]) {
  for k in part.indices { sum[k] += part[k] }
}

/// Adds a table of `rows` values a line to one of `stride` a line.
private func add(_ part: [Double], rows: Int, to sum: inout [Double], stride: Int) {
  for line in 0..<(part.count / rows) {
    for r in 0..<rows { sum[line * stride + r] += part[line * rows + r] }
  }
}
