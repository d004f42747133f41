/// Where the blocks of a symmetric matrix stand whose leading part is a forest of small nodes.
///
/// The coefficients are the nodes' own, node after node with children before parents, then a dense
/// remainder. A node touches its ancestors and a few rows of the remainder (its tail), and no other
/// node; so eliminating it fills in nothing but what its ancestors and the remainder already hold.
/// The leading random term of a mixed model makes such a matrix, and so do terms nested in each
/// other (Bates, Mächler, Bolker & Walker 2015, J. Stat. Softw. 67(1), section 3.5, for one block
/// ordering; Liu 1990, SIAM J. Matrix Anal. 11, for the elimination tree).
///
/// A node's columns are stored as one column-major panel whose rows are its own coefficients, its
/// ancestors' from the nearest up, and its tail.
package struct BlockLayout: Sendable {
  /// Coefficients of each node.
  package let widths: [Int]
  /// The parent of each node, always a later one; −1 for a root.
  package let parents: [Int]
  /// Node j's tail is `tails[tailStarts[j]..<tailStarts[j + 1]]`.
  package let tailStarts: [Int]
  /// Rows of the remainder, ascending within a node; a tail is contained in its parent's.
  package let tails: [Int32]
  /// Order of the remainder.
  package let remainder: Int

  /// First coefficient of each node; at `count`, the first of the remainder.
  package let coefficientStarts: [Int]
  /// First value of each node's panel; at `count`, the length of all.
  package let panelStarts: [Int]
  /// Rows of each node's panel.
  package let heights: [Int]
  /// Coefficients of all ancestors of each node.
  package let ancestorRows: [Int]
  /// For each entry of `tails`, its place in the parent's tail; −1 for a root's.
  package let parentPlaces: [Int32]

  /// Nodes.
  package var count: Int { widths.count }
  /// All coefficients, the remainder's included.
  package var order: Int { coefficientStarts[count] + remainder }
  /// Values in all panels.
  package var panelCount: Int { panelStarts[count] }

  package init(
    widths: [Int], parents: [Int], tailStarts: [Int], tails: [Int32], remainder: Int
  ) {
    precondition(parents.count == widths.count && tailStarts.count == widths.count + 1)
    let count = widths.count
    var ancestorRows = [Int](repeating: 0, count: count)
    for j in stride(from: count - 1, through: 0, by: -1) where parents[j] >= 0 {
      precondition(parents[j] > j, "node \(j) has the earlier parent \(parents[j])")
      ancestorRows[j] = ancestorRows[parents[j]] + widths[parents[j]]
    }
    var coefficientStarts = [0]
    var panelStarts = [0]
    var heights: [Int] = []
    for j in 0..<count {
      heights.append(widths[j] + ancestorRows[j] + tailStarts[j + 1] - tailStarts[j])
      coefficientStarts.append(coefficientStarts[j] + widths[j])
      panelStarts.append(panelStarts[j] + heights[j] * widths[j])
    }
    self.widths = widths
    self.parents = parents
    self.tailStarts = tailStarts
    self.tails = tails
    self.remainder = remainder
    self.coefficientStarts = coefficientStarts
    self.panelStarts = panelStarts
    self.heights = heights
    self.ancestorRows = ancestorRows
    parentPlaces = Self.places(parents, tailStarts, tails, remainder)
  }

  private static func places(
    _ parents: [Int], _ tailStarts: [Int], _ tails: [Int32], _ remainder: Int
  ) -> [Int32] {
    var places = [Int32](repeating: -1, count: tails.count)
    guard parents.contains(where: { $0 >= 0 }) else { return places }
    for j in parents.indices where parents[j] >= 0 {
      // Both tails ascend, so one walk through the parent's finds every row.
      var place = tailStarts[parents[j]]
      for k in tailStarts[j]..<tailStarts[j + 1] {
        while tails[place] < tails[k] { place += 1 }
        precondition(tails[place] == tails[k], "row \(tails[k]) is missing in a parent's tail")
        places[k] = Int32(place - tailStarts[parents[j]])
      }
    }
    return places
  }

  /// Whether a tail is so full that whole columns of the remainder cost less than its own rows.
  ///
  /// A column of a blocked product costs about a twentieth of scattered additions per value.
  func isFull(tail: Int, of order: Int) -> Bool { tail * tail * 16 > order * order }
}
