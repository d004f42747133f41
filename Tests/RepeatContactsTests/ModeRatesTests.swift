import FailureModes
import InteractionLog
import RepeatContacts
import Statistics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Modes on a log of one topic without customers, by their states.
private struct StatedModes {
  let table: InteractionTable
  let modes: ModeTable
  let context: ContextTable

  init(_ modes: [(name: String, side: FailureModeDeclaration.Side, causes: [Int], state: [Int8])]) {
    let rows = modes[0].state.count
    let none = TextColumn(codes: [Int32](repeating: -1, count: rows), values: [])
    table = InteractionTable(
      interactionID: (0..<rows).map { "i\($0)" }, customer: none,
      startedAt: [Int64](repeating: 0, count: rows),
      topic: TextColumn(codes: (0..<rows).map { Int32($0 % 2) }, values: ["a", "b"]), columns: [:])
    self.modes = ModeTable(
      modes: modes.map { FailureMode(name: $0.name, side: $0.side, causes: $0.causes) },
      state: modes.map { FlagColumn(storage: $0.state) },
      component: modes.map { mode in
        TextColumn(codes: mode.state.map { $0 == 0 ? -1 : 0 }, values: ["x"])
      },
      applies: modes.map { FlagColumn(storage: $0.state.map { _ in 1 }) }, notes: [])
    context = ContextTable(table: table, names: ["topic"])
  }

  func rates(like whole: ModeRates? = nil) throws -> ModeRates {
    try ModeRates(modes: modes, context: context, staff: nil, like: whole)
  }
}

private func state(_ rows: Int, yes: Int, unknown: Int = 0, seed: UInt64 = 1) -> [Int8] {
  var stream = RandomStream(seed: seed)
  var list =
    [Int8](repeating: 1, count: yes) + [Int8](repeating: -1, count: unknown)
    + [Int8](repeating: 0, count: rows - yes - unknown)
  stream.shuffle(&list)
  return list
}

@Suite("Rates of failure modes")
struct ModeRatesTests {
  @Test("Modes that cannot be estimated are left out, with the reason")
  func leftOut() throws {
    let stated = StatedModes([
      ("rare", .system, [], state(200, yes: 4)), ("usual", .system, [], state(200, yes: 60)),
      ("never_denied", .staff, [], state(200, yes: 50, unknown: 146)),
      ("fine", .staff, [], state(200, yes: 50, unknown: 100)),
    ])
    let rates = try stated.rates()
    #expect(rates.leftOut[0] == "holds on 4 interactions: too few to estimate an effect")
    #expect(rates.leftOut[1] == nil && rates.leftOut[3] == nil)
    #expect(
      rates.leftOut[2]?.contains("is nowhere recorded as looked for and not found") == true)
    // A system mode that is known everywhere and that nothing causes needs no rate.
    #expect(rates.rates[0] == nil && rates.rates[1] == nil && rates.rates[2] == nil)
    let fine = try #require(rates.rates[3])
    #expect(fine.parents == [1], "a mode that is left out is nobody's parent")
    #expect(fine.coefficients.count == 1 + stated.context.columnNames.count + 1)
    #expect(fine.knownRows == 100 && fine.knownYes == 50)
    let cells = ModeCells(
      table: stated.table, modes: stated.modes, context: stated.context, rates: rates)
    #expect(cells.parts.map(\.mode) == [1, 3])
  }

  @Test("Five rows with and five without are enough")
  func justEnough() throws {
    let stated = StatedModes([
      ("five", .system, [], state(10, yes: 5)), ("staff", .staff, [], state(10, yes: 5, seed: 2)),
    ])
    #expect(try stated.rates().leftOut.isEmpty)
  }

  @Test("A refit on fewer rows keeps the choice of modes of the whole log")
  func likeTheWhole() throws {
    let states = state(200, yes: 6, unknown: 0)
    let stated = StatedModes([
      ("few", .system, [1], states), ("staff", .staff, [], state(200, yes: 40, seed: 3)),
      ("rare", .staff, [], state(200, yes: 2, seed: 4)),
    ])
    let whole = try stated.rates()
    var excluded = [Bool](repeating: false, count: 200)
    for row in states.indices.filter({ states[$0] == 1 }).prefix(3) { excluded[row] = true }
    let rest = try ModeRates(
      modes: stated.modes.without(excluded), context: stated.context, staff: nil, like: whole)
    #expect(rest.leftOut == whole.leftOut && whole.leftOut.count == 1)
    #expect(rest.rates.map { $0 == nil } == whole.rates.map { $0 == nil })
    #expect(rest.rates[1]?.knownRows == 197)
  }

  @Test("A rate's probability is the logistic of context, parents and staff member")
  func probability() throws {
    let stated = StatedModes([
      ("first", .system, [], state(400, yes: 120)),
      ("second", .system, [], state(400, yes: 90, seed: 2)),
      ("staff", .staff, [], state(400, yes: 80, seed: 3)),
    ])
    var rate = try #require(try stated.rates().rates[2])
    #expect(rate.parents == [0, 1])
    rate.coefficients = [-1, 0.3, 0.8, -0.4]
    rate.contextLogit = [-1, -0.7]
    rate.staffEffects = [0.25]
    func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    #expect(rate.probability(combination: 0, staff: -1, mask: 0) == logistic(-1))
    #expect(rate.probability(combination: 1, staff: -1, mask: 0b10) == logistic(-0.7 - 0.4))
    // The mode's own bit and a staff member without an estimate change nothing.
    #expect(
      abs(rate.probability(combination: 1, staff: 0, mask: 0b111) - logistic(-0.7 + 0.4 + 0.25))
        < 1e-15)
    #expect(rate.probability(combination: 0, staff: 7, mask: 0b100) == logistic(-1))
  }
}

