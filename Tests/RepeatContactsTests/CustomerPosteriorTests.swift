import Execution
import InteractionLog
import RepeatContacts
import Statistics
import Testing

/// One background and one form of κ to be compared with brute force.
struct PosteriorCase: Sendable, CustomTestStringConvertible {
  var components = 1
  var ownTopicMix = false
  var activity = ActivityGrid.Mode.wholeLog
  var form = RepeatRateForm()
  var unknown = 0.0

  var testDescription: String {
    "\(components) gamma, own mix \(ownTopicMix), active \(activity.rawValue), "
      + "link \(form.link.exponent), own delays \(form.ownDelay), unknown \(unknown)"
  }

  static let all: [PosteriorCase] = {
    var cases: [PosteriorCase] = []
    for components in 1...2 {
      for mix in [false, true] {
        for activity in [ActivityGrid.Mode.wholeLog, .estimated, .table] {
          cases.append(
            PosteriorCase(components: components, ownTopicMix: mix, activity: activity))
        }
      }
    }
    let pair = RepeatRateForm.ModePair(first: 0, second: 2)
    cases.append(
      PosteriorCase(
        components: 2, ownTopicMix: true, activity: .estimated,
        form: RepeatRateForm(link: .identity, pairs: [pair], ownDelay: [1, 0]), unknown: 0.2))
    cases.append(
      PosteriorCase(form: RepeatRateForm(link: PowerLink(exponent: 0.5), componentTerms: true)))
    return cases
  }()

  var background: BackgroundForm {
    BackgroundForm(ownTopicMix: ownTopicMix, activity: activity, components: components)
  }

  /// 60 customers of at most 8 contacts on 40 days, and random parameters.
  func world(seed: UInt64) throws -> (SmallLog, LinkModel, LinkParameters) {
    var stream = RandomStream(seed: seed, keys: 1)
    var stated: CustomerTable?
    if activity == .table {
      var rows: [String: CustomerTable.Row] = [:]
      // The log's first day is day 0 of 1970; a third of the customers are active for a part.
      for c in 0..<60 where c % 3 == 0 {
        let from = Int64(stream.int(below: 20)) * 86_400_000
        rows[SmallLog.customer(c)] = .init(
          activeFrom: from, activeTo: from + 12 * 86_400_000, segment: nil, aliasOf: nil)
      }
      stated = CustomerTable(rows: rows)
    }
    let log = try SmallLog(
      customers: 60, largest: 8, seed: seed, unknown: unknown, active: stated)
    let model = log.model(form, background)
    return (log, model, model.randomParameters(&stream))
  }
}

/// The pass against every subset of own contacts. Both sides are sums of at most 2⁸ positive terms
/// per customer, so that 1e-10 leaves room for some ten thousand roundings.
@Suite("The exact posterior of a customer")
struct CustomerPosteriorTests {
  private static let tolerance = 1e-10
  private let executor = EmbeddedExecutor(threads: 1)

  @Test(
    "Log-likelihood and the probability of own are the enumeration's", arguments: PosteriorCase.all)
  func ownAndLikelihood(_ posterior: PosteriorCase) throws {
    let (_, model, p) = try posterior.world(seed: 11)
    let tables = PassTables(model: model, parameters: p)
    let sums = executor.pass(model.data, tables)
    let pairs = executor.probabilities(model.data, tables)
    var logLikelihood = 0.0
    var worst = 0.0
    var mixed = 0
    for c in 0..<model.data.customerCount {
      let brute = Enumeration(customer: c, model: model, parameters: p)
      logLikelihood += brute.logLikelihood
      let first = Int(model.data.customerStart[c])
      for (k, own) in brute.own.enumerated() {
        // A contact is the customer's own or brought by one of its candidates.
        let range = model.data.pairStart[first + k]..<model.data.pairStart[first + k + 1]
        worst = max(worst, abs(1 - pairs[range].reduce(0, +) - own))
        if own > 0.05 && own < 0.95 { mixed += 1 }
      }
    }
    #expect(worst < Self.tolerance)
    #expect(abs(sums.logLikelihood - logLikelihood) < Self.tolerance * abs(logLikelihood))
    #expect(sums.heavyCustomers == 0)
    #expect(mixed > 50, "hardly any contact is in doubt: the comparison says nothing")
  }

  @Test("Every sum of a pass is the enumeration's", arguments: PosteriorCase.all)
  func sums(_ posterior: PosteriorCase) throws {
    let (_, model, p) = try posterior.world(seed: 12)
    let tables = PassTables(model: model, parameters: p)
    let sums = executor.pass(model.data, tables)
    let brute = BruteSums(model: model, parameters: p)
    var byCell = [Double](repeating: 0, count: sums.caused.count)
    for i in 0..<model.data.count {
      for g in 0..<tables.groups {
        byCell[Int(model.data.cell[i]) * tables.groups + g] += brute.caused[i * tables.groups + g]
      }
    }
    expectClose(sums.caused, byCell, "caused")
    expectClose(sums.delay, brute.delay, "delay")
    expectClose(sums.linked, brute.linked, "linked")
    expectClose(sums.kept, brute.kept, "kept")
    expectClose(sums.drawn, brute.drawn, "drawn")
    expectClose(executor.probabilities(model.data, tables), brute.probability, "pairs")
    let stride = sums.background.stride
    for c in 0..<model.grid.classCount {
      for r in 0..<stride {
        let found = sums.background.histogram[c * stride + r]
        #expect(
          abs(found - (brute.ownCount[c]?[r] ?? 0)) < Self.tolerance * 60, "class \(c), \(r) own")
      }
    }
    #expect(sums.background.customers == Double(model.data.customerCount))
    guard posterior.ownTopicMix else { return #expect(sums.topicHistogram.isEmpty) }
    for k in 0..<model.data.topicCount {
      // r = 0 weighs nothing in any update and is not counted for customers without the topic.
      for r in 1..<stride {
        let found = sums.topicHistogram[k * (sums.topicHistogram.count / model.data.topicCount) + r]
        #expect(abs(found - brute.topicCount[k][r]) < Self.tolerance * 60, "topic \(k), \(r) own")
      }
    }
  }

