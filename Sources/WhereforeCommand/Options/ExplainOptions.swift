import ArgumentParser

/// What `wherefore explain` takes.
struct ExplainOptions: ParsableArguments {
  @Argument(help: "The id of the interaction.")
  var interaction: String

  @Option(
    name: .customLong("in"),
    help: ArgumentHelp("The folder that 'wherefore analyze' wrote.", valueName: "dir"),
    completion: .directory)
  var directory: String
}
