import Attribution

/// `joint_removals.csv`: what repairs together take of an interaction's repeats where more than one of
/// them bears on it.
package struct RunRemovals: Sendable {
  /// The entries of one set of fixes, by row.
  package struct Entries: Sendable {
    package fileprivate(set) var row: [Int32] = []
    package fileprivate(set) var share: [Double] = []

    /// None.
    package init() {}
  }

  /// By the fixes' ranks, ascending, joined by `+`.
  private var sets: [String: Entries] = [:]

  init(path: String, rows: RunRows) throws {
    let file = try RunFile(path: path, columns: RunTables.jointColumns)
    var row = 0
    while try file.next() {
      while row < rows.startedAt.count, !rows.id.matches(row, file.bytes(0)) { row += 1 }
      guard row < rows.startedAt.count else {
        throw file.damaged(
          "interaction '\(file.text(0))' is not in interactions.csv, or not in its order")
      }
      let share = try file.number(2)
      sets[file.text(1), default: Entries()].row.append(Int32(row))
      sets[file.text(1), default: Entries()].share.append(share)
    }
  }

  package static func name(_ ranks: [Int]) -> String {
    ranks.map(String.init).joined(separator: "+")
  }

  /// The entries of a set of fixes, by their ranks in any order.
  package func entries(ranks: [Int]) -> Entries { sets[Self.name(ranks.sorted())] ?? Entries() }
}
