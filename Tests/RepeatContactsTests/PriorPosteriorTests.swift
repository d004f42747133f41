import InteractionLog
import RepeatContacts
import Testing

@Suite("The update of the rate prior")
struct PriorPosteriorTests {
  private struct Case {
    let grid: ActivityGrid
    let masses: [Double]
    let counts: BackgroundCounts
    let prior: RatePrior
  }

  /// 40 customers with one to six contacts over 90 days, and counts that are not whole.
  private func makeCase(_ mode: ActivityGrid.Mode, components: Int) -> Case {
    var contacts: [Contact] = []
    for c in 0..<40 {
      for k in 0...(c % 6) {
        let day = Double((c * 37 + k * 11) % 90) + 0.25
        contacts.append(Contact("c\(100 + c)", days: day, id: "i\(c)-\(k)"))
      }
    }
    let table = InteractionTable(contacts: contacts)
    let data = LinkData(
      table: table, cell: [Int32](repeating: 0, count: table.count),
      settings: LinkSettings(windowDays: 5), customers: nil)
    let grid = ActivityGrid(mode: mode, data: data, shortestDays: 7)
    let stride = 7
    var histogram = [Double](repeating: 0, count: grid.classCount * stride)
    for c in 0..<data.customerCount {
      let n = Int(data.customerStart[c + 1] - data.customerStart[c])
      let row = Int(grid.customerClass[c]) * stride
      histogram[row + n] += 0.7
      histogram[row + n - 1] += 0.3
    }
    let all = [
      RatePrior.Component(weight: 0.7, shape: 1.3, mean: 0.02),
      RatePrior.Component(weight: 0.3, shape: 0.6, mean: 0.09),
    ]
    let weights = grid.intervals.indices.map { 1 + Double($0 % 3) }
    let total = weights.reduce(0, +)
    var prior = RatePrior(
      components: Array(all.prefix(components)), intervalWeights: weights.map { $0 / total })
    if components == 1 { prior.components[0].weight = 1 }
    return Case(
      grid: grid, masses: grid.mass(dayWeights: data.dayLength),
      counts: BackgroundCounts(
        histogram: histogram, stride: stride, customers: Double(data.customerCount)),
      prior: prior)
  }

  private func posterior(_ prior: RatePrior, _ given: Case) -> PriorPosterior {
    PriorPosterior(
      prior, moments: PowerMoments(prior: prior, masses: given.masses, maximum: 6),
      counts: given.counts, grid: given.grid)
  }

  @Test(
    "Its gradient is the objective's",
    arguments: [ActivityGrid.Mode.wholeLog, .estimated], [1, 2])
  func gradient(mode: ActivityGrid.Mode, components: Int) {
    let given = makeCase(mode, components: components)
    let x = given.prior.coordinates
    let gradient = posterior(given.prior, given).gradient
    #expect(gradient.count == x.count)
    for k in x.indices {
      let h = 1e-4
      var up = x
      var down = x
      up[k] += h
      down[k] -= h
      let slope =
        (posterior(given.prior.moved(to: up), given).objective
          - posterior(given.prior.moved(to: down), given).objective) / (2 * h)
      // Central differences: third derivatives of some tens times h², and roundings of a sum of some
      // hundreds over h.
      #expect(abs(gradient[k] - slope) < 1e-6, "coordinate \(k)")
    }
  }

  @Test(
    "The objective is the counts times the table's log weights",
    arguments: [ActivityGrid.Mode.wholeLog, .estimated])
  func objective(mode: ActivityGrid.Mode) {
    let given = makeCase(mode, components: 1)
    let table = given.prior.table(grid: given.grid, masses: given.masses, maximum: 6)
    var sum = -given.counts.customers * table.logSeen
    for place in given.counts.histogram.indices where given.counts.histogram[place] > 0 {
      sum += given.counts.histogram[place] * table.logWeight[place]
    }
    let logShape = given.prior.coordinates[1]
    // The same sum in another order.
    #expect(
      abs(posterior(given.prior, given).objective - (sum - 0.02 * logShape * logShape)) < 1e-10)
  }

  @Test(
    "An update raises the objective and keeps weights a distribution",
    arguments: [ActivityGrid.Mode.wholeLog, .estimated], [1, 2])
  func update(mode: ActivityGrid.Mode, components: Int) throws {
    let given = makeCase(mode, components: components)
    var prior = given.prior
    var before = posterior(prior, given).objective
    for _ in 0..<5 {
      prior = try prior.updated(given.counts, grid: given.grid, masses: given.masses)
      let after = posterior(prior, given).objective
      // Interval weights are drawn to the whole log by one customer's worth, which may cost a little.
      #expect(after > before - 1e-2)
      before = after
    }
    #expect(before > posterior(given.prior, given).objective)
    if mode == .estimated {
      #expect(abs(prior.intervalWeights.reduce(0, +) - 1) < 1e-6)
    }
  }
}
