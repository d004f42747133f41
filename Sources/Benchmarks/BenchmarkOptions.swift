import Foundation

/// What the command line asks for.
struct BenchmarkOptions {
  var jobs: Set<String> = []
  /// The interpreter of the environment that holds the peers.
  var python = "python3"
  /// The same for DoubleML and EconML, which ask for older packages than the others; nil if both
  /// are in one environment.
  var causalPython: String?
  var rscript = "Rscript"
  var rounds = 5
  /// Other than a job's own number of rows.
  var rows: Int?
  var threads = ProcessInfo.processInfo.activeProcessorCount

  struct UsageError: Error, CustomStringConvertible {
    let description: String
  }

  init(_ arguments: [String]) throws {
    var index = 0
    func value(_ option: String) throws -> String {
      index += 1
      guard index < arguments.count else {
        throw UsageError(description: "\(option) needs a value")
      }
      return arguments[index]
    }
    func number(_ option: String) throws -> Int {
      let text = try value(option)
      guard let number = Int(text), number > 0 else {
        throw UsageError(description: "\(option) needs a number above 0, not \(text)")
      }
      return number
    }
    while index < arguments.count {
      switch arguments[index] {
      case "--python": python = try value("--python")
      case "--causal-python": causalPython = try value("--causal-python")
      case "--rscript": rscript = try value("--rscript")
      case "--rounds": rounds = try number("--rounds")
      case "--rows": rows = try number("--rows")
      case "--threads": threads = try number("--threads")
      case let name where !name.hasPrefix("-"): jobs.insert(name)
      case let option: throw UsageError(description: "there is no option \(option)")
      }
      index += 1
    }
  }

  static func usage(_ jobs: [String]) -> String {
    """
    usage: Benchmarks JOB… [--python PATH] [--causal-python PATH] [--rscript PATH]
                           [--rounds N] [--rows N] [--threads N]
    jobs: all, \(jobs.joined(separator: ", "))
    """
  }
}
