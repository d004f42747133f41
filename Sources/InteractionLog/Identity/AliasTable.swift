/// Which ids stand for which other one, chains followed to their end.
package struct AliasTable: Sendable {
  /// By id that is an alias: the id that it stands for in the end.
  package let root: [String: String]
  /// Ids that aliases end in without that the customers file or the log know them.
  package let unknownTargets: [String]

  /// - Parameters:
  ///   - customers: rows by id as the file has it.
  ///   - normalised: how ids are compared.
  ///   - known: ids of the log, as compared.
  /// - Throws: ``LogError/aliases(_:)`` for a circle, and for two ids that are compared as one and
  ///   stand for different customers.
  package init(
    customers: CustomerTable, known: Set<String>, normalised: (String) -> String
  ) throws(LogError) {
    var target: [String: String] = [:]
    var written: [String: String] = [:]
    for id in customers.rows.keys.sorted() {
      guard let alias = customers.rows[id]?.aliasOf else { continue }
      let (from, to) = (normalised(id), normalised(alias))
      if from == to { continue }
      if let other = target[from], other != to {
        throw .aliases(.conflict(ids: [written[from] ?? from, id], targets: [other, to]))
      }
      target[from] = to
      written[from] = id
    }
    var root: [String: String] = [:]
    for id in target.keys.sorted() where root[id] == nil {
      var chain = [id]
      var seen: Set<String> = [id]
      var end = id
      while let next = target[end] {
        if let settled = root[next] {
          end = settled
          break
        }
        guard seen.insert(next).inserted else {
          let start = chain.firstIndex(of: next) ?? 0
          throw .aliases(.circle(ids: Array(chain[start...]) + [next]))
        }
        if target[next] != nil { chain.append(next) }
        end = next
      }
      for link in chain { root[link] = end }
    }
    self.root = root
    let listed = Set(customers.rows.keys.map(normalised))
    unknownTargets = Set(root.values).filter { !listed.contains($0) && !known.contains($0) }
      .sorted()
  }
}

/// Why aliases cannot be used.
public enum AliasFault: Error, Sendable, Equatable {
  /// Each id is an alias of the next; the last is the first.
  case circle(ids: [String])
  /// Ids that are compared as one although their rows name different customers.
  case conflict(ids: [String], targets: [String])
}

extension AliasFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .circle(let ids):
      "The customers file's alias_of goes in a circle: \(ids.joined(separator: " → ")). Expected "
        + "chains that end in one customer: blank alias_of on the row of the id that the others "
        + "stand for."
    case .conflict(let ids, let targets):
      "The customers file has \(ids.joined(separator: " and ")), which are one id as "
        + "identity.normalise compares them, with different alias_of: "
        + "\(targets.joined(separator: " and ")). Expected one customer: correct one of the rows."
    }
  }
}
