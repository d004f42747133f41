import ArgumentParser
import Foundation
import Wherefore

/// What `wherefore analyze` takes beside the log.
struct AnalyzeOptions: ParsableArguments {
  /// Where the 95 % intervals come from.
  enum Intervals: String, CaseIterable, ExpressibleByArgument {
    /// The customers' scores at the fit (fast).
    case sandwich
    /// Refits without each of 100 blocks of customers (slow; a check of the other).
    case jackknife
  }

  @Option(help: "When each customer could have made contact (CSV).", completion: .file())
  var customers: String?

  @Option(
    help: ArgumentHelp("The folder to write; an earlier run there is replaced.", valueName: "dir"),
    completion: .directory)
  var out: String

  @Option(help: "Seed of everything that is drawn at random.")
  var seed: UInt64 = 1

  @OptionGroup var execution: ExecutionOptions

  @Option(help: "How 95 % intervals are computed.")
  var intervals: Intervals = .sandwich

  @Option(
    help: ArgumentHelp(
      "Also write every compared member of staff by name (CSV): not for ranking people.",
      valueName: "file"), completion: .file())
  var staffTable: String?

  @Option(
    help: ArgumentHelp("Contacts from which a member of staff is compared.", valueName: "count"))
  var staffMinimum: Int = 100

  @Flag(help: "Also try to refute the attribution, as 'wherefore refute' does, and report it.")
  var refute = false

  mutating func validate() throws {
    let least = Analysis.leastStaffContacts
    guard staffMinimum >= least else {
      throw ValidationError(
        "--staff-minimum is \(least) or more, not \(staffMinimum): fewer contacts say nothing of a person."
      )
    }
    // A run's folder is handed on, and names are not for everybody who reads it.
    let folder = URL(fileURLWithPath: out).standardizedFileURL.path + "/"
    if let staffTable,
      URL(fileURLWithPath: staffTable).standardizedFileURL.path.hasPrefix(folder)
    {
      throw ValidationError(
        "--staff-table \(staffTable) lies in the run's folder \(out), which holds no names: write it "
          + "elsewhere.")
    }
  }
}

/// How many threads a command may use; results do not depend on it.
struct ExecutionOptions: ParsableArguments {
  @Option(help: "Threads to use; the result does not depend on it. Default: one per core.")
  var threads: Int?

  mutating func validate() throws {
    if let threads, !(1...1_024).contains(threads) {
      throw ValidationError("--threads is a number from 1 to 1024, not \(threads).")
    }
  }
}
