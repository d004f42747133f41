import InteractionLog
import RepeatContacts

/// Who is compared with whom, and what a comparison of staff is adjusted for beside the study's
/// context: the block of hours and the kind of day on which a contact began, in the study's zone.
package struct StaffColumns: Sendable {
  /// Names that no column of a log has.
  static let staff = "(member)"
  static let shift = "(shift)"
  static let day = "(kind of day)"
  /// Hours of a shift's block.
  static let blockHours = 4
  /// Most members with an effect of their own; beyond it those with fewest contacts share one.
  package static let maximumMembers = 240

  /// The log with the three columns.
  package let table: InteractionTable
  /// Codes of `staff_id` that have an effect of their own, ascending.
  package let members: [Int32]
  /// Linked contacts of each of them.
  package let contacts: [Int]
  /// Effective number of customers of each: (Σ n_c)² / Σ n_c² over their contacts by customer (Kish).
  package let customers: [Double]
  /// Members with at least one linked contact, and with as many as a comparison needs.
  package let memberCount: Int
  package let frequentCount: Int

  /// - Parameters:
  ///   - data: the linked contacts.
  ///   - minimumContacts: linked contacts below which a member is not compared.
  /// - Returns: nil where the log names no staff.
  package init?(
    table: InteractionTable, data: LinkData, zone: ZoneOffsets, minimumContacts: Int
  ) {
    guard let staff = table.text("staff_id") else { return nil }
    var counts = [Int](repeating: 0, count: staff.values.count)
    for row in data.row where staff.codes[Int(row)] >= 0 {
      counts[Int(staff.codes[Int(row)])] += 1
    }
    memberCount = counts.count { $0 > 0 }
    frequentCount = counts.count { $0 >= max(minimumContacts, 1) }
    members = counts.indices.filter { counts[$0] >= max(minimumContacts, 1) }
      .sorted { counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1] }
      .prefix(Self.maximumMembers).sorted().map(Int32.init)
    contacts = members.map { counts[Int($0)] }
    let squares = Self.squaresByCustomer(data, staff)
    customers = members.map {
      Double(counts[Int($0)]) * Double(counts[Int($0)]) / max(squares[Int($0)], 1)
    }
    var copy = table
    copy.columns[Self.staff] = .text(Self.memberColumn(table, staff, members))
    let local = table.startedAt.map { zone.local(fromUTC: $0) }
    copy.columns[Self.shift] = .text(
      TextColumn(
        codes: local.map { Int32(hour($0) / Self.blockHours) },
        values: (0..<(24 / Self.blockHours)).map { "block \($0)" }))
    copy.columns[Self.day] = .text(
      TextColumn(codes: local.map { isWeekend($0) ? 1 : 0 }, values: ["weekday", "weekend"]))
    self.table = copy
  }

  /// What is said where more members have enough contacts than are compared; nil elsewhere.
  var limitNote: String? {
    guard frequentCount > members.count else { return nil }
    return "\(grouped(frequentCount)) members of staff have enough contacts; the "
      + "\(grouped(members.count)) with most are compared, the others are not looked at"
  }

  /// Σ n_c² of every member over the customers.
  private static func squaresByCustomer(_ data: LinkData, _ staff: TextColumn) -> [Double] {
    var squares = [Double](repeating: 0, count: staff.values.count)
    var own = [Double](repeating: 0, count: staff.values.count)
    for c in 0..<data.customerCount {
      let range = Int(data.customerStart[c])..<Int(data.customerStart[c + 1])
      let codes = range.map { staff.codes[Int(data.row[$0])] }.filter { $0 >= 0 }
      for code in codes {
        // (n + 1)² − n² = 2n + 1
        squares[Int(code)] += 2 * own[Int(code)] + 1
        own[Int(code)] += 1
      }
      for code in codes { own[Int(code)] = 0 }
    }
    return squares
  }

  /// Level texts keep the order of the codes; nobody's id is one.
  private static func memberColumn(
    _ table: InteractionTable, _ staff: TextColumn, _ members: [Int32]
  ) -> TextColumn {
    var place = [Int32](repeating: -1, count: staff.values.count)
    for (k, member) in members.enumerated() { place[Int(member)] = Int32(k) }
    let handler = table.text("handled_by")
    let byStaff = handler?.values.firstIndex(of: "staff").map(Int32.init)
    // Nobody, a member who is not compared, somebody unnamed; then the members.
    let codes = (0..<table.count).map { row -> Int32 in
      let code = staff.codes[row]
      if code >= 0 { return place[Int(code)] >= 0 ? 3 + place[Int(code)] : 1 }
      return byStaff != nil && handler?.codes[row] == byStaff ? 2 : 0
    }
    return TextColumn(
      codes: codes,
      values: ["(nobody)", "(other)", "(unnamed)"] + members.indices.map { level($0) })
  }

  /// The level of the k-th member.
  static func level(_ k: Int) -> String {
    let digits = String(k)
    return "m" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// What the comparison adjusts for: the study's context without who handled it, which the members
  /// say, with shift and kind of day.
  package static func contextNames(_ names: [String]) -> [String] {
    names.filter { $0 != "handled_by" && $0 != "staff_id" } + [shift, day, staff]
  }
}

private func hour(_ local: Int64) -> Int {
  let hours = CivilDate.floorDivide(Int(local), 3_600_000)
  return hours - 24 * CivilDate.floorDivide(hours, 24)
}

private func isWeekend(_ local: Int64) -> Bool {
  let sinceMonday = local - ISOWeek(milliseconds: local).milliseconds
  return sinceMonday >= 5 * 86_400_000
}
