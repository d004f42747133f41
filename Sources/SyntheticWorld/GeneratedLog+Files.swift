import InteractionLog

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension GeneratedLog {
  /// Writes `interactions.csv`, `truth.json` and, where the regime has one, `customers.csv` into a
  /// folder, which is made if it is missing (its parent must exist).
  public func write(toDirectory directory: String) throws {
    if mkdir(directory, 0o755) != 0 && errno != EEXIST {
      throw SyntheticWorldError.fileRefused(
        path: directory, operation: .makeDirectory, code: errno)
    }
    try writeCSV(to: directory + "/interactions.csv")
    if customers != nil { try writeCustomers(to: directory + "/customers.csv") }
    try writeTruth(to: directory + "/truth.json")
  }

  /// Writes the interactions in time order, with the canonical columns.
  public func writeCSV(to path: String) throws(SyntheticWorldError) {
    var names = ["interaction_id", "customer_id", "started_at"]
    var fields = [CSVField(.text(table.customer)), .time(table.startedAt)]
    for (name, column) in table.columns {
      names.append(name)
      fields.append(CSVField(column))
    }
    var file = try PartialFile(path: path)
    try file.append { $0.append(contentsOf: (names.joined(separator: ",") + "\n").utf8) }
    for position in timeOrder {
      let row = Int(position)
      try file.append { bytes in
        bytes.append(contentsOf: table.interactionID[row].utf8)
        for field in fields {
          bytes.append(UInt8(ascii: ","))
          field.write(row, into: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    try file.finish()
  }

  /// Writes when each customer of the population was active (`customer_id,active_from,active_to`;
  /// blank is open), also of those without an interaction; only the header where nobody has limits.
  public func writeCustomers(to path: String) throws(SyntheticWorldError) {
    var file = try PartialFile(path: path)
    try file.append { $0.append(contentsOf: "customer_id,active_from,active_to\n".utf8) }
    for id in customerIDs {
      let row = customers?.rows[id]
      try file.append { bytes in
        bytes.append(contentsOf: id.utf8)
        bytes.append(UInt8(ascii: ","))
        if let from = row?.activeFrom { Timestamp.append(from, to: &bytes) }
        bytes.append(UInt8(ascii: ","))
        if let to = row?.activeTo { Timestamp.append(to, to: &bytes) }
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    try file.finish()
  }

  /// Writes the truth as JSON.
  public func writeTruth(to path: String) throws {
    let json = try truth.json()
    var file = try PartialFile(path: path)
    try file.append { $0.append(contentsOf: json) }
    try file.finish()
  }
}

extension Truth {
  /// The truth as JSON with sorted keys, ending in a newline.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}
