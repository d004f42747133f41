import ArgumentParser
import Wherefore

/// What `wherefore refute` takes beside the log.
struct RefuteOptions: ParsableArguments {
  @Option(help: "When each customer could have made contact (CSV).", completion: .file())
  var customers: String?

  @Option(
    help: ArgumentHelp(
      "Refuters to run, with commas between them. Default: all.", valueName: "name,…"))
  var only: String?

  @Option(help: "Seed of everything that is drawn at random.")
  var seed: UInt64 = 1

  @Option(help: "Also write the results to this file as JSON.", completion: .file())
  var out: String?

  @OptionGroup var execution: ExecutionOptions

  mutating func validate() throws { _ = try RefuteNames.parse(only) }
}

/// Refuters by the names that a person writes.
enum RefuteNames {
  static let all = RefuterName.allCases.map(\.rawValue)

  static func parse(_ text: String?) throws -> [RefuterName] {
    guard let text else { return [] }
    return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let name = RefuterName(rawValue: String(part)) else {
        throw ValidationError(
          "--only names refuters, and \"\(part)\" is none: \(all.joined(separator: ", ")).")
      }
      return name
    }
  }
}
