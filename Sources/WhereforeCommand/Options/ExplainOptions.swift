import ArgumentParser
import Wherefore

/// What `wherefore explain` takes.
struct ExplainOptions: ParsableArguments {
  @Argument(help: "The id of the interaction; or name a figure with --figure.")
  var interaction: String?

  @OptionGroup var run: RunOptions

  @Option(
    help: ArgumentHelp(
      "A figure of the report, as split.system_direct, topics.refund.staff_own or modes.MODE@COMPONENT.if_removed; 'list' lists all, a pattern as 'fixes.*' those that match. May be given several times.",
      valueName: "path"))
  var figure: [String] = []

  @Option(help: "Only interactions of this topic.") var topic: String?
  @Option(help: "Only interactions of this ISO week, as 2026-W03.") var week: String?
  @Option(help: "Only interactions with this failure mode.") var mode: String?
  @Option(help: "Only interactions with a failure at this component.") var component: String?
  @Option(help: "Only interactions handled by ai, or by staff.") var handler: String?
  @Option(help: "Only interactions of this channel.") var channel: String?
  @Option(help: "Only interactions of this team.") var team: String?
  @Option(help: "Only interactions of this member of staff.") var staff: String?

  @Option(help: "How many interactions to list.") var limit: Int = 10

  @Option(
    help: ArgumentHelp("Write all interactions of the figure to a CSV file.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var csv: String?

  var filter: InteractionFilter {
    InteractionFilter(
      topic: topic, week: week, mode: mode, component: component, handler: handler,
      channel: channel, team: team, staff: staff)
  }

  /// `list`, or the pattern of figures to list.
  var pattern: String? { figure.first { $0 == "list" || $0.contains("*") } }

  mutating func validate() throws {
    guard (interaction == nil) != figure.isEmpty else {
      throw ValidationError(
        interaction == nil
          ? "Name an interaction, or a figure with --figure."
          : "Name an interaction or a figure with --figure, not both; all interactions of "
            + "a figure go to a file with --figure PATH --csv FILE.")
    }
    if figure.isEmpty || pattern != nil, !filter.isEmpty || csv != nil {
      throw ValidationError("Filters and --csv go with --figure PATH.")
    }
    if figure.count > 1, csv != nil || pattern != nil {
      throw ValidationError("--csv, 'list' and patterns go with one --figure.")
    }
    guard (0...100_000).contains(limit) else {
      throw ValidationError("--limit is a number from 0 to 100000, not \(limit).")
    }
  }
}

/// The folder of a finished run, and what may be shown of it.
struct RunOptions: ParsableArguments {
  @Option(
    name: .customLong("in"),
    help: ArgumentHelp("The folder that 'wherefore analyze' wrote.", valueName: "dir"),
    completion: .directory)
  var directory: String

  @Flag(help: "Name members of staff, and show the other columns that the study calls personal.")
  var showStaff = false
}
