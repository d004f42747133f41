import InteractionLog
import RepeatContacts

/// Contacts by channel and handler, with the repeats of each class that the record shows after each:
/// what the loss of links is computed from.
package struct RecordedRepeats: Sendable {
  /// Class of every row of the table.
  package let classOfRow: [Int]
  /// Channel of each class, −1 where it has none or is pooled.
  package let channel: [Int]
  package let names: [String]
  /// Mean recorded repeats of class l after a contact of class k, by exposure, at `k * count + l`.
  package let means: [Double]
  /// Σ exposure of the linked contacts by class.
  package let exposure: [Double]
  /// Share of twice-repeated delays that lies within the window.
  package let within: Double

  package var count: Int { channel.count }

  private static let mostChannels = 12

  /// - Parameters:
  ///   - tree: links with their probabilities.
  ///   - delay: mass by bin of the common delay.
  package init(table: InteractionTable, tree: LinkTree, delay: [Double]) {
    let (classOfRow, channel, names) = RecordedRepeats.classes(table)
    self.classOfRow = classOfRow
    self.channel = channel
    self.names = names
    let count = channel.count
    let data = tree.data
    var sums = [Double](repeating: 0, count: count * count)
    var exposure = [Double](repeating: 0, count: count)
    for j in 0..<data.count {
      let left = data.end - data.time[j]
      var covered = 0.0
      for b in delay.indices { covered += delay[b] * data.bins.coverage(b, left) }
      exposure[classOfRow[Int(data.row[j])]] += covered
      var pair = data.pairStart[j]
      let to = classOfRow[Int(data.row[j])]
      for i in Int(data.firstPrior[j])..<j {
        sums[classOfRow[Int(data.row[i])] * count + to] += tree.probability[pair]
        pair += 1
      }
    }
    means = sums.indices.map { exposure[$0 / count] > 0 ? sums[$0] / exposure[$0 / count] : 0 }
    self.exposure = exposure
    within = RecordedRepeats.twiceWithin(delay: delay, bins: data.bins)
  }

  private static func classes(_ table: InteractionTable) -> ([Int], [Int], [String]) {
    let channels = table.text("channel")
    let handlers = table.text("handled_by")
    var rows = [Int](repeating: 0, count: channels?.values.count ?? 0)
    for code in channels?.codes ?? [] where code >= 0 { rows[Int(code)] += 1 }
    let frequent = Set(
      rows.indices.sorted { rows[$0] == rows[$1] ? $0 < $1 : rows[$0] > rows[$1] }
        .prefix(mostChannels))
    var place: [[Int]: Int] = [:]
    var channel: [Int] = []
    var names: [String] = []
    let classOfRow = (0..<table.count).map { row -> Int in
      var from = Int(channels?.codes[row] ?? -1)
      if !frequent.contains(from) { from = -1 }
      let by = Int(handlers?.codes[row] ?? -1)
      if let found = place[[from, by]] { return found }
      place[[from, by]] = channel.count
      channel.append(from)
      let parts = [
        from < 0 ? nil : channels?.values[from], by < 0 ? nil : handlers?.values[by],
      ].compactMap { $0 }
      names.append(parts.isEmpty ? "other" : parts.joined(separator: ", "))
      return channel.count - 1
    }
    return (classOfRow, channel, names)
  }

  /// P(D₁ + D₂ within the window) for delays that are uniform on their bins, each bin at its thirds.
  private static func twiceWithin(delay: [Double], bins: DelayBins) -> Double {
    let thirds: [Double] = [1.0 / 6, 0.5, 5.0 / 6]
    var points: [(Double, Double)] = []
    for b in delay.indices {
      for third in thirds { points.append((bins.edges[b] + third * bins.width(b), delay[b] / 3)) }
    }
    var sum = 0.0
    for (x, p) in points {
      for (y, q) in points where x + y <= bins.window { sum += p * q }
    }
    return sum
  }
}