@Suite("Cells and what nobody looked at")
struct ModeCellsTests {
  @Test("A row on which all was looked at is one cell of weight 1")
  func known() throws {
    let log = try SmallLog(customers: 60, largest: 8, seed: 71)
    #expect(!log.cells.hasUnknown && log.cells.mixtureWeight.allSatisfy { $0 == 1 })
    for row in 0..<log.table.count {
      let o = Int(log.cells.observedOfRow[row])
      let cell = Int(log.cells.mixtureCell[Int(log.cells.mixtureStart[o])])
      var mask: UInt64 = 0
      var parts: [String] = []
      for m in 0..<3 where log.modes.state[m].storage[row] == 1 {
        mask |= 1 << UInt64(m)
        parts.append("\(m)@\(log.modes.component[m][row] ?? "")")
      }
      #expect(log.cells.cellMask[cell] == mask)
      #expect(
        log.cells.cellParts[cell].map { log.cells.parts[Int($0)] }
          .map { "\($0.mode)@\($0.component ?? "")" } == parts)
      #expect(log.cells.cellCombination[cell] == log.cells.context.combination[row])
    }
  }

  @Test("Unknown modes weigh by their rates, given what is known and what is assumed before them")
  func mixtures() throws {
    let log = try SmallLog(customers: 200, largest: 8, seed: 72, unknown: 0.3)
    let cells = log.cells
    var mixed = 0
    for row in 0..<log.table.count {
      let o = Int(cells.observedOfRow[row])
      let entries = Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1])
      let states = (0..<3).map { log.modes.state[$0].storage[row] }
      let unknown = (0..<3).filter { states[$0] < 0 }
      #expect(entries.count == 1 << unknown.count)
      #expect(abs(entries.reduce(0) { $0 + cells.mixtureWeight[$1] } - 1) < 1e-12)
      mixed += unknown.count > 1 ? 1 : 0
      // Bayes' rule: what is looked at and may follow from an unknown mode is evidence of it.
      let evidence = (0..<3).filter { m in
        states[m] >= 0 && log.modes.applies[m].storage[row] == 1
          && cells.rates.rates[m].map { !Set($0.parents).isDisjoint(with: unknown) } == true
      }
      var joint: [Double] = []
      var found: [Double] = []
      for choice in 0..<(1 << unknown.count) {
        var mask: UInt64 = 0
        for m in 0..<3 where states[m] == 1 { mask |= 1 << UInt64(m) }
        for (k, m) in unknown.enumerated() where choice & (1 << k) != 0 { mask |= 1 << UInt64(m) }
        var probability = 1.0
        for m in unknown + evidence {
          let rate = try #require(cells.rates.rates[m])
          let p = rate.probability(
            combination: Int(cells.context.combination[row]), staff: -1, mask: mask)
          probability *= mask & (1 << UInt64(m)) != 0 ? p : 1 - p
        }
        let weight = entries.filter { cells.cellMask[Int(cells.mixtureCell[$0])] == mask }
          .reduce(0) { $0 + cells.mixtureWeight[$1] }
        joint.append(probability)
        found.append(weight)
      }
      let total = joint.reduce(0, +)
      for (weight, probability) in zip(found, joint) {
        #expect(abs(weight - probability / total) < 1e-12)
      }
    }
    #expect(mixed > 30)
  }

  @Test(
    "Of more than four unknown modes none, singles and pairs are spelled out, weights summing to 1")
  func manyUnknown() throws {
    let stated = StatedModes(
      (0..<6).map { m in
        ("m\(m)", .staff, [], state(300, yes: 40, unknown: 120, seed: UInt64(10 + m)))
      })
    let cells = ModeCells(
      table: stated.table, modes: stated.modes, context: stated.context, rates: try stated.rates())
    var largest = 0
    for row in 0..<300 {
      let o = Int(cells.observedOfRow[row])
      let entries = Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1])
      let unknown = (0..<6).count { stated.modes.state[$0].storage[row] < 0 }
      #expect(
        entries.count == (unknown <= 4 ? 1 << unknown : 1 + unknown + unknown * (unknown - 1) / 2))
      #expect(abs(entries.reduce(0) { $0 + cells.mixtureWeight[$1] } - 1) < 1e-12)
      largest = max(largest, unknown)
    }
    #expect(largest > 4)
  }

  @Test("What an unknown mode may have brought about tells of it, by Bayes' rule")
  func evidence() throws {
    // 400 rows: the cause is looked at on the first half, its effect everywhere.
    let rows = 400
    let cause = (0..<rows).map { row -> Int8 in row < 200 ? (row / 2 % 4 == 0 ? 1 : 0) : -1 }
    let effect = (0..<rows).map { row -> Int8 in
      row < 200 && cause[row] == 1 ? (row % 8 < 6 ? 1 : 0) : (row / 2 % 10 == 3 ? 1 : 0)
    }
    let stated = StatedModes([
      ("cause", .system, [1], cause), ("effect", .system, [], effect),
    ])
    let rates = try stated.rates()
    let cells = ModeCells(
      table: stated.table, modes: stated.modes, context: stated.context, rates: rates)
    let ofCause = try #require(rates.rates[0])
    let ofEffect = try #require(rates.rates[1])
    #expect(ofEffect.parents == [0])
    var seen: Set<Int8> = []
    for row in 200..<rows {
      let o = Int(cells.observedOfRow[row])
      let combination = Int(cells.observedCombination[o])
      let p = ofCause.probability(combination: combination, staff: -1, mask: 0)
      let with = ofEffect.probability(combination: combination, staff: -1, mask: 1)
      let without = ofEffect.probability(combination: combination, staff: -1, mask: 0)
      let holds = effect[row] == 1
      let joint = p * (holds ? with : 1 - with)
      let expected = joint / (joint + (1 - p) * (holds ? without : 1 - without))
      let entries = Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1])
      let found = entries.filter { cells.cellMask[Int(cells.mixtureCell[$0])] & 1 != 0 }
        .reduce(0) { $0 + cells.mixtureWeight[$1] }
      #expect(abs(found - expected) < 1e-12)
      #expect(holds ? found > p : found < p)
      seen.insert(effect[row])
    }
    #expect(seen == [0, 1])
  }
}
