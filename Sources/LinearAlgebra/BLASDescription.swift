import CLAPACK

/// What the BLAS behind this target says of itself; for the record of a run, never for a result.
public enum BLASDescription {
  /// The kernel that OpenBLAS chose for this processor (`SkylakeX`, `Haswell`, …).
  public static var kernel: String { String(cString: openblas_get_corename()) }

  /// Version and build options in OpenBLAS's own words.
  public static var configuration: String {
    String(cString: openblas_get_config()).split(separator: " ").joined(separator: " ")
  }

  /// Whether a product of whole numbers, which has one right answer to the last bit, comes out right:
  /// some builds choose a kernel that computes wrong numbers on processors newer than themselves.
  public static func computesProductsRight() -> Bool {
    let n = 65
    let a = Matrix(rows: n, columns: n, storage: (0..<(n * n)).map { Double($0 % 17 - 8) })
    let b = Matrix(rows: n, columns: n, storage: (0..<(n * n)).map { Double($0 % 23 - 11) })
    let product = a * b
    for c in 0..<n {
      for r in 0..<n {
        var sum = 0.0
        for k in 0..<n { sum += a[r, k] * b[k, c] }
        if product[r, c] != sum { return false }
      }
    }
    return true
  }

  /// Threads that the next product would use.
  public static var threads: Int { Int(openblas_get_num_threads()) }
}
