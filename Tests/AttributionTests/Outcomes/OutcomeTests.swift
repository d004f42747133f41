import Attribution
import FailureModes
import Foundation
import InteractionLog
import LinearAlgebra
import RepeatContacts
import Statistics
import SyntheticWorld
import Testing

@Suite struct OutcomeTests {
  private static func law(_ base: Double, scale: OutcomeLaw.Scale = .logOdds) -> OutcomeLaw {
    OutcomeLaw(
      name: "happened", scale: scale, base: base, byHardness: 0.2, effects: OutcomeWorld.effects)
  }

  private static func declaration(_ kind: OutcomeDeclaration.Kind) -> OutcomeDeclaration {
    OutcomeDeclaration(name: "happened", kind: kind, when: "happened == true")
  }

  /// One flag, no context: Firth's log odds ratio of a 2 × 2 table is that of the table with a half
  /// added to each place, and the events are those counted.
  @Test func aTableOfTwoByTwoIsWrittenDown() throws {
    let states: [Int8] = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    let rows = states.count
    let table = InteractionTable(
      interactionID: (0..<rows).map { "i\($0)" },
      customer: TextColumn(
        codes: (0..<Int32(rows)).map { $0 }, values: (0..<rows).map { "c\(10 + $0)" }),
      startedAt: (0..<rows).map { Int64($0) },
      topic: TextColumn(codes: states.map { _ in 0 }, values: ["a"]), columns: [:])
    let modes = ModeTable(
      modes: [FailureMode(name: "down", side: .system, causes: [])],
      state: [FlagColumn(storage: states)],
      component: [TextColumn(codes: states.map { $0 == 1 ? 0 : -1 }, values: ["x"])],
      applies: [FlagColumn(storage: states.map { _ in 1 })], notes: [])
    let context = ContextTable(table: table, names: ["topic"])
    let cells = ModeCells(
      table: table, modes: modes, context: context,
      rates: try ModeRates(modes: modes, context: context, staff: nil))
    var trials = [Double](repeating: 0, count: cells.observedCount)
    var events = trials
    for row in 0..<rows {
      trials[Int(cells.observedOfRow[row])] += 1
      // 2 of 7 without the flag, 5 of 5 with it: separated.
      if row < 2 || row >= 7 { events[Int(cells.observedOfRow[row])] += 1 }
    }
    var equations = OutcomeEquations(
      design: RepeatRateDesign(cells: cells, form: RepeatRateForm()), cells: cells, link: .logistic)
    equations.ridge = equations.ridge.map { _ in 0 }
    let fit = try BinaryOutcomeFit(equations, events: events, trials: trials)
    #expect(fit.converged)
    let expected = log((5.5 / 0.5) / (2.5 / 5.5))
    #expect(abs(fit.coefficients[1] - expected) < 1e-7)
    let logistic = BinaryLink.logistic
    let total =
      7 * logistic.mean(fit.coefficients[0])
      + 5 * logistic.mean(fit.coefficients[0] + fit.coefficients[1])
    #expect(abs(total - 7) < 1e-9)
  }

  @Test func linksAreInverseToThemselves() {
    for link in [BinaryLink.logistic, .complementaryLogLog] {
      for eta in [-6.0, -2, -0.3, 0.4, 1.2] {
        #expect(abs(link.predictor(ofMean: link.mean(eta)) - eta) < 1e-9)
        let slope = (link.mean(eta + 1e-5) - link.mean(eta - 1e-5)) / 2e-5
        #expect(abs(link.slope(eta) / slope - 1) < 1e-7)
        let curvature = (link.slope(eta + 1e-5) - link.slope(eta - 1e-5)) / 2e-5
        #expect(abs(link.curvature(eta) - curvature / slope) < 1e-6)
      }
    }
  }

