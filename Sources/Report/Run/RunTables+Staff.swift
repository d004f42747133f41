import Attribution

extension RunTables {
  /// Writes every compared member of staff with the figures by which members are compared.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public static func writeStaff(_ table: StaffTable, to path: String) throws(ReportError) {
    let errors = Set(table.members.flatMap(\.errorOdds.keys)).sorted()
    try CSVFile.write(
      path: path,
      header: [
        "staff_id", "contacts", "expected", "observed", "ratio", "ratio_low", "ratio_high",
        "shrunk", "shrunk_low", "shrunk_high", "p", "q", "named", "raw_rate", "above_raw_mean",
        "note",
      ] + errors.map { "odds:\($0)" }, count: table.members.count
    ) { rows, index in
      let member = table.members[index]
      rows.field(member.staffID)
      rows.field(member.contacts)
      rows.field(member.expected)
      rows.field(member.observed)
      rows.field(member.ratio)
      rows.field(member.ratioInterval[0])
      rows.field(member.ratioInterval[1])
      rows.field(member.shrunk)
      rows.field(member.shrunkInterval.first)
      rows.field(member.shrunkInterval.last)
      rows.field(member.p)
      rows.field(member.q)
      rows.field(member.isNamed)
      rows.field(member.rawRate)
      rows.field(member.standsOutRaw)
      rows.field(member.note)
      for error in errors { rows.field(member.errorOdds[error]) }
    }
  }
}
