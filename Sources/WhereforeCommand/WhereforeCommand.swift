import ArgumentParser
import Wherefore

/// The program: parses the command line, runs the subcommand, and turns what it throws into a
/// message on standard error and an exit status.
@main struct WhereforeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wherefore",
    abstract: "Finds out why customers come back.",
    discussion: """
      Reads a log of customer interactions, joins repeat contacts to the interactions that may have \
      caused them, and says how many repeats each failure mode caused.

      Exit status: 0 done, 2 wrong usage, 65 bad input, 66 input missing, 70 a defect of \
      Wherefore, 75 try again.
      """,
    version: WhereforeVersion.current,
    subcommands: [
      InitCommand.self, AnalyzeCommand.self, RefuteCommand.self, ChangeCommand.self,
      FollowCommand.self,
      LinkCommand.self, WhatIfCommand.self,
      ExplainCommand.self, CustomerCommand.self, FitCommand.self, EffectCommand.self,
      DiscontinuityCommand.self, SynthCommand.self, ValidateCommand.self, DoctorCommand.self,
    ])

  static func main() {
    BLASKernel.restartWithBestKernel()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Ending(error).exit()
    }
  }
}