  @Test func thePartsAddUpToWhatWasCounted() throws {
    for (kind, scale) in [
      (OutcomeDeclaration.Kind.resolution, OutcomeLaw.Scale.logOdds), (.churn, .logHazard),
    ] {
      var law = Self.law(-2, scale: scale)
      law.isDeparture = kind == .churn
      let world = OutcomeWorld(
        interactions: 3_000, seed: 5, laws: [law], outcomes: [Self.declaration(kind)])
      let problem = try world.problem(0)
      let estimation = try OutcomeEstimation(problem, threads: 2)
      #expect(estimation.converged)
      let total = (0..<4).reduce(0) { $0 + estimation.estimates.values[$1] }
      #expect(abs(total - problem.eventCount) < 1e-6 * problem.eventCount)
      let layout = estimation.layout
      let modes = (0..<layout.partCount).reduce(0) {
        $0 + estimation.estimates.values[layout.caused($1)]
      }
      let baseline = estimation.estimates.values[EffectLayout.baseline]
      #expect(abs(modes + baseline - total) < 1e-8 * total)
    }
  }

  /// Over worlds of which the truth is known: bias, coverage. A few in the suite, many where
  /// WHEREFORE_EVIDENCE is set.
  @Test(arguments: ["logistic", "rare", "churn flag", "qa sample"])
  func worldsAreCovered(_ kind: String) throws {
    var tally = OutcomeTally()
    let worlds = OutcomeWorld.isEvidence ? 200 : 4
    for seed in 0..<worlds {
      var law = Self.law(
        kind == "rare" ? -5.2 : -2.2, scale: kind == "churn flag" ? .logHazard : .logOdds)
      law.isDeparture = kind == "churn flag"
      let world = OutcomeWorld(
        interactions: kind == "rare" ? 8_000 : 4_000, seed: UInt64(1_000 + seed), laws: [law],
        outcomes: [Self.declaration(kind == "churn flag" ? .churn : .resolution)]
      ) { if kind == "qa sample" { $0.review.share = 0.25 } }
      let problem = try world.problem(0)
      let truth = try #require(world.truth("happened"))
      tally.add(try OutcomeEstimation(problem, threads: 2), problem, truth)
    }
    if OutcomeWorld.isEvidence { print("outcome \(kind)\n\(tally.table())") }
    for name in tally.names {
      // Four worlds tell a gross error only.
      #expect(tally.coverage(name) >= (OutcomeWorld.isEvidence ? 0.9 : 0.5), "\(kind), \(name)")
      if OutcomeWorld.isEvidence {
        // 200 worlds: four Monte Carlo errors; with 60 events and 40 columns up to 0.4 of an error.
        #expect(
          abs(tally.biasInErrors(name)) < (kind == "rare" ? 6 : 4), "\(kind), \(name)")
      }
    }
  }

  /// An outcome that one failure decides leaves nothing open: the fit ends, near the truth, and says
  /// that it knows nothing of errors.
  @Test func aFailureThatDecidesTheOutcomeHasNoInterval() throws {
    let world = OutcomeWorld(
      interactions: 3_000, seed: 21, laws: [], outcomes: [Self.declaration(.resolution)])
    var table = world.log.table
    let modes = try ModeTable.build(study: world.study, table: table)
    let place = try #require(modes.modes.firstIndex { $0.name == "action_failed" })
    let failed = modes.state[place].storage
    table.columns["happened"] = .flag(
      FlagColumn(storage: failed.map { $0 < 0 ? -1 : 1 - $0 }))
    let problem = try world.problem(0, table: table)
    let estimation = try OutcomeEstimation(problem, threads: 2)
    #expect(estimation.converged)
    let lost = Double(failed.count { $0 == 1 })
    #expect(abs(estimation.estimates.values[EffectLayout.systemDirect] + lost) < 0.05 * lost)
    #expect(estimation.untold?.contains("no interval") == true)
    let ordinary = OutcomeWorld(
      interactions: 3_000, seed: 5, laws: [Self.law(-2)],
      outcomes: [Self.declaration(.resolution)])
    #expect(try OutcomeEstimation(ordinary.problem(0), threads: 2).untold == nil)
  }

  /// A failure may be as certain as the sandwich says, and no more certain than its rows allow.
  @Test func errorsAreNoLessThanTheModels() {
    let small: Matrix = Matrix([[4, 1], [1, 0.25]])
    let least = Matrix([[1, 0], [0, 1]])
    let raised = OutcomeCovariance.raised(small, to: least)
    #expect(raised[0, 0] == 4 && raised[1, 1] == 1 && raised[0, 1] == 2 && raised[1, 0] == 2)
    let none = OutcomeCovariance.raised(Matrix(rows: 1, columns: 1), to: Matrix([[3]]))
    #expect(none[0, 0] == 3)
  }

  /// The sandwich against customers drawn with replacement, everything refitted.
  @Test func errorsAreThoseOfTheBootstrap() throws {
    let world = OutcomeWorld(
      interactions: 2_500, seed: 77, laws: [Self.law(-2)], outcomes: [Self.declaration(.resolution)]
    )
    let whole = try OutcomeEstimation(try world.problem(0), threads: 2)
    var stream = RandomStream(seed: 4)
    let draws = OutcomeWorld.isEvidence ? 400 : 30
    var values: [[Double]] = []
    for _ in 0..<draws {
      let table = world.log.table.drawnCustomers(&stream)
      let estimation = try OutcomeEstimation(try world.problem(0, table: table), threads: 2)
      let scale = Double(world.log.table.count) / Double(table.count)
      let problem = estimation.estimates.values
      values.append((0..<4).map { problem[$0] * scale })
    }
    for k in [0, 2, 3] {
      let mean = values.reduce(0) { $0 + $1[k] } / Double(draws)
      let sd = (values.reduce(0) { $0 + ($1[k] - mean) * ($1[k] - mean) } / Double(draws - 1))
        .squareRoot()
      let se = whole.estimates.combination([(k, 1)]).se
      // The draws also change which contacts there are, so theirs are the larger by a little; 30 draws
      // tell a standard deviation to an eighth.
      if OutcomeWorld.isEvidence { print("bootstrap part \(k): \(sd), sandwich \(se)") }
      #expect(se / sd > 0.6 && se / sd < 1.5)
    }
  }

  @Test func whatTheOutcomeIsReadFromDoesNotExplainIt() throws {
    let declaration = OutcomeDeclaration(
      name: "escalated", kind: .escalation, when: "handled_by == \"staff\"",
      without: ["action_failed"])
    let world = OutcomeWorld(interactions: 2_000, seed: 3, laws: [], outcomes: [declaration])
    let problem = try world.problem(0)
    #expect(problem.context.factors.map(\.name) == ["topic", "channel"])
    let excluded = Set(problem.excluded.map(\.mode))
    #expect(
      excluded.isSuperset(of: [
        "near_threshold_automation", "unneeded_escalation", "wrong_information", "action_failed",
      ]))
    #expect(!excluded.contains("integration_timeout"))
    let wrong = OutcomeDeclaration(
      name: "escalated", kind: .escalation, when: "handled_by == \"staff\"", without: ["nope"])
    let other = OutcomeWorld(interactions: 2_000, seed: 3, laws: [], outcomes: [wrong])
    #expect(throws: OutcomeError.self) { try other.problem(0) }
  }
}

