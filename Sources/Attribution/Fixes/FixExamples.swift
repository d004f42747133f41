import FailureModes
import InteractionLog
import RepeatContacts

/// The interactions to look at first for a fix: those on which the mode holds and after which most
/// repeats came, with the contacts that they may have brought.
struct FixExamples: Sendable {
  private static let count = 5
  private static let links = 10
  private static let leastProbability = 0.005

  private let input: AttributionInput
  private let tree: LinkTree
  /// Expected repeats that the log shows for each row, and the contact of each row (−1 none).
  private let brought: [Double]
  private let contact: [Int32]

  init(_ fitted: FittedAttribution, tree: LinkTree) {
    input = fitted.input
    self.tree = tree
    var brought = [Double](repeating: 0, count: input.table.count)
    for (i, value) in tree.broughtByContact().enumerated() {
      brought[Int(tree.data.row[i])] = value
    }
    self.brought = brought
    contact = tree.data.contactOfRow(rowCount: input.table.count)
  }

  func examples(mode: Int, component: String?) -> [AttributionReport.Fix.Example] {
    let state = input.modes.state[mode].storage
    let column = input.modes.component[mode]
    let rows = state.indices.filter {
      state[$0] == 1 && (component == nil || (column[$0] ?? "(none)") == component)
    }
    return rows.sorted { brought[$0] == brought[$1] ? $0 < $1 : brought[$0] > brought[$1] }
      .prefix(FixExamples.count).map(example)
  }

  private func example(_ row: Int) -> AttributionReport.Fix.Example {
    let table = input.table
    let data = tree.data
    let i = Int(contact[row])
    var links: [(probability: Double, later: Int)] = []
    var j = i + 1
    while i >= 0, j < data.count, Int(data.firstPrior[j]) <= i {
      let p = tree.probability[data.pairStart[j] + i - Int(data.firstPrior[j])]
      if p >= FixExamples.leastProbability { links.append((p, Int(data.row[j]))) }
      j += 1
    }
    links.sort { ($1.probability, $0.later) < ($0.probability, $1.later) }
    return .init(
      interaction: table.interactionID[row], brought: brought[row],
      links: links.prefix(FixExamples.links).map { link in
        .init(
          interaction: table.interactionID[link.later], probability: link.probability,
          hours: Double(table.startedAt[link.later] - table.startedAt[row]) / 3_600_000)
      })
  }
}
