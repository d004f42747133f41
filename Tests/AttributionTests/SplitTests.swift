import Attribution
import Execution
import FailureModes
import RepeatContacts
import Statistics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A form of κ under which the split is taken, with and without unknown staff errors.
struct SplitCase: Sendable, CustomTestStringConvertible {
  var form: RepeatRateForm
  var unknown = 0.0
  var causes = true

  var testDescription: String {
    "link \(form.link.exponent), pairs \(form.pairs.count), own delays \(form.ownDelay), "
      + "unknown \(unknown), arrows \(causes)"
  }

  static let all = [
    SplitCase(form: RepeatRateForm()),
    SplitCase(form: RepeatRateForm(), causes: false),
    SplitCase(form: RepeatRateForm(link: .identity), unknown: 0.3),
    SplitCase(
      form: RepeatRateForm(
        link: PowerLink(exponent: 0.5), pairs: [.init(first: 0, second: 2)], ownDelay: [0, 2]),
      unknown: 0.3),
  ]
}

@Suite("The split of a cell")
struct SplitTests {
  private typealias Layout = EffectLayout

  /// Effects of every observed cell, groups added up.
  private func effects(_ log: SplitLog, _ design: RepeatRateDesign, _ coefficients: [Double]) throws
    -> (cells: [[Double]], byGroup: [[Double]])
  {
    let cellEffects = try CellEffects(design: design, cells: log.cells)
    let functionals = SplitFunctionals(effects: cellEffects, data: log.data)
    let byGroup = functionals.cellEffects(
      log.parameters(design, coefficients).1, rates: log.rates, weights: log.cells.mixtureWeight)
    let width = cellEffects.layout.count
    let cells = byGroup.map { values in
      (0..<width).map { k in
        stride(from: k, to: values.count, by: width).reduce(0) { $0 + values[$1] }
      }
    }
    return (cells, byGroup)
  }

  /// κ with these modes holding, from the coefficients by name.
  static func kappa(
    _ log: SplitLog, _ design: RepeatRateDesign, _ coefficients: [Double], combination: Int
  ) -> (UInt64) -> Double {
    { mask in
      var eta = coefficients[0]
      for column in log.cells.context.columns[combination] { eta += coefficients[1 + Int(column)] }
      for m in 0..<4 where mask & (1 << UInt64(m)) != 0 {
        eta += coefficients[design.column(ofMode: m)]
      }
      for (k, pair) in design.form.pairs.enumerated() {
        let both: UInt64 = (1 << UInt64(pair.first)) | (1 << UInt64(pair.second))
        if mask & both == both {
          eta += coefficients[coefficients.count - design.form.pairs.count + k]
        }
      }
      return design.form.link.mean(eta)
    }
  }

  @Test(
    "Every quantity is the written-out sum over subsets and orderings", arguments: SplitCase.all)
  func writtenOut(_ splitCase: SplitCase) throws {
    let log = try SplitLog(seed: 81, unknown: splitCase.unknown, causes: splitCase.causes)
    let (design, coefficients) = log.design(splitCase.form)
    let found = try effects(log, design, coefficients).cells
    let layout = EffectLayout(partCount: log.cells.parts.count)
    #expect(log.cells.parts.map(\.mode) == [0, 1, 2, 3])
    var cellsWithAll = 0
    for o in 0..<log.cells.observedCount {
      var expected = [Double](repeating: 0, count: layout.count)
      let combination = Int(log.cells.observedCombination[o])
      for e in Int(log.cells.mixtureStart[o])..<Int(log.cells.mixtureStart[o + 1]) {
        let mask = log.cells.cellMask[Int(log.cells.mixtureCell[e])]
        if mask == 15 { cellsWithAll += 1 }
        let written = WrittenOutEffects(
          kappa: Self.kappa(log, design, coefficients, combination: combination),
          rate: { mode, given in
            log.rates.rates[mode]?.probability(combination: combination, staff: -1, mask: given)
              ?? 1
          }, mask: mask, causes: splitCase.causes)
        let weight = log.cells.mixtureWeight[e]
        expected[Layout.systemDirect] += weight * written.systemDirect
        expected[Layout.systemThroughStaff] += weight * written.throughStaff
        expected[Layout.staffOwn] += weight * written.staffOwn
        expected[Layout.baseline] += weight * written.baseline
        for m in 0..<4 where mask & (1 << UInt64(m)) != 0 {
          expected[layout.caused(m)] += weight * written.caused(m)
          expected[layout.switchedOff(m)] += weight * written.switchedOff(m)
          expected[layout.removed(m)] += weight * written.removed(m)
        }
      }
      // Values of order 1 from some dozens of terms: 1e-12 is ten thousand roundings.
      for k in expected.indices {
        #expect(abs(found[o][k] - expected[k]) < 1e-12, "cell \(o), \(k)")
      }
    }
    #expect(cellsWithAll > 0)
  }

  @Test(
    "Parts add up to κ by delay group, and modes with the baseline to the total",
    arguments: SplitCase.all)
  func sums(_ splitCase: SplitCase) throws {
    let log = try SplitLog(seed: 82, unknown: splitCase.unknown, causes: splitCase.causes)
    let (design, coefficients) = log.design(splitCase.form)
    let (model, p) = log.parameters(design, coefficients)
    let tables = PassTables(model: model, parameters: p)
    let byGroup = try effects(log, design, coefficients).byGroup
    let layout = EffectLayout(partCount: log.cells.parts.count)
    for o in 0..<log.cells.observedCount {
      for g in 0..<tables.groups {
        let values = Array(byGroup[o][(g * layout.count)..<((g + 1) * layout.count)])
        let parts = values[0..<4].reduce(0, +)
        #expect(abs(parts - tables.rate[o * tables.groups + g]) < 1e-12)
        let modes = (0..<4).reduce(0) { $0 + values[layout.caused($1)] }
        #expect(abs(modes + values[Layout.baseline] - parts) < 1e-12)
      }
    }
  }