extension InteractionTable {
  /// As many customers drawn with replacement, each a customer of their own.
  func drawnCustomers(_ stream: inout RandomStream) -> InteractionTable {
    var starts: [Int] = []
    for row in 0..<count where row == 0 || customer.codes[row] != customer.codes[row - 1] {
      starts.append(row)
    }
    starts.append(count)
    var rows: [Int] = []
    var codes: [Int32] = []
    let customers = starts.count - 1
    for c in 0..<customers {
      let drawn = stream.int(below: customers)
      for row in starts[drawn]..<starts[drawn + 1] {
        rows.append(row)
        codes.append(Int32(c))
      }
    }
    func text(_ column: TextColumn) -> TextColumn {
      TextColumn(codes: rows.map { column.codes[$0] }, values: column.values)
    }
    var columns = self.columns
    for (name, column) in self.columns {
      columns[name] =
        switch column {
        case .text(let values): .text(text(values))
        case .number(let values): .number(NumberColumn(storage: rows.map { values.storage[$0] }))
        case .time(let values):
          .time(TimeColumn(milliseconds: rows.map { values.milliseconds[$0] }))
        case .flag(let values): .flag(FlagColumn(storage: rows.map { values.storage[$0] }))
        }
    }
    return InteractionTable(
      interactionID: rows.indices.map { "i\($0)" },
      customer: TextColumn(codes: codes, values: (0..<customers).map { "c\(100_000 + $0)" }),
      startedAt: rows.map { startedAt[$0] }, topic: text(topic), columns: columns)
  }
}
