import CLAPACK

/// What the BLAS behind this target says of itself; for the record of a run, never for a result.
public enum BLASDescription {
  /// The kernel that OpenBLAS chose for this processor (`SkylakeX`, `Haswell`, …).
  public static var kernel: String { String(cString: openblas_get_corename()) }

  /// Version and build options in OpenBLAS's own words.
  public static var configuration: String {
    String(cString: openblas_get_config()).split(separator: " ").joined(separator: " ")
  }

  /// Threads that the next product would use.
  public static var threads: Int { Int(openblas_get_num_threads()) }
}
