import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import SyntheticWorld
import Testing

@Suite("Derivatives of the totals")
struct SplitGradientTests {
  /// A world in which most interactions were not looked at, so that rates move weights too.
  @Test("They are differences of the totals, coordinate by coordinate, whatever the threads")
  func differences() throws {
    let log = World(regime: .qaSample, interactions: 3_000, seed: 5).generate(includeTotals: false)
    let fitted = try FittedAttribution(canonical: log.table)
    let layout = ScoreLayout(fit: fitted.fit, rates: fitted.rates)
    let gradient = SplitGradient(
      functionals: fitted.functionals, layout: layout, cells: fitted.cells, rates: fitted.rates)
    let matrix = gradient.matrix(threads: 1)
    #expect(matrix.storage == gradient.matrix(threads: 3).storage)
    func totals(_ k: Int, _ h: Double) -> [Double] {
      guard k >= layout.linkCount else {
        return fitted.functionals.totals(
          layout.moved(k, by: h), rates: fitted.rates, weights: fitted.cells.mixtureWeight)
      }
      let rates = layout.movedRates(fitted.rates, k, by: h, context: fitted.context)
      return fitted.functionals.totals(
        fitted.fit.parameters, rates: rates, weights: fitted.cells.weights(rates))
    }
    var largest = 0.0
    for k in 0..<layout.count {
      let h = 1e-5 * (k < layout.coefficientCount ? fitted.fit.model.rate.coefficientScale : 1)
      let up = totals(k, h)
      let down = totals(k, -h)
      for i in up.indices {
        let slope = (up[i] - down[i]) / (2 * h)
        largest = max(largest, abs(slope))
        // Forward against central differences: second derivatives of some thousands times h.
        #expect(abs(matrix[i, k] - slope) < 1e-4 * max(abs(slope), 100), "total \(i), \(k)")
      }
    }
    #expect(largest > 10)
  }
}
