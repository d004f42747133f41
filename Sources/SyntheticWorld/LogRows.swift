/// The log's contacts in canonical order (customer, time), kept small until the table is built.
package struct LogRows: Sendable {
  package struct Row: Sendable {
    package var key: UInt64
    package var time: Int32
    /// Number of the customer in the population.
    package var customer: Int32
    /// The causing row; −1 for a background contact, −2 where the cause came before the log.
    package var parent: Int32
    package var latencyMilliseconds: Int32
    package var confidence: Int32
    package var staff: Int16
    package var modes: ModeSet
    package var topic: UInt8
    package var channel: UInt8
    package var predicted: UInt8
    package var integration: Int8
    package var actionPartial: Bool
  }

  package private(set) var rows: [Row] = []
  private var order: [Int32] = []
  private var rowOfContact: [Int32] = []

  package init(capacity: Int) { rows.reserveCapacity(capacity) }

  /// Appends a customer's contacts from the log's start on, in time order.
  package mutating func append(_ contacts: [Contact], customer: Int32) {
    order.removeAll(keepingCapacity: true)
    for index in contacts.indices where contacts[index].time >= 0 { order.append(Int32(index)) }
    order.sort { a, b in
      let first = contacts[Int(a)].time
      let second = contacts[Int(b)].time
      return first == second ? a < b : first < second
    }
    rowOfContact.removeAll(keepingCapacity: true)
    rowOfContact.append(contentsOf: repeatElement(-2, count: contacts.count))
    for (offset, index) in order.enumerated() {
      rowOfContact[Int(index)] = Int32(rows.count + offset)
    }
    for index in order {
      let contact = contacts[Int(index)]
      rows.append(
        Row(
          key: contact.key, time: contact.time, customer: customer,
          parent: contact.parent < 0 ? -1 : rowOfContact[Int(contact.parent)],
          latencyMilliseconds: contact.latencyMilliseconds, confidence: contact.confidence,
          staff: contact.staff, modes: contact.modes, topic: contact.topic,
          channel: contact.channel, predicted: contact.predicted,
          integration: contact.integration, actionPartial: contact.actionPartial))
    }
  }

  /// Rows in time order; rows of the same second by customer.
  package func timeOrder() -> [Int32] {
    var packed = rows.indices.map { UInt64(rows[$0].time) << 32 | UInt64($0) }
    packed.sort()
    return packed.map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
  }
}
