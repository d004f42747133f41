import LinearAlgebra

/// Covariances of two periods' figures from the customers' sums of influences (the infinitesimal
/// jackknife; Liang & Zeger 1986 for the clusters): a customer's contacts of both periods count together.
struct CustomerInfluence {
  let analysis: ChangeAnalysis
  let periods: [Int]
  let tree: SituationTree
  /// Place of each class among the members of each period, −1 where it has none.
  private let place: [[Int32]]

  init(_ analysis: ChangeAnalysis, periods: [Int], tree: SituationTree) {
    self.analysis = analysis
    self.periods = periods
    self.tree = tree
    place = periods.map { period in
      var places = [Int32](repeating: -1, count: analysis.classes.classes.count)
      for (k, member) in analysis.classes.members[period].enumerated() {
        places[member.id] = Int32(k)
      }
      return places
    }
  }

  /// Influence of one contact of each member class of each period, `member * width + k`.
  func byClass(
    width: Int, _ ofLeaf: (_ period: Int, _ leaf: Int, _ k: Int) -> Double
  ) -> [[Double]] {
    (0..<2).map { t in
      let lists = tree.leavesOfClass[t]
      var result = [Double](repeating: 0, count: lists.count * width)
      for (member, list) in lists.enumerated() {
        for (leaf, weight) in list {
          for k in 0..<width { result[member * width + k] += weight * ofLeaf(t, Int(leaf), k) }
        }
      }
      return result
    }
  }

  /// Σ over customers of the outer products of their sums.
  ///
  /// - Parameter add: adds the influence of a contact (of period 0 or 1, its class's place among that
  ///   period's members) to a customer's sums.
  func covariance(
    width: Int, _ add: (_ contact: Int, _ period: Int, _ member: Int, inout [Double]) -> Void
  ) -> Matrix {
    let data = analysis.fitted.data
    let ofContact = analysis.classes.ofContact
    let periodOf = analysis.classes.periodOfContact
    var result = Matrix(rows: width, columns: width)
    var sum = [Double](repeating: 0, count: width)
    var customers = 0.0
    for c in 0..<data.customerCount {
      var any = false
      for i in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) {
        let period = Int(periodOf[i])
        guard period >= 0, period == periods[0] || period == periods[1] else { continue }
        let t = period == periods[0] ? 0 : 1
        add(i, t, Int(place[t][Int(ofContact[i])]), &sum)
        any = true
      }
      guard any else { continue }
      customers += 1
      for a in 0..<width {
        guard sum[a] != 0 else { continue }
        for b in 0...a { result[a, b] += sum[a] * sum[b] }
      }
      for a in 0..<width { sum[a] = 0 }
    }
    for a in 0..<width { for b in 0..<a { result[b, a] = result[a, b] } }
    return (customers > 1 ? customers / (customers - 1) : 1) * result
  }
}
