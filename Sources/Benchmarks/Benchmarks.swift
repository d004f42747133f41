import Foundation
import LinearAlgebra
import Statistics

/// Side by side with peers: each job makes its data, hands them to the peer as a file, runs both in
/// turn, checks that the answers agree, and says how many times faster ours is; fails where they differ
/// or ours is slower than asked.
@main struct Benchmarks {
  /// Every job, in the order they run.
  static var jobs: [any Benchmark.Type] {
    [
      LogisticRows.self, LogisticCells.self, MixedLinear.self, MixedLogistic.self,
      MixedLogisticFast.self, WeightedEffect.self, FractionReplicates.self, Jump.self,
      PlayerValues.self,
    ]
  }

  static func main() {
    BLASKernelChoice.restartWithBest(
      flags: processorFlags, isTrusted: BLASDescription.computesProductsRight)
    do {
      let options = try BenchmarkOptions(Array(CommandLine.arguments.dropFirst()))
      if options.jobs.isEmpty {
        print(BenchmarkOptions.usage(jobs.map { $0.name }))
        return
      }
      print("kernel \(BLASDescription.kernel), \(options.threads) threads")
      var isAsAsked = true
      for job in jobs where options.jobs.contains("all") || options.jobs.contains(job.name) {
        do {
          let comparison = try job.run(options)
          print(comparison.text)
          if options.rows == nil, comparison.ratio < job.leastRatio {
            print("  SLOWER THAN ASKED: at least \(job.leastRatio) x")
            isAsAsked = false
          }
          // A file gets each job as it ends.
          fflush(nil)
          isAsAsked = isAsAsked && comparison.agrees
        } catch {
          // A peer that is missing does not keep others from being measured.
          print("\(job.name): \(error)")
          isAsAsked = false
        }
      }
      if !isAsAsked { exit(1) }
    } catch {
      FileHandle.standardError.write(Data("benchmarks: \(error)\n".utf8))
      exit(1)
    }
  }

  /// What the processor can do, in the system's words.
  private static func processorFlags() -> Set<String> {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return [] }
    return Set(line.split(separator: " ").map(String.init))
  }
}

/// One comparison.
protocol Benchmark {
  static var name: String { get }
  /// How many times the peer's speed is asked for at the job's own number of rows.
  static var leastRatio: Double { get }
  static func run(_ options: BenchmarkOptions) throws -> Comparison
}
