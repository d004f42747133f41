import LinearAlgebra

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What this machine has of what Wherefore needs.
public struct Doctor: Codable, Sendable {
  /// One thing looked at.
  public struct Finding: Codable, Sendable, Equatable {
    public enum Verdict: String, Codable, Sendable {
      /// As it should be.
      case ok
      /// Works, with less: `advice` says what is lost and how to mend it.
      case warning = "warn"
      /// Results cannot be trusted or the program cannot work.
      case failure = "fail"
    }
    public var name: String
    public var verdict: Verdict
    public var value: String
    public var advice: String?
  }

  public var version: String
  public var findings: [Finding]

  /// False where any finding fails.
  public var isHealthy: Bool { findings.allSatisfy { $0.verdict != .failure } }

  /// Looks at this process's machine; takes a few milliseconds and writes nothing.
  public static func examine() -> Doctor {
    Doctor(
      version: WhereforeVersion.current,
      findings: [
        processor(information: contents(of: "/proc/cpuinfo")), cores(), linearAlgebra(),
        factorisation(), vegaBundle(VegaBundle()),
      ])
  }

  /// The processor in the system's words; nil where it does not say.
  package static func processorName() -> String? {
    contents(of: "/proc/cpuinfo").flatMap { value(of: "model name", in: $0) }
  }

  package static func flagsOfThisMachine() -> Set<String> {
    contents(of: "/proc/cpuinfo").map { flags(information: $0) } ?? []
  }

  /// What the processor can do, in the system's words.
  static func flags(information: String) -> Set<String> {
    Set((value(of: "flags", in: information) ?? "").split(separator: " ").map(String.init))
  }

  /// The first value of a key in /proc/cpuinfo's form.
  private static func value(of key: String, in information: String) -> String? {
    information.split(separator: "\n").first { $0.hasPrefix(key) }
      .flatMap { $0.split(separator: ":", maxSplits: 1).dropFirst().first }
      .map { $0.split(separator: " ").joined(separator: " ") }
  }

  /// The processor's name and those of its vector extensions that matter to the linear algebra.
  package static func processor(information: String?) -> Finding {
    guard let information else {
      return Finding(name: "processor", verdict: .ok, value: "not named by this system")
    }
    let known = flags(information: information)
    let extensions = ["sse4_2", "avx", "avx2", "fma", "avx512f"].filter(known.contains)
    let name = value(of: "model name", in: information) ?? "unnamed"
    return Finding(
      name: "processor", verdict: .ok,
      value: extensions.isEmpty ? name : "\(name) (\(extensions.joined(separator: " ")))")
  }

  static func cores() -> Finding {
    let processors = ProcessInfo.processInfo.activeProcessorCount
    return Finding(name: "cores", verdict: .ok, value: "\(processors)")
  }

  static func linearAlgebra() -> Finding {
    Finding(
      name: "linear algebra", verdict: .ok,
      value: "\(BLASDescription.configuration); kernel \(BLASDescription.kernel)")
  }

  /// Factors a matrix with a known solution: some builds of OpenBLAS choose a kernel that computes
  /// wrong numbers on processors newer than themselves.
  static func factorisation() -> Finding {
    // The correlations 0.95^|i − j| of an autoregression, and a right-hand side of which the
    // solution is known.
    let order = 150
    var powers = [1.0]
    for _ in 1..<order { powers.append(powers[powers.count - 1] * 0.95) }
    var correlations = Matrix(rows: order, columns: order)
    for column in 0..<order {
      for row in 0..<order { correlations[row, column] = powers[abs(row - column)] }
    }
    let wanted = (0..<order).map { 1 + Double($0) / Double(order) }
    let right = (0..<order).map { row in
      zip(correlations.row(row), wanted).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let name = "Cholesky factorisation"
    let advice =
      "the kernel \(BLASDescription.kernel) of OpenBLAS computes wrong numbers on this processor; "
      + "set OPENBLAS_CORETYPE=Haswell (or an older kernel) or install a newer libopenblas0"
    do {
      let solution = try CholeskyFactor(correlations).solve(right)
      let error = zip(solution, wanted).map { abs($0 - $1) }.max() ?? .infinity
      // The condition number is about (1.95 / 0.05)² = 1,500: twelve digits are right.
      return error < 1e-10
        ? Finding(name: name, verdict: .ok, value: "right to \(error)")
        : Finding(name: name, verdict: .failure, value: "wrong by \(error)", advice: advice)
    } catch {
      return Finding(name: name, verdict: .failure, value: "\(error)", advice: advice)
    }
  }

  package static func vegaBundle(_ bundle: VegaBundle) -> Finding {
    let name = "Vega bundle"
    let advice =
      "reports have tables and no charts; run 'make setup' in Wherefore's checkout and 'make "
      + "install' again, or let \(VegaBundle.variable) name a vega-embed.js"
    guard let location = bundle.location else {
      return Finding(name: name, verdict: .warning, value: "not found", advice: advice)
    }
    guard FileManager.default.isReadableFile(atPath: location) else {
      return Finding(
        name: name, verdict: .warning,
        value: "\(VegaBundle.variable) names \(location), which cannot be read", advice: advice)
    }
    return Finding(name: name, verdict: .ok, value: location)
  }

  private static func contents(of path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
