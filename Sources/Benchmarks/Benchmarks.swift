import Foundation
import Statistics

/// Side by side with peers: each job makes its data, hands them to the peer as a file, runs both in
/// turn, checks that the answers agree, and says how many times faster ours is.
@main struct Benchmarks {
  /// Every job, in the order they run.
  static var jobs: [any Benchmark.Type] { [LogisticRows.self, LogisticCells.self] }

  static func main() {
    do {
      let options = try BenchmarkOptions(Array(CommandLine.arguments.dropFirst()))
      if options.jobs.isEmpty {
        print(BenchmarkOptions.usage(jobs.map { $0.name }))
        return
      }
      for job in jobs where options.jobs.contains("all") || options.jobs.contains(job.name) {
        print(try job.run(options).text)
      }
    } catch {
      FileHandle.standardError.write(Data("benchmarks: \(error)\n".utf8))
      exit(1)
    }
  }
}

/// One comparison.
protocol Benchmark {
  static var name: String { get }
  static func run(_ options: BenchmarkOptions) throws -> Comparison
}

/// What the command line asks for.
struct BenchmarkOptions {
  var jobs: Set<String> = []
  /// The interpreter of the environment that holds the peers.
  var python = "python3"
  var rounds = 5
  var rows = 1_000_000
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
    "usage: Benchmarks JOB… [--python PATH] [--rounds N] [--rows N] [--threads N]\njobs: all, "
      + jobs.joined(separator: ", ")
  }
}

/// The outcome of a job.
struct Comparison {
  let name: String
  let peer: String
  /// Seconds of each round.
  let own: [Double]
  let others: [Double]
  /// The largest difference of the answers, relative to the peer's, and the most that is allowed.
  let difference: Double
  let tolerance: Double
  var notes: [String] = []

  /// The median of the rounds' ratios, each of two runs next to each other.
  var ratio: Double { Self.median(zip(others, own).map { $0 / $1 }) }

  var text: String {
    let agreement =
      difference <= tolerance
      ? "answers agree to \(difference)" : "ANSWERS DIFFER by \(difference)"
    let lines =
      [
        "\(name): \(Self.text(ratio)) x faster than \(peer)",
        "  ours \(Self.text(Self.median(own))) s, \(peer) \(Self.text(Self.median(others))) s "
          + "(medians of \(own.count) alternating rounds); \(agreement)",
      ] + notes.map { "  " + $0 }
    return lines.joined(separator: "\n")
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  static func text(_ value: Double) -> String { String(format: "%.3g", value) }
}
