/// Why a factorisation has no answer for the matrix that was given.
public enum LinearAlgebraError: Error, Sendable, Equatable {
  /// The leading minor of this order (1-based) is not positive.
  case notPositiveDefinite(leadingMinor: Int)
  /// The pivot in this position (1-based) is exactly zero.
  case singular(pivot: Int)
  /// The matrix has a NaN or an infinity; the factor's diagonal shows it first here (1-based).
  case notFinite(position: Int)
  /// The eigenvalue iteration left this many off-diagonal elements above zero.
  case eigenvaluesNotFound(offDiagonals: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notPositiveDefinite(let minor):
      "The matrix is not positive definite: its leading minor of order \(minor) is not positive. "
        + "Column \(minor) depends linearly on the ones before it; drop it or add a ridge."
    case .singular(let pivot):
      "The matrix is singular: pivot \(pivot) is zero. "
        + "Drop a column that others determine, or add a ridge."
    case .notFinite(let position):
      "The matrix has a NaN or infinite entry, first seen at diagonal position \(position). "
        + "Check the weights and values it was made of."
    case .eigenvaluesNotFound(let count):
      "The eigenvalue iteration did not converge: \(count) off-diagonal elements remain. "
        + "Check the matrix for entries of very different size."
    }
  }
}

/// Stops the program where LAPACK refuses an argument: that is a mistake of this target.
@inline(__always)
func trapOnIllegalArgument(_ info: Int32, _ routine: StaticString) {
  if info < 0 { fatalError("\(routine): argument \(-info) is illegal") }
}

/// LAPACK's option letters.
enum Option {
  static let lower = CChar(UInt8(ascii: "L"))
  static let upper = CChar(UInt8(ascii: "U"))
  static let noTranspose = CChar(UInt8(ascii: "N"))
  static let transpose = CChar(UInt8(ascii: "T"))
  static let left = CChar(UInt8(ascii: "L"))
  static let vectors = CChar(UInt8(ascii: "V"))
}
