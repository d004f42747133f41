import Attribution
import Execution
import FailureModes
import InteractionLog
import RepeatContacts
import Statistics

/// A random log with two system modes (timeout → failed) and two staff errors that either can bring
/// about, with rates and effects that a test states.
struct SplitLog {
  static let timeout: UInt64 = 1
  static let failed: UInt64 = 2
  static let wrong: UInt64 = 4
  static let rude: UInt64 = 8

  let table: InteractionTable
  let modes: ModeTable
  let rates: ModeRates
  let cells: ModeCells
  let data: LinkData

  /// - Parameters:
  ///   - unknown: share of interactions whose staff errors nobody looked for.
  ///   - causes: whether the declared arrows are there.
  init(seed: UInt64, unknown: Double = 0, causes: Bool = true) throws {
    var stream = RandomStream(seed: seed)
    var codes: [Int32] = []
    var times: [Int64] = []
    let customers = 120
    for c in 0..<customers {
      let count = 1 + stream.int(below: 6)
      codes += [Int32](repeating: Int32(c), count: count)
      times += (0..<count).map { _ in Int64(stream.int(below: 40 * 86_400)) * 1_000 }.sorted()
    }
    let rows = codes.count
    table = InteractionTable(
      interactionID: (0..<rows).map { "i\($0)" },
      customer: TextColumn(codes: codes, values: (0..<customers).map { "c\(1000 + $0)" }),
      startedAt: times,
      topic: TextColumn(
        codes: (0..<rows).map { _ in Int32(stream.int(below: 2)) }, values: ["billing", "login"]),
      columns: [:])
    var states = [[Int8]](repeating: [], count: 4)
    for _ in 0..<rows {
      let looked = !stream.bernoulli(unknown)
      for (m, share) in [0.35, 0.3, 0.3, 0.25].enumerated() {
        let holds: Int8 = stream.bernoulli(share) ? 1 : 0
        states[m].append(m < 2 || looked ? holds : -1)
      }
    }
    modes = ModeTable(
      modes: [
        FailureMode(name: "timeout", side: .system, causes: causes ? [1] : []),
        FailureMode(name: "failed", side: .system, causes: []),
        FailureMode(name: "wrong", side: .staff, causes: []),
        FailureMode(name: "rude", side: .staff, causes: []),
      ],
      state: states.map { FlagColumn(storage: $0) },
      component: states.map { state in
        TextColumn(codes: state.map { $0 == 0 ? -1 : 0 }, values: ["x"])
      },
      applies: states.map { FlagColumn(storage: $0.map { _ in 1 }) }, notes: [])
    let context = ContextTable(table: table, names: ["topic"])
    var rates = try ModeRates(modes: modes, context: context, staff: nil)
    // Intercept, topic, then parents: timeout and failed (of failed: timeout alone).
    func set(_ mode: Int, _ coefficients: [Double]) {
      guard var rate = rates.rates[mode] else { return }
      rate.coefficients = coefficients
      rate.contextLogit = context.columns.map { columns in
        columns.reduce(coefficients[0]) { $0 + coefficients[1 + Int($1)] }
      }
      rates.rates[mode] = rate
    }
    set(1, [-1.5, 0.4, 1.3])
    set(2, [-2, 0.3, 0.9, 0.7])
    // Staff are ruder when nothing failed: this error's ratio is above 1.
    set(3, [-1, -0.2, -0.5, 0.2])
    self.rates = rates
    cells = ModeCells(table: table, modes: modes, context: context, rates: rates)
    data = LinkData(
      table: table, cell: cells.observedOfRow, settings: LinkSettings(windowDays: 10),
      customers: nil)
  }

  /// The design and coefficients for κ: 0.2 for the first topic, and effects of topic and modes.
  func design(_ form: RepeatRateForm = RepeatRateForm(), effects: [Double] = [0.8, 0.5, 0.6, 0.3])
    -> (RepeatRateDesign, [Double])
  {
    let design = RepeatRateDesign(cells: cells, form: form)
    var coefficients = [Double](repeating: 0, count: design.columnNames.count)
    coefficients[0] = form.link.linearPredictor(0.2)
    // What an effect on log κ is on the link's scale at κ = 0.2.
    let unit = 0.2 / form.link.derivative(coefficients[0])
    coefficients[1] = 0.35 * unit
    for m in 0..<4 {
      coefficients[design.column(ofMode: m)] = effects[m] * unit
    }
    for k in form.pairs.indices {
      coefficients[coefficients.count - form.pairs.count + k] =
        0.15 * unit
    }
    return (design, coefficients)
  }

