/// Carries recorded repeats back to those that there were, where links are lost because one of their
/// ends does not bear the customer's id.
///
/// Contacts fall into classes (channel and handler). R_kl are the recorded repeats of class l that a
/// contact of class k brings, M_kl all of them. A repeat is seen with probability S_kl. One that is
/// not seen leaves its own repeats without a cause in the record, and the earlier contact, which is
/// still there, takes them on; so
///
///     R_kl = M_kl S_kl + ρ Σ_m M_km U_kml M_ml
///
/// with U_kml the probability that k → m is not seen while k → l would be, and ρ the share of such
/// longer delays that lies within the window. Repeats of a contact that is not seen itself follow one
/// another, and the earlier one is taken for the cause of the later: with n_k contacts of class k, e_l
/// seen ones of class l, and V_kll' the probability that both repeats are seen together without their
/// cause, R_ll' holds another
///
///     Σ_k n_k M_kl M_kl' V_kll' / (2 e_l)
///
/// M follows by iteration.
package struct LostLinks: Sendable {
  /// Classes.
  package let count: Int
  /// S_kl at `k * count + l`.
  package var seen: [Double]
  /// U_kml at `(k * count + m) * count + l`.
  package var adopted: [Double]
  /// ρ.
  package var within: Double
  /// V_kll' at `(k * count + l) * count + l'`, times n_k / (2 e_l).
  private let orphaned: [Double]

  package init(
    count: Int, within: Double, size: [Double], recordedSize: [Double],
    seen: (Int, Int) -> Double, adopted: (Int, Int, Int) -> Double,
    orphaned: (Int, Int, Int) -> Double
  ) {
    self.count = count
    self.within = within
    self.orphaned = (0..<count * count * count).map {
      let (k, l, other) = ($0 / (count * count), $0 / count % count, $0 % count)
      guard recordedSize[l] > 0 else { return 0 }
      return orphaned(k, l, other) * size[k] / (2 * recordedSize[l])
    }
    self.seen = (0..<count * count).map { seen($0 / count, $0 % count) }
    self.adopted = (0..<count * count * count).map {
      adopted($0 / (count * count), $0 / count % count, $0 % count)
    }
  }

  /// M from R, all at `k * count + l`. Rows and columns without records stay 0.
  package func all(recorded: [Double]) -> [Double] {
    var all = recorded.indices.map { recorded[$0] / max(seen[$0], 1e-6) }
    for _ in 0..<200 {
      var change = 0.0
      var next = all
      for k in 0..<count {
        for l in 0..<count where recorded[k * count + l] > 0 {
          var taken = 0.0
          for m in 0..<count {
            taken +=
              all[k * count + m] * adopted[(k * count + m) * count + l] * all[m * count + l]
            taken +=
              all[m * count + k] * orphaned[(m * count + k) * count + l] * all[m * count + l]
          }
          let place = k * count + l
          // Never below a fifth: so little is left only where the classes' records are mostly chance.
          let left = max(recorded[place] - within * taken, 0.2 * recorded[place])
          next[place] = 0.5 * all[place] + 0.5 * left / max(seen[place], 1e-6)
          change = max(change, abs(next[place] - all[place]))
        }
      }
      all = next
      if change < 1e-12 { break }
    }
    return all
  }

  /// What a recorded repeat of each class's contacts stands for: Σ_l M_kl / Σ_l R_kl; the mean of all
  /// where a class has no record.
  package func factors(recorded: [Double], exposure: [Double]) -> [Double] {
    let all = all(recorded: recorded)
    var whole = (all: 0.0, recorded: 0.0)
    let sums = (0..<count).map { k -> (all: Double, recorded: Double) in
      let range = (k * count)..<((k + 1) * count)
      let sum = (all: all[range].reduce(0, +), recorded: recorded[range].reduce(0, +))
      whole.all += exposure[k] * sum.all
      whole.recorded += exposure[k] * sum.recorded
      return sum
    }
    let mean = whole.recorded > 0 ? whole.all / whole.recorded : 1
    return sums.map { $0.recorded > 0 ? $0.all / $0.recorded : mean }
  }
}
