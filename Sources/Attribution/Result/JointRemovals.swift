/// What repairs together take of an interaction's repeats where more than one of them bears on it.
///
/// Elsewhere it is what the one alone takes (`ModeContributions.removedShare`): together they are the
/// rows behind `overlap` and `greedy` of `fixes[]`.
public struct JointRemovals: Sendable {
  /// Ranks of the fixes of each set, ascending.
  public var sets: [[Int]] = []
  /// Entries, by row, then set: row of the table, place in `sets`, share of the row's repeats, 0...1.
  public var row: [Int32] = []
  public var set: [Int32] = []
  public var share: [Double] = []

  public init() {}
}
