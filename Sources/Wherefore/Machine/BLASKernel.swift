import LinearAlgebra

/// The OpenBLAS kernel that fits the processor; see `BLASKernelChoice`.
public enum BLASKernel {
  /// The kernel for a processor with these flags, as /proc/cpuinfo names them; nil where the one that
  /// OpenBLAS chose is as good.
  package static func best(chosen: String, flags: Set<String>) -> String? {
    BLASKernelChoice.best(chosen: chosen, flags: flags)
  }

  /// Starts this program once more with the kernel for the processor, where OpenBLAS chose an old one
  /// and the user chose none. The first statement of an executable.
  public static func restartWithBestKernel() {
    BLASKernelChoice.restartWithBest(flags: Doctor.flagsOfThisMachine) {
      BLASDescription.computesProductsRight() && Doctor.factorisation().verdict == .ok
    }
  }
}
