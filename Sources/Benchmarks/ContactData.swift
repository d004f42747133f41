import Foundation
import Statistics

/// Generated contacts: five factors of 43 levels together, three numbers, customers with a
/// propensity of their own, and whether the customer came back.
struct ContactData {
  static let factors: [(name: String, levels: Int)] = [
    ("channel", 4), ("topic", 13), ("action", 10), ("status", 6), ("integration", 10),
  ]
  static let numbers = ["confidence", "latency", "handling"]

  let table: DataTable

  /// - Parameter isBinned: whether the numbers take a few values only.
  init(rows: Int, seed: UInt64, isBinned: Bool) throws {
    var stream = RandomStream(seed: seed)
    let customers = max(rows / 5, 2)
    let propensities = (0..<customers).map { _ in 0.4 * stream.normal() }
    var effects = Self.factors.map { factor in
      (0..<factor.levels).map { $0 == 0 ? 0 : 0.35 * stream.normal() }
    }
    effects[0][0] = -1.3
    let weights = Self.factors.map { factor in
      (0..<factor.levels).map { 1 / Double(($0 + 1) * ($0 + 1)) }
    }
    var codes = Self.factors.map { _ in [Int32](repeating: 0, count: rows) }
    var numbers = Self.numbers.map { _ in [Double](repeating: 0, count: rows) }
    var customer = [Int32](repeating: 0, count: rows)
    var outcome = [Double](repeating: 0, count: rows)
    for row in 0..<rows {
      // A few customers make many contacts.
      let who = Int(Double(customers) * Double.pow2(stream.uniform()))
      customer[row] = Int32(min(who, customers - 1))
      var eta = propensities[Int(customer[row])]
      for factor in codes.indices {
        let level = stream.categorical(weights[factor])
        codes[factor][row] = Int32(level)
        eta += effects[factor][level]
      }
      let drawn = [stream.uniform(), 0.6 * stream.normal() + 6, 0.8 * stream.normal() + 5]
      let bins = [0.25, 1.2, 1.6]
      for number in drawn.indices {
        let value =
          isBinned
          ? (drawn[number] / bins[number]).rounded(.down) * bins[number]
          : (drawn[number] * 1e6).rounded() / 1e6
        numbers[number][row] = value
      }
      eta += -0.8 * numbers[0][row] + 0.2 * (numbers[1][row] - 6) + 0.1 * (numbers[2][row] - 5)
      outcome[row] = stream.bernoulli(logistic(eta)) ? 1 : 0
    }
    var table = DataTable(rowCount: rows)
    try table.append("returned", outcome)
    for (factor, codes) in zip(Self.factors, codes) {
      try table.append(factor.name, try .numbered(codes, levels: factor.levels))
    }
    for (name, values) in zip(Self.numbers, numbers) { try table.append(name, values) }
    try table.append("customer", try .numbered(customer, levels: customers))
    self.table = table
  }

  static var formula: String {
    "returned ~ " + (factors.map(\.name) + numbers).joined(separator: " + ")
  }

  /// Writes the table as CSV, factors and customers as their codes.
  func write(to path: String) throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(table.rowCount * 64)
    bytes += Array((table.names.joined(separator: ",") + "\n").utf8)
    for row in 0..<table.rowCount {
      for (index, column) in table.columns.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        switch column {
        case .numbers(let numbers): bytes += Array("\(numbers.values[row])".utf8)
        case .text(let text): bytes += Array("\(text.codes[row])".utf8)
        }
      }
      bytes.append(0x0A)
    }
    try Data(bytes).write(to: URL(filePath: path))
  }
}

extension Double {
  /// x², which draws uniform numbers towards 0.
  fileprivate static func pow2(_ x: Double) -> Double { x * x }
}

extension DataTable.Text {
  /// A column of numbered levels, which sort as their numbers do.
  static func numbered(_ codes: [Int32], levels: Int) throws -> Self {
    let width = String(levels).count
    return try Self(
      codes: codes,
      levels: (0..<levels).map {
        let digits = String($0)
        return "v" + String(repeating: "0", count: width - digits.count) + digits
      })
  }
}
