import InteractionLog
import Statistics

/// A generated log as faulty recording leaves it: ids of other customers, ids by channel, no ids, rows
/// that are not in yet.
struct RecordedLog {
  private let recording: WorldParameters.Recording
  private let days: Int
  private let seed: UInt64

  init(_ recording: WorldParameters.Recording, days: Int, seed: UInt64) {
    self.recording = recording
    self.days = days
    self.seed = seed
  }

  /// - Parameter keys: the contacts' keys by row.
  func recorded(
    _ log: GeneratedLog, keys: [UInt64], startMilliseconds: Int64
  ) -> GeneratedLog {
    var table = log.table
    // What a customer has for good, whatever id a contact of theirs carries: the region.
    if recording.swappedShare > 0 { table.columns["region"] = .text(regions(table)) }
    var names = table.customer.codes.map { $0 < 0 ? nil : table.customer.values[Int($0)] }
    swap(&names, keys)
    split(&names, table)
    withhold(&names, table, keys)
    let kept = kept(table, keys, startMilliseconds)
    let values = Set(kept.compactMap { names[$0] })
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let place = Dictionary(uniqueKeysWithValues: zip(values, values.indices.map { Int32($0) }))
    let (recorded, order) = table.rows(kept).recoded(
      codes: kept.map { names[$0].flatMap { place[$0] } ?? -1 }, values: values)
    return rearranged(log, table: recorded, rows: order.map { kept[$0] })
  }

  private func stream(_ key: UInt64) -> RandomStream {
    RandomStream(seed: StreamKey.recording.below(key))
  }

  private func customerStream(_ code: Int) -> RandomStream {
    RandomStream(seed: RandomStream.key(StreamKey.recordedCustomers.below(seed), UInt64(code)))
  }

  private func regions(_ table: InteractionTable) -> TextColumn {
    let names = ["east", "north", "north-east", "north-west", "south", "south-east", "west"]
    let ofCustomer = table.customer.values.indices.map { code in
      var stream = customerStream(code)
      return Int32(stream.int(below: names.count))
    }
    return TextColumn(codes: table.customer.codes.map { ofCustomer[Int($0)] }, values: names)
  }

  /// Contacts that are swapped get one another's ids, in a drawn order.
  private func swap(_ names: inout [String?], _ keys: [UInt64]) {
    guard recording.swappedShare > 0 else { return }
    var rows: [Int] = []
    for (row, key) in keys.enumerated() {
      var own = stream(key)
      if own.bernoulli(recording.swappedShare) { rows.append(row) }
    }
    var ids = rows.map { names[$0] }
    var order = RandomStream(seed: StreamKey.recordedCustomers.below(seed))
    for k in stride(from: ids.count - 1, to: 0, by: -1) { ids.swapAt(k, order.int(below: k + 1)) }
    for (row, id) in zip(rows, ids) { names[row] = id }
  }

  private func split(_ names: inout [String?], _ table: InteractionTable) {
    guard recording.splitShare > 0, let channel = table.text("channel") else { return }
    let isSplit = table.customer.values.indices.map { code in
      var stream = customerStream(code)
      return stream.bernoulli(recording.splitShare)
    }
    for row in names.indices where isSplit[Int(table.customer.codes[row])] {
      if let name = names[row], let channel = channel[row] { names[row] = "\(name)-\(channel)" }
    }
  }

  private func withhold(_ names: inout [String?], _ table: InteractionTable, _ keys: [UInt64]) {
    guard let share = recording.idShare, let handler = table.text("handled_by") else { return }
    for row in names.indices {
      var own = stream(keys[row])
      if !own.bernoulli(handler[row] == "staff" ? share.staff : share.ai) { names[row] = nil }
    }
  }

  private func kept(_ table: InteractionTable, _ keys: [UInt64], _ start: Int64) -> [Int] {
    let shares = recording.lateShares
    guard !shares.isEmpty else { return Array(0..<table.count) }
    return (0..<table.count).filter { row in
      let late = Int((table.startedAt[row] - start) / 86_400_000) - (days - shares.count)
      guard late >= 0 else { return true }
      var own = stream(keys[row])
      return own.bernoulli(shares[min(late, shares.count - 1)])
    }
  }

  /// The log with its rows in another order; causes that are not in it count as before the log.
  private func rearranged(
    _ log: GeneratedLog, table: InteractionTable, rows: [Int]
  ) -> GeneratedLog {
    var place = [Int32](repeating: -2, count: log.table.count)
    for (new, old) in rows.enumerated() { place[old] = Int32(new) }
    var result = log
    result.table = table
    result.cause = rows.map { log.cause[$0] < 0 ? log.cause[$0] : place[Int(log.cause[$0])] }
    result.timeOrder = log.timeOrder.map { place[Int($0)] }.filter { $0 >= 0 }
    return result
  }
}
