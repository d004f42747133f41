/// The stationary Erlang-A queue (M/M/n+M): Poisson arrivals, exponential service by n staff, callers
/// who leave after an exponential patience.
///
/// Palm 1957; Garnett, Mandelbaum & Reiman 2002, Manufacturing & Service Operations Management 4. Hours
/// of a day are taken one by one as if each had settled (pointwise stationary approximation, Green &
/// Kolesar 1991, Management Science 37).
package struct ErlangA: Sendable, Equatable {
  /// Chance that a caller has to wait.
  package let waitProbability: Double
  /// Mean time in the queue of all callers, in the unit of the rates.
  package let meanWait: Double
  /// Share of callers who leave the queue.
  package let abandonment: Double
  /// Mean number waiting.
  package let meanQueue: Double
  /// Share of staff time in service.
  package let utilisation: Double

  /// - Parameters:
  ///   - arrivals: callers per unit of time, above 0.
  ///   - service: services one member of staff completes per unit of time, above 0.
  ///   - staff: members of staff at work, 0 or more.
  ///   - abandoning: 1 over the mean patience, above 0.
  ///
  /// - Complexity: O(staff + arrivals / abandoning).
  package init(arrivals: Double, service: Double, staff: Int, abandoning: Double) {
    precondition(arrivals > 0 && service > 0 && staff >= 0 && abandoning > 0)
    // States relative to that in which all staff are busy and nobody waits.
    var (idle, busy, x) = (0.0, 0.0, 1.0)
    var state = staff
    while state > 0 {
      x *= Double(state) * service / arrivals
      state -= 1
      idle += x
      busy += x * Double(state)
      // So much weight on idle states leaves the rest without any.
      if x > 1e280 { break }
      if x < 1e-18 * (idle + 1) { break }
    }
    var (waiting, queue, length) = (1.0, 0.0, 0.0)
    x = 1
    repeat {
      length += 1
      x *= arrivals / (Double(staff) * service + length * abandoning)
      waiting += x
      queue += x * length
      if x > 1e200 {
        // Only ratios matter.
        (x, waiting, queue) = (x * 1e-200, waiting * 1e-200, queue * 1e-200)
        (idle, busy) = (idle * 1e-200, busy * 1e-200)
      }
    } while x > 1e-18 * waiting || length * abandoning + Double(staff) * service < arrivals
    let total = idle + waiting
    waitProbability = waiting / total
    meanQueue = queue / total
    meanWait = meanQueue / arrivals
    abandonment = abandoning * meanQueue / arrivals
    utilisation =
      staff > 0 ? (busy + Double(staff) * waiting) / (total * Double(staff)) : 1
  }
}
