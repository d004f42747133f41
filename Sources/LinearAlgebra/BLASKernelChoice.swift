#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which kernel of OpenBLAS fits a processor, and the start of a program with it.
///
/// An OpenBLAS older than the processor does not know it and falls back to kernels of fifteen years
/// ago, a fifth as fast. It reads `OPENBLAS_CORETYPE` when it is loaded, before `main`, so a program
/// that wants the right kernel starts itself once more with the variable set. A library must not do
/// that to its host: only executables do.
package enum BLASKernelChoice {
  package static let variable = "OPENBLAS_CORETYPE"
  /// Set by us beside the variable, so that a kernel of ours that computes wrong numbers can be
  /// told from one that the user chose.
  package static let mark = "WHEREFORE_BLAS_KERNEL"

  /// Kernels that OpenBLAS falls back to where it does not know a processor.
  private static let fallbacks: Set<String> = [
    "Prescott", "Core2", "Nehalem", "Generic", "Unknown",
  ]

  /// The kernel for a processor with these flags, as /proc/cpuinfo names them; nil where the one that
  /// OpenBLAS chose is as good.
  package static func best(chosen: String, flags: Set<String>) -> String? {
    guard fallbacks.contains(chosen) else { return nil }
    if flags.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"]) {
      return "SkylakeX"
    }
    return flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
  }

  /// Starts this program once more with the kernel for the processor, where OpenBLAS chose an old one
  /// and the user chose none. Returns where nothing is to be gained or the system refuses; the results
  /// are right either way.
  ///
  /// - Parameters:
  ///   - flags: of the processor; asked for only where the kernel is an old one.
  ///   - isTrusted: whether a kernel of ours computes right, asked for in the program's second start.
  package static func restartWithBest(flags: () -> Set<String>, isTrusted: () -> Bool) {
    if getenv(mark) != nil {
      if !isTrusted() { restart(kernel: "Prescott") }
      return
    }
    let chosen = BLASDescription.kernel
    guard getenv(variable) == nil, fallbacks.contains(chosen),
      let kernel = best(chosen: chosen, flags: flags())
    else { return }
    restart(kernel: kernel)
  }

  private static func restart(kernel: String) {
    guard getenv(mark).map({ String(cString: $0) }) != kernel else { return }
    setenv(variable, kernel, 1)
    setenv(mark, kernel, 1)
    var arguments = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", &arguments)
    // Refused: go on with the kernel that is loaded.
    for argument in arguments { free(argument) }
    unsetenv(variable)
    unsetenv(mark)
  }
}