  @Test("Threads and the order in which customers come change no bit of a sum")
  func threads() throws {
    let log = try SmallLog(customers: 3_000, largest: 6, seed: 13)
    let model = log.model(RepeatRateForm(), BackgroundForm(ownTopicMix: true, components: 2))
    var stream = RandomStream(seed: 13)
    let tables = PassTables(model: model, parameters: model.randomParameters(&stream))
    let one = executor.pass(model.data, tables)
    let three = EmbeddedExecutor(threads: 3).pass(model.data, tables)
    #expect(one.logLikelihood == three.logLikelihood)
    #expect(one.caused == three.caused && one.own == three.own && one.delay == three.delay)
    #expect(one.background.histogram == three.background.histogram)
    #expect(one.topicHistogram == three.topicHistogram)
  }

  @Test("A customer beyond the exact limit counts as heavy, and its own contacts near the truth")
  func heavy() throws {
    // 300 contacts at random times: nothing was brought, and the rate is known to 6 %.
    let contacts = (0..<300).map {
      Contact("ann", days: 40 * Double(($0 * 7919) % 300) / 300, "billing", id: "i\($0)")
    }
    let log = try SmallLog(customers: 5, largest: 3, seed: 14, further: contacts)
    let model = log.model(RepeatRateForm(), BackgroundForm())
    var p = LinkFitter(executor: executor).start(model)
    p.coefficients[0] = -30
    p.prior.components[0].mean = 1
    let sums = executor.pass(model.data, PassTables(model: model, parameters: p))
    #expect(sums.heavyCustomers == 1)
    // `own` sums contacts by topic and day: all of them are own.
    #expect(abs(sums.own.reduce(0, +) - Double(model.data.count)) < 1e-6)
  }

  private func expectClose(_ found: [Double], _ brute: [Double], _ name: String) {
    #expect(found.count == brute.count, "\(name)")
    var worst = 0.0
    for (a, b) in zip(found, brute) { worst = max(worst, abs(a - b) / max(1, abs(b))) }
    #expect(worst < Self.tolerance, "\(name) differs by \(worst)")
  }
}

/// The sums of a pass from the enumerations of all customers.
private struct BruteSums {
  var caused: [Double]
  var delay: [Double]
  var linked: [Double]
  var kept: [Double]
  var drawn: [Double]
  var probability: [Double] = []
  /// By class, then number of own contacts.
  var ownCount: [Int: [Double]] = [:]
  var topicCount: [[Double]]

  init(model: LinkModel, parameters p: LinkParameters) {
    let data = model.data
    let groups = p.delay.count
    let bins = data.bins.count
    caused = [Double](repeating: 0, count: data.count * groups)
    delay = [Double](repeating: 0, count: groups * bins)
    linked = [Double](repeating: 0, count: groups)
    kept = linked
    drawn = [Double](repeating: 0, count: data.topicCount)
    let longest = 16
    topicCount = [[Double]](
      repeating: [Double](repeating: 0, count: longest), count: data.topicCount)
    for c in 0..<data.customerCount {
      let brute = Enumeration(customer: c, model: model, parameters: p)
      let first = Int(data.customerStart[c])
      let number = Int(model.grid.customerClass[c])
      for (r, value) in brute.ownCount.enumerated() {
        ownCount[number, default: [Double](repeating: 0, count: longest)][r] += value
        for k in topicCount.indices { topicCount[k][r] += brute.topicCount[k][r] }
      }
      for (j, list) in brute.triggers.enumerated() {
        let whole = list.reduce(0) { $0 + $1.weight }
        var pairs: [Int: Double] = [:]
        for trigger in list {
          let share = (1 - brute.own[j]) * trigger.weight / whole
          caused[(first + trigger.prior) * groups + trigger.group] += share
          delay[trigger.group * bins + trigger.bin] += share
          linked[trigger.group] += share
          pairs[trigger.prior, default: 0] += share
          let topic = Int(data.topic[first + j])
          var stays = 0.0
          if data.topic[first + trigger.prior] == data.topic[first + j] {
            let rho = p.persistence[trigger.group]
            stays = share * rho / (rho + (1 - rho) * p.topicShare[topic])
          }
          kept[trigger.group] += stays
          drawn[topic] += share - stays
        }
        probability += pairs.keys.sorted().map { pairs[$0] ?? 0 }
      }
    }
  }
}
