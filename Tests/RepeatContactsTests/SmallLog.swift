import Execution
import FailureModes
import InteractionLog
import RepeatContacts
import Statistics

/// A random log of few customers with at most a few contacts each, three topics, two system modes
/// and one staff mode: small enough that every assignment of causes can be enumerated.
struct SmallLog {
  let table: InteractionTable
  let modes: ModeTable
  let cells: ModeCells
  let data: LinkData

  /// - Parameters:
  ///   - largest: most contacts of a customer.
  ///   - unknown: share of the interactions on which nobody looked for a mode, by mode.
  ///   - quietEnd: days without contacts before the log's last one, which nothing can follow.
  ///   - active: when customers are active, where that is known.
  ///   - further: contacts of other customers.
  init(
    customers: Int, largest: Int, days: Double = 40, windowDays: Double = 8, seed: UInt64,
    unknown: Double = 0, quietEnd: Double = 0, active: CustomerTable? = nil,
    further: [Contact] = []
  ) throws {
    var stream = RandomStream(seed: seed)
    var contacts = further
    for c in 0..<customers {
      for _ in 0..<(1 + stream.int(below: largest)) {
        let topic = ["billing", "delivery", "login"][stream.int(below: 3)]
        contacts.append(
          Contact(
            SmallLog.customer(c), days: days * stream.uniform(), topic, id: "i\(contacts.count)"))
      }
    }
    if quietEnd > 0 {
      contacts.append(Contact("z", days: days + quietEnd, "billing", id: "last"))
    }
    table = InteractionTable(contacts: contacts)
    let shares = [0.3, 0.25, 0.2]
    var states = [[Int8]](repeating: [], count: 3)
    for _ in 0..<table.count {
      for m in states.indices {
        states[m].append(
          stream.bernoulli(unknown) ? -1 : stream.bernoulli(shares[m]) ? 1 : 0)
      }
    }
    let components = states.map { state in
      TextColumn(
        codes: state.map { $0 == 0 ? -1 : Int32(stream.int(below: 2)) }, values: ["left", "right"])
    }
    modes = ModeTable(
      modes: [
        FailureMode(name: "timeout", side: .system, causes: [1, 2]),
        FailureMode(name: "failed", side: .system, causes: [2]),
        FailureMode(name: "wrong_words", side: .staff, causes: []),
      ],
      state: states.map { FlagColumn(storage: $0) }, component: components,
      applies: states.map { FlagColumn(storage: $0.map { _ in 1 }) }, notes: [])
    let context = ContextTable(table: table, names: ["topic"])
    let rates = try ModeRates(modes: modes, context: context, staff: nil)
    cells = ModeCells(table: table, modes: modes, context: context, rates: rates)
    data = LinkData(
      table: table, cell: cells.observedOfRow, settings: LinkSettings(windowDays: windowDays),
      customers: active)
  }

  static func customer(_ number: Int) -> String { "c" + String(1000 + number) }

  func model(_ form: RepeatRateForm, _ background: BackgroundForm) -> LinkModel {
    LinkModel(
      data: data, rate: RepeatRateDesign(cells: cells, form: form), background: background)
  }
}

extension LinkModel {
  /// Parameters drawn at random, every one of them away from where a fit starts.
  func randomParameters(_ stream: inout RandomStream) -> LinkParameters {
    var p = LinkFitter(executor: EmbeddedExecutor(threads: 1)).start(self)
    let link = rate.form.link
    p.coefficients[0] = link.linearPredictor(0.3)
    let scale = link.derivative(p.coefficients[0])
    for k in 1..<p.coefficients.count {
      // Under a link that adds, effects that are not negative keep every mean positive.
      let draw = 0.6 * stream.normal()
      p.coefficients[k] = link.exponent == 0 ? draw : abs(draw) * scale
    }
    for g in p.delay.indices {
      p.delay[g] = stream.dirichlet([Double](repeating: 1.5, count: p.delay[g].count))
      p.persistence[g] = 0.2 + 0.6 * stream.uniform()
    }
    p.topicShare = stream.dirichlet(p.topicShare.map { _ in 3 })
    for q in p.prior.components.indices {
      p.prior.components[q].shape = 0.6 + 2 * stream.uniform()
      p.prior.components[q].mean = 0.02 + 0.15 * stream.uniform()
    }
    if p.prior.components.count == 2 {
      p.prior.components[1].weight = 0.1 + 0.5 * stream.uniform()
      p.prior.components[0].weight = 1 - p.prior.components[1].weight
    }
    p.prior.intervalWeights = stream.dirichlet(p.prior.intervalWeights.map { _ in 1 })
    if p.mixConcentration.isFinite { p.mixConcentration = 0.5 + 6 * stream.uniform() }
    p.intensity = p.intensity.map { _ in 0.4 + 1.4 * stream.uniform() }
    return p
  }
}
