import Attribution
import Execution
import FailureModes
import InteractionLog
import RepeatContacts
import Statistics
import SyntheticWorld
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fitted world with its covariance, for refuters.
private struct Refuted {
  let fitted: FittedAttribution
  let sandwich: Sandwich
  let attempt: RefutationCase

  init(
    _ table: InteractionTable, threads: Int = 2, modes: ModeTable? = nil
  ) throws {
    let study = Study.canonical
    var options = AttributionOptions(seed: 5, threads: threads)
    options.modelChecks = false
    fitted = try FittedAttribution(
      AttributionInput(
        table: table, modes: try modes ?? ModeTable.build(study: study, table: table),
        study: study, customers: nil, constantColumns: []), options: options)
    sandwich = try fitted.sandwich().sandwich
    let totals = fitted.functionals.totals(
      fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    attempt = RefutationCase(
      fitted, estimates: TotalEstimates(values: totals, covariance: sandwich.totals), modes: [],
      tree: fitted.tree(), sandwich: sandwich)
  }
}

@Suite("Refuters", .serialized)
struct RefuterTests {
  private static func world(_ interactions: Int, seed: UInt64 = 11) -> InteractionTable {
    World(regime: .logLinear, interactions: interactions, seed: seed)
      .generate(includeTotals: false).table
  }

  @Test("Customers' influences have the sandwich's variance, and move nothing in sum")
  func influences() throws {
    let refuted = try Refuted(Self.world(6_000))
    let field = refuted.attempt.field
    let targets = refuted.attempt.targets
    let combined = targets.map { target in
      target.indices.reduce(0.0) { sum, i in
        sum + target.indices.reduce(0.0) { $0 + refuted.sandwich.totals[i, $1] }
      }
    }
    for (t, variance) in combined.enumerated() {
      var square = 0.0
      for c in 0..<field.data.customerCount {
        let influence = field.influence[c * targets.count + t]
        square += influence * influence
      }
      // The sandwich has the factor n / (n − 1) of customers, a part in thousands here, and reviews
      // of interactions without a customer, of which there are none.
      #expect(abs(square / variance - 1) < 1e-3, "\(targets[t].name)")
    }
  }

  @Test("What one score step says of a random flag is what a fit with that flag says")
  func placeboIsRefit() throws {
    let table = Self.world(8_000)
    let plain = try Refuted(table)
    var modes = try ModeTable.build(study: .canonical, table: table)
    var stream = RandomStream(seed: 8)
    let flags = (0..<table.count).map { _ -> Int8 in stream.bernoulli(0.1) ? 1 : 0 }
    // System modes come before those of staff.
    let place = modes.modes.firstIndex { $0.side == .staff } ?? modes.modes.count
    modes.modes = modes.modes.map { mode in
      var mode = mode
      mode.causes = mode.causes.map { $0 >= place ? $0 + 1 : $0 }
      return mode
    }
    modes.modes.insert(FailureMode(name: "flag", side: .system, causes: []), at: place)
    modes.state.insert(FlagColumn(storage: flags), at: place)
    modes.applies.insert(
      FlagColumn(storage: [Int8](repeating: 1, count: table.count)), at: place)
    modes.component.insert(
      TextColumn(codes: flags.map { $0 == 1 ? 0 : -1 }, values: ["flag"]), at: place)
    let refit = try Refuted(table, modes: modes)
    let field = plain.attempt.field
    let finding = try #require(field.finding(field.data.row.map { Double(flags[Int($0)]) }))
    let cells = refit.fitted.cells
    let layout = refit.fitted.effects.layout
    let off = cells.parts.indices.filter { cells.modes[cells.parts[$0].mode].name == "flag" }
      .map { layout.switchedOff($0) }
    let totals = refit.fitted.functionals.totals(
      refit.fitted.fit.parameters, rates: refit.fitted.rates, weights: cells.mixtureWeight)
    let estimates = TotalEstimates(values: totals, covariance: refit.sandwich.totals)
    let (value, error) = estimates.combination(off.map { ($0, 1) })
    // The step is exact to first order; the rest is of the order of the squared coefficient.
    #expect(abs(finding.caused - value) < 0.25 * error)
    #expect(abs(finding.causedError / error - 1) < 0.2, "\(finding.causedError) \(error)")
    for (t, name) in plain.attempt.targets.map(\.name).enumerated() {
      let other = try #require(refit.attempt.targets.firstIndex { $0.name == name })
      let moved = refit.attempt.values[other] - plain.attempt.values[t]
      // Staff modes have one parent more in the refit, which moves the path through staff too.
      guard name != "system_through_staff", name != "staff_own", name != "system_direct" else {
        continue
      }
      #expect(
        abs(moved - finding.moves[t]) < 0.1 * plain.attempt.errors[t] + 1, "\(name): \(moved)")
    }
  }

