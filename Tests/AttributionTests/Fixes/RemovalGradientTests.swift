import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import SyntheticWorld
import Testing

@Suite("Derivatives of what removals avoid")
struct RemovalGradientTests {
  /// A world in which most interactions were not looked at, so that rates move links and fractions.
  @Test("They are differences of the values, coordinate by coordinate, whatever the threads")
  func differences() throws {
    let log = World(regime: .qaSample, interactions: 3_000, seed: 6).generate(includeTotals: false)
    let fitted = try FittedAttribution(canonical: log.table)
    let tree = fitted.tree()
    let costs = (0..<fitted.data.count).map { 1 + Double($0 % 5) }
    let count = fitted.cells.parts.count
    let removals = [
      PartRemoval(parts: [0]), PartRemoval(parts: [1], share: 0.5),
      PartRemoval(parts: Array(0..<(count / 2))), PartRemoval(parts: [count - 1]),
    ]
    let layout = ScoreLayout(fit: fitted.fit, rates: fitted.rates)
    func gradient(_ threads: Int) -> RemovalGradient {
      RemovalGradient(
        totals: RemovalTotals(effects: fitted.effects, costs: costs, threads: threads),
        layout: layout, cells: fitted.cells, rates: fitted.rates, executor: fitted.executor)
    }
    let matrix = gradient(1).matrix(removals, tree: tree)
    #expect(matrix.storage == gradient(3).matrix(removals, tree: tree).storage)
    let totals = RemovalTotals(effects: fitted.effects, costs: costs, threads: 1)
    func values(_ k: Int, _ h: Double) -> [Double] {
      var (parameters, rates, cells) = (fitted.fit.parameters, fitted.rates, fitted.cells)
      if k < layout.linkCount {
        parameters = layout.moved(k, by: h)
      } else {
        rates = layout.movedRates(rates, k, by: h, context: fitted.context)
        cells = cells.reweighted(rates)
      }
      let tables = PassTables(
        model: fitted.fit.model.replacing(cells: cells), parameters: parameters)
      let tree = LinkTree(
        data: fitted.data, probability: fitted.executor.probabilities(fitted.data, tables))
      return totals.values(
        removals, tree: tree, parameters, rates: rates, weights: cells.mixtureWeight
      ).flatMap { $0 }
    }
    var largest = 0.0
    for k in 0..<layout.count {
      let h = 1e-4 * (k < layout.coefficientCount ? fitted.fit.model.rate.coefficientScale : 1)
      let (up, down) = (values(k, h), values(k, -h))
      for i in up.indices {
        let slope = (up[i] - down[i]) / (2 * h)
        largest = max(largest, abs(slope))
        // Forward against central differences: second derivatives of some thousands times h.
        #expect(abs(matrix[i, k] - slope) < 2e-3 * max(abs(slope), 50), "value \(i), \(k)")
      }
    }
    #expect(largest > 10)
  }
}