  @Test("Totals are the contacts' κ times what the log covers of their delay")
  func totals() throws {
    let log = try SplitLog(seed: 83, unknown: 0.2)
    let form = RepeatRateForm(ownDelay: [1])
    let (design, coefficients) = log.design(form)
    let (model, p) = log.parameters(design, coefficients)
    let functionals = SplitFunctionals(
      effects: try CellEffects(design: design, cells: log.cells), data: log.data)
    let totals = functionals.totals(p, rates: log.rates, weights: log.cells.mixtureWeight)
    let tables = PassTables(model: model, parameters: p)
    var expected = 0.0
    var late = 0
    for i in 0..<log.data.count {
      let left = log.data.end - log.data.time[i]
      late += left < log.data.bins.window ? 1 : 0
      for g in 0..<2 {
        var covered = 0.0
        for b in 0..<log.data.bins.count {
          covered += p.delay[g][b] * log.data.bins.coverage(b, left)
        }
        expected += tables.rate[Int(log.data.cell[i]) * 2 + g] * covered
      }
    }
    #expect(late > 20)
    #expect(abs(totals[0..<4].reduce(0, +) - expected) < 1e-12 * expected)
    let layout = EffectLayout(partCount: 4)
    let modes = (0..<4).reduce(0) { $0 + totals[layout.caused($1)] }
    #expect(abs(modes + totals[Layout.baseline] - expected) < 1e-12 * expected)
  }

  @Test("Without a system failure the system caused nothing, to the bit")
  func noSystemFailure() throws {
    let log = try SplitLog(seed: 84)
    let (design, coefficients) = log.design()
    let found = try effects(log, design, coefficients).cells
    let layout = EffectLayout(partCount: 4)
    var withErrors = 0
    for o in 0..<log.cells.observedCount {
      let mask = log.cells.cellMask[Int(log.cells.mixtureCell[Int(log.cells.mixtureStart[o])])]
      guard mask & 3 == 0 else { continue }
      withErrors += mask == 0 ? 0 : 1
      #expect(found[o][Layout.systemDirect] == 0)
      #expect(abs(found[o][Layout.systemThroughStaff]) < 1e-15)
      for m in 0..<2 {
        #expect(found[o][layout.caused(m)] == 0 && found[o][layout.removed(m)] == 0)
      }
    }
    #expect(withErrors > 2)
  }

  @Test("Two system modes under the log link share by the hand formula")
  func twoModesByHand() throws {
    let (a, b, base) = (0.8, 0.5, 0.2)
    for causes in [false, true] {
      let log = try SplitLog(seed: 85, causes: causes)
      let (design, coefficients) = log.design()
      let found = try effects(log, design, coefficients).cells
      let layout = EffectLayout(partCount: 4)
      let o = try #require(
        (0..<log.cells.observedCount).first {
          log.cells.cellMask[Int(log.cells.mixtureCell[Int(log.cells.mixtureStart[$0])])] == 3
            && log.cells.context.columns[Int(log.cells.observedCombination[$0])].isEmpty
        })
      let first = base * (exp(a) - 1)
      let last = base * (exp(a + b) - exp(b))
      #expect(abs(found[o][layout.caused(0)] - (causes ? first : (first + last) / 2)) < 1e-12)
      #expect(abs(found[o][Layout.systemDirect] - base * (exp(a + b) - 1)) < 1e-12)
      // Removing timeout takes failed along with probability 1 − p(failed | no timeout)/p(failed | timeout).
      func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      let stays = logistic(-1.5) / logistic(-1.5 + 1.3)
      let whole = base * exp(a + b)
      let rest = causes ? base * (stays * exp(b) + 1 - stays) : base * exp(b)
      #expect(abs(found[o][layout.removed(0)] - (whole - rest)) < 1e-12)
      #expect(abs(found[o][layout.removed(1)] - (whole - base * exp(a))) < 1e-12)
    }
  }

  @Test("A staff error under a timeout is the timeout's as far as its rate says, by hand")
  func couplingByHand() throws {
    let log = try SplitLog(seed: 86)
    let (design, coefficients) = log.design()
    let found = try effects(log, design, coefficients).cells
    func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let base = 0.2
    // wrong: rarer without the timeout; rude: more frequent without it, so that its path is negative.
    for (mask, effect, kept) in [
      (SplitLog.timeout | SplitLog.wrong, 0.6, logistic(-2) / logistic(-2 + 0.9)),
      (SplitLog.timeout | SplitLog.rude, 0.3, logistic(-1) / logistic(-1 - 0.5)),
    ] {
      let o = try #require(
        (0..<log.cells.observedCount).first {
          log.cells.cellMask[Int(log.cells.mixtureCell[Int(log.cells.mixtureStart[$0])])] == mask
            && log.cells.context.columns[Int(log.cells.observedCombination[$0])].isEmpty
        })
      let gain = base * (exp(effect) - 1)
      #expect(abs(found[o][Layout.systemThroughStaff] - (1 - kept) * gain) < 1e-12)
      #expect(abs(found[o][Layout.staffOwn] - kept * gain) < 1e-12)
      #expect(abs(found[o][Layout.systemDirect] - base * exp(effect) * (exp(0.8) - 1)) < 1e-12)
    }
  }
}