  @Test("Simulated logs have the background's contacts, in order, and the same for the same seed")
  func simulation() throws {
    let refuted = try Refuted(Self.world(6_000))
    let fit = refuted.fitted.fit
    let background = SimulatedBackground(model: fit.model, parameters: fit.parameters)
    var stream = RandomStream(seed: 3)
    let log = background.draw(&stream)
    var again = RandomStream(seed: 3)
    #expect(background.draw(&again).time == log.time)
    #expect(log.customerCount == fit.model.data.customerCount)
    for c in 0..<log.customerCount {
      let range = Int(log.customerStart[c])..<Int(log.customerStart[c + 1])
      #expect(!range.isEmpty)
      for i in range.dropFirst() { #expect(log.time[i] >= log.time[i - 1]) }
    }
    // Given at least one contact, a customer of rate λ ~ Gamma has E n / P(n > 0).
    let prior = fit.parameters.prior.components[0]
    let mass = fit.model.masses(fit.parameters)[0]
    let mean = prior.mean * mass
    let none = pow(prior.shape / (prior.shape + mean), prior.shape)
    let expected = mean / (1 - none) * Double(log.customerCount)
    // Negative binomial, cut at zero: its variance is below mean (1 + mean / shape) / P(n > 0).
    let error = (expected * (1 + mean / prior.shape) / (1 - none)).squareRoot()
    if fit.parameters.prior.components.count == 1 && fit.model.grid.mode == .wholeLog {
      #expect(abs(Double(log.count) - expected) < 4 * error)
    }
  }

  @Test("A log of one topic, and a failure named like a part of the split, are tried like others")
  func oddLogs() throws {
    // Whether a repeat kept the one topic there is moves nothing.
    var table = Self.world(6_000)
    let topic = TextColumn(codes: [Int32](repeating: 0, count: table.count), values: ["billing"])
    table.topic = topic
    table.columns["intent_actual"] = .text(topic)
    table.columns["intent_predicted"] = .text(topic)
    let one = try Refutation(Refuted(table).attempt).run([.windowSensitivity])
    #expect(one.map(\.refuter) == ["window_sensitivity"])
    #expect(!one[0].results.isEmpty)
    #expect(one[0].results.contains { $0.verdict != .notApplicable })

    let plain = Self.world(3_000)
    var modes = try ModeTable.build(study: .canonical, table: plain)
    let place = try #require(modes.modes.firstIndex { $0.name == "action_failed" })
    modes.modes[place].name = "baseline"
    let attempt = try Refuted(plain, modes: modes).attempt
    let results = try Refutation(attempt).run([.placeboMode])[0].results
    #expect(results.map(\.target) == attempt.targets.map(\.name))
    #expect(results.map(\.kind) == attempt.targets.map(\.kind))
    #expect(results.count { $0.target == "baseline" } == 2)
  }

  @Test("The same for any number of threads; every figure has a verdict and words")
  func threads() throws {
    let table = Self.world(5_000)
    let names: [RefuterName] = [
      .permutedRows, .simulatedNull, .placeboMode, .randomCommonCause, .subsetCustomers,
      .linkChoice, .discontinuity, .hiddenCause, .windowSensitivity, .subsetTime,
    ]
    let runs = try [1, 2].map { threads in
      try Refutation(Refuted(table, threads: threads).attempt).run(names)
    }
    let order = RefuterName.allCases.filter { names.contains($0) }.map(\.rawValue)
    #expect(runs[0].map(\.refuter) == order)
    for (one, two) in zip(runs[0], runs[1]) {
      #expect(one.verdict == two.verdict)
      #expect(one.results.count == two.results.count && !one.results.isEmpty)
      for (a, b) in zip(one.results, two.results) {
        #expect(a.observed == b.observed && a.p == b.p && a.meaning == b.meaning, "\(one.refuter)")
        #expect(!a.meaning.isEmpty)
        for number in [a.expected, a.observed, a.p, a.adjustedP] + (a.ci95 ?? []) {
          #expect(number?.isFinite != false, "\(one.refuter) \(a.target)")
        }
      }
    }
  }
}