  /// The model of this log under a design, and parameters with these coefficients.
  func parameters(_ design: RepeatRateDesign, _ coefficients: [Double]) -> (
    LinkModel, LinkParameters
  ) {
    let model = LinkModel(data: data, rate: design, background: BackgroundForm())
    var p = LinkFitter(executor: EmbeddedExecutor(threads: 1)).start(model)
    p.coefficients = coefficients
    var stream = RandomStream(seed: 5)
    for g in p.delay.indices {
      p.delay[g] = stream.dirichlet([Double](repeating: 2, count: p.delay[g].count))
    }
    return (model, p)
  }
}

/// The effects of one settled cell, written out: sums over every subset and every ordering.
struct WrittenOutEffects {
  let kappa: (UInt64) -> Double
  /// p of a mode given the mask of modes before it.
  let rate: (Int, UInt64) -> Double
  let mask: UInt64
  /// Whether timeout is declared to bring about failed.
  let causes: Bool

  private static let systemBits = SplitLog.timeout | SplitLog.failed
  private var system: UInt64 { mask & Self.systemBits }
  private var errors: [Int] { [2, 3].filter { mask & (1 << UInt64($0)) != 0 } }

  /// Probability that an error remains when only `under` of the system had failed.
  private func kept(_ error: Int, _ under: UInt64) -> Double {
    min(rate(error, under) / rate(error, system), 3)
  }

  /// E[Y(0, H(under) ∩ allowed)].
  private func expected(under: UInt64, allowed: UInt64) -> Double {
    var sum = 0.0
    for subset in 0..<(1 << errors.count) {
      var probability = 1.0
      var held: UInt64 = 0
      for (k, error) in errors.enumerated() {
        let q = kept(error, under)
        probability *= subset & (1 << k) != 0 ? q : 1 - q
        if subset & (1 << k) != 0 { held |= 1 << UInt64(error) }
      }
      sum += probability * kappa(held & allowed)
    }
    return sum
  }

  var baseline: Double { kappa(0) }
  var systemDirect: Double { kappa(mask) - kappa(mask & ~system) }
  var throughStaff: Double { kappa(mask & ~system) - expected(under: 0, allowed: ~0) }
  var staffOwn: Double { expected(under: 0, allowed: ~0) - kappa(0) }

  /// What a mode caused: its mean marginal worth over the orderings that the arrows allow.
  func caused(_ mode: Int) -> Double {
    let bit: UInt64 = 1 << UInt64(mode)
    guard mask & bit != 0 else { return 0 }
    if mode >= 2 {
      return shapley(bit, players: mask & ~system, ordered: false) {
        expected(under: 0, allowed: $0)
      }
    }
    return shapley(bit, players: system, ordered: causes) {
      kappa($0 | (mask & ~system)) + expected(under: $0, allowed: ~0)
    }
  }

  /// Two players at most: the only order among them is timeout before failed.
  private func shapley(
    _ player: UInt64, players: UInt64, ordered: Bool, _ worth: (UInt64) -> Double
  ) -> Double {
    let other = players & ~player
    if other == 0 { return worth(player) - worth(0) }
    let first = worth(player) - worth(0)
    let last = worth(players) - worth(other)
    if ordered { return player == SplitLog.timeout ? first : last }
    return (first + last) / 2
  }

  func switchedOff(_ mode: Int) -> Double { kappa(mask) - kappa(mask & ~(1 << UInt64(mode))) }

  /// What goes with a mode and with the failures that it induces.
  func removed(_ mode: Int) -> Double {
    var rest = 0.0
    for left in 0...mask where left & ~mask == 0 {
      var probability = 1.0
      for m in 0..<4 where mask & (1 << UInt64(m)) != 0 {
        let bit: UInt64 = 1 << UInt64(m)
        let stays = left & bit != 0
        if m == mode {
          probability *= stays ? 0 : 1
        } else if induced(m, by: mode) {
          let before = mask & (bit - 1)
          let after = left & (bit - 1)
          let q = min(rate(m, after) / rate(m, before), 3)
          probability *= stays ? q : 1 - q
        } else {
          probability *= stays ? 1 : 0
        }
      }
      rest += probability * kappa(left)
    }
    return kappa(mask) - rest
  }

  private func induced(_ mode: Int, by cause: Int) -> Bool {
    if cause >= 2 { return false }
    return mode >= 2 || (causes && cause == 0 && mode == 1)
  }
}
