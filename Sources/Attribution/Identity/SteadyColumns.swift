import InteractionLog
import RepeatContacts
import Statistics

/// How often a column that a customer never changes does change from one contact of an id to the next.
///
/// Two contacts of one customer agree; two of different ones agree by chance, A = Σ p². With a share ε
/// of wrong ids neighbours agree with probability (1 − ε)² + (1 − (1 − ε)²) A, which gives ε.
struct SteadyColumns {
  struct Finding {
    let column: String
    let pairs: Int
    let changes: Int
    /// ε, and the lower end of its 95 % interval; nil where the column has one value only.
    let rate: Double?
    let lower: Double?
  }

  private(set) var findings: [Finding] = []

  init(names: [String], data: LinkData, table: InteractionTable) {
    for name in names {
      guard let codes = Self.codes(table, name) else { continue }
      var (pairs, changes) = (0, 0)
      var counts: [Int32: Double] = [:]
      var known = 0.0
      for c in 0..<data.customerCount {
        var last: Int32?
        for i in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) {
          let code = codes[Int(data.row[i])]
          guard code >= 0 else { continue }
          counts[code, default: 0] += 1
          known += 1
          if let last {
            pairs += 1
            if last != code { changes += 1 }
          }
          last = code
        }
      }
      let chance = counts.keys.sorted().reduce(0.0) {
        $0 + (counts[$1] ?? 0) * (counts[$1] ?? 0) / max(known * known, 1)
      }
      func rate(_ changed: Double) -> Double {
        1 - max(1 - changed / (1 - chance), 0).squareRoot()
      }
      let isTelling = pairs >= 30 && chance < 0.95
      let interval = WilsonInterval.ci95(successes: Double(changes), trials: Double(max(pairs, 1)))
      findings.append(
        Finding(
          column: name, pairs: pairs, changes: changes,
          rate: isTelling ? rate(Double(changes) / Double(pairs)) : nil,
          lower: isTelling ? rate(interval.lower) : nil))
    }
  }

  /// Values of a column as codes, −1 where it is missing.
  private static func codes(_ table: InteractionTable, _ name: String) -> [Int32]? {
    switch table.columns[name] {
    case .text(let column): return column.codes
    case .flag(let column): return column.storage.map { Int32($0) }
    case .number(let column): return number(column.storage.map { $0.isNaN ? nil : $0 })
    case .time(let column):
      return number(column.milliseconds.map { $0 == TimeColumn.missing ? nil : Double($0) })
    case nil: return nil
    }
  }

  private static func number(_ values: [Double?]) -> [Int32] {
    let distinct = Set(values.compactMap { $0 }).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices.map { Int32($0) }))
    return values.map { $0.flatMap { place[$0] } ?? -1 }
  }
}
