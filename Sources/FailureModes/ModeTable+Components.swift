import InteractionLog

extension ModeTable {
  /// The component that would be at fault on each row if the mode held there, whether or not it does:
  /// a column's value (−1 where it is blank), or one text for all rows. For a staff error the team,
  /// else `staff`.
  package func componentAtRisk(
    of mode: Int, study: Study, table: InteractionTable
  ) -> TextColumn {
    let name = modes[mode].name
    let declared =
      study.failureModes?.first { $0.name == name }
      ?? BuiltinModes.system(study: study, table: table).first { $0.name == name }
    let component = declared?.component ?? (table.text("team") == nil ? "staff" : "team")
    if let column = component == "topic" ? table.topic : table.text(component) { return column }
    return TextColumn(codes: [Int32](repeating: 0, count: table.count), values: [component])
  }
}
