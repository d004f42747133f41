import CLAPACK

/// The thread count of the BLAS behind this target.
public enum BLASThreads {
  private static let setToOne: Void = openblas_set_num_threads(1)

  /// Makes OpenBLAS run on the calling thread only.
  ///
  /// Sums inside a product would otherwise be split by the machine's cores, and results would
  /// depend on them. Every routine of this target calls it first; only the first call does work.
  @inline(__always)
  public static func useOne() { _ = setToOne }
}
