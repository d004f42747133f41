import Attribution

extension RunTables {
  /// Writes every compared member of staff with the figures by which members are compared.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public static func writeStaff(_ table: StaffTable, to path: String) throws(ReportError) {
    let errors = Set(table.members.flatMap(\.errorOdds.keys)).sorted()
    var file = try CSVFile.create(
      path: path,
      header: [
        "staff_id", "contacts", "expected", "observed", "ratio", "ratio_low", "ratio_high",
        "shrunk", "shrunk_low", "shrunk_high", "p", "q", "named", "raw_rate", "above_raw_mean",
        "note",
      ] + errors.map { "odds:\($0)" })
    for member in table.members {
      file.field(member.staffID)
      file.field(member.contacts)
      file.field(member.expected)
      file.field(member.observed)
      file.field(member.ratio)
      file.field(member.ratioInterval[0])
      file.field(member.ratioInterval[1])
      file.field(member.shrunk)
      file.field(member.shrunkInterval.first)
      file.field(member.shrunkInterval.last)
      file.field(member.p)
      file.field(member.q)
      file.field(member.isNamed)
      file.field(member.rawRate)
      file.field(member.standsOutRaw)
      file.field(member.note)
      for error in errors { file.field(member.errorOdds[error]) }
      try file.endRow()
    }
    try file.finish()
  }
}
