import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The OpenBLAS kernel that fits the processor.
///
/// An OpenBLAS older than the processor does not know it and falls back to kernels of fifteen years
/// ago, a fifth as fast. It reads `OPENBLAS_CORETYPE` when it is loaded, before `main`, so a program
/// that wants the right kernel starts itself once more with the variable set. A library must not do
/// that to its host: only the executables call `restartWithBestKernel`.
public enum BLASKernel {
  static let variable = "OPENBLAS_CORETYPE"
  /// Set by us beside the variable, so that a kernel of ours that computes wrong numbers can be
  /// told from one that the user chose.
  private static let mark = "WHEREFORE_BLAS_KERNEL"

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
  /// are right either way. The first statement of an executable.
  public static func restartWithBestKernel() {
    if getenv(mark) != nil {
      // Ours: trusted only after it has computed a product right.
      if !BLASDescription.computesProductsRight() { restart(kernel: "Prescott") }
      return
    }
    guard getenv(variable) == nil, fallbacks.contains(BLASDescription.kernel),
      let kernel = best(chosen: BLASDescription.kernel, flags: Doctor.flagsOfThisMachine())
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
