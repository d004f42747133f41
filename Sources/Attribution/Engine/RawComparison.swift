import FailureModes
import RepeatContacts
import Statistics

/// Interactions with and without something, by cells of what they are adjusted for, with an outcome
/// counted raw from the log: what comparisons without the link model are made of.
///
/// Only interactions whose whole window before and after the log covers take part; ids that are hardly
/// one person are left out, for their contacts follow each other whatever happens.
struct RawComparison {
  /// One interaction of the comparison; `contact` is its place in the linked data.
  struct Unit {
    let contact: Int
    let cell: Int
    let treated: Bool
    let outcome: Double
  }

  /// What is compared.
  struct Question {
    /// By row: 1 has it, 0 has it not, −1 unknown or impossible.
    var state: (_ row: Int) -> Int8
    /// Modes that are adjusted for.
    var adjusting: [Int]
    /// By contact.
    var outcome: (_ contact: Int) -> Double
  }

  let design: IndicatorDesign
  /// The design's columns of each context factor.
  let factors: [(name: String, columns: ClosedRange<Int32>)]
  let treated: ArmMoments
  let control: ArmMoments
  let units: [Unit]
  private let customerStart: [Int32]

  /// An effect on those that have it, per interaction.
  struct Effect {
    let estimate: Double
    /// Clustered by customer.
    let standardError: Double
    /// By customer; the standard error is the root of their sum of squares.
    let influence: [(customer: Int, value: Double)]
  }

  enum Failure: Error {
    case tooFew
    case notEstimable(String)
    case notConverged
  }

  init(_ fitted: FittedAttribution, _ question: Question) {
    let data = fitted.data
    let modes = fitted.input.modes
    let others = question.adjusting
    let contextColumns = fitted.context.columnNames.count
    var design = IndicatorDesign(
      columnCount: 1 + contextColumns + others.count + RawComparison.volumeBands)
    var index = CellIndex(width: 2 + others.count)
    var key = [Int32](repeating: 0, count: 2 + others.count)
    var treated = ArmMoments(cells: 0)
    var control = ArmMoments(cells: 0)
    var units: [Unit] = []
    let limit = ContactChecks.sharedLimit(data)
    var customer = 0
    for i in 0..<data.count
    where data.end - data.time[i] >= data.bins.window && data.time[i] >= data.bins.window {
      let row = Int(data.row[i])
      while Int(data.customerStart[customer + 1]) <= i { customer += 1 }
      let contacts = data.customerStart[customer + 1] - data.customerStart[customer]
      guard Double(contacts) <= limit else { continue }
      let state = question.state(row)
      guard state >= 0 else { continue }
      key[0] = fitted.context.combination[row]
      for (k, other) in others.enumerated() {
        key[1 + k] = modes.state[other].storage[row] == 1 ? 1 : 0
      }
      key[1 + others.count] = Int32(RawComparison.volumeBand(i - Int(data.firstPrior[i])))
      let cell = Int(index.number(of: key))
      if cell == design.rowCount {
        var columns: [Int32] = [0]
        columns += fitted.context.columns[Int(key[0])].map { $0 + 1 }
        for k in others.indices where key[1 + k] == 1 {
          columns.append(Int32(1 + contextColumns + k))
        }
        let band = key[1 + others.count]
        if band > 0 { columns.append(Int32(contextColumns + others.count) + band) }
        design.append(row: columns)
        for keyPath in [\ArmMoments.counts, \ArmMoments.sums, \ArmMoments.sumsOfSquares] {
          treated[keyPath: keyPath].append(0)
          control[keyPath: keyPath].append(0)
        }
      }
      let outcome = question.outcome(i)
      units.append(Unit(contact: i, cell: cell, treated: state == 1, outcome: outcome))
      if state == 1 {
        treated.add(outcome, cell: cell)
      } else {
        control.add(outcome, cell: cell)
      }
    }
    self.design = design
    self.treated = treated
    self.control = control
    self.units = units
    customerStart = data.customerStart
    var factors: [(name: String, columns: ClosedRange<Int32>)] = []
    for factor in fitted.context.factors {
      let columns = factor.column.filter { $0 >= 0 }
      guard let low = columns.min(), let high = columns.max() else { continue }
      factors.append((factor.name, (low + 1)...(high + 1)))
    }
    self.factors = factors
  }

  /// The doubly robust effect on those that have it.
  func effect() throws(Failure) -> Effect {
    guard treated.counts.reduce(0, +) >= 30, control.counts.reduce(0, +) >= 30 else {
      throw .tooFew
    }
    let estimator = AugmentedInverseProbability(
      design: design, outcomeModel: .linear, estimand: .att)
    let effect: TreatmentEffect
    do {
      effect = try estimator.estimate(treated: treated, control: control)
    } catch {
      throw .notEstimable("\(error)")
    }
    guard effect.modelsConverged, effect.estimate.isFinite, effect.standardError.isFinite else {
      throw .notConverged
    }
    let influence = byCustomer(effect.influence)
    let squares = influence.reduce(0) { $0 + $1.value * $1.value }
    return Effect(
      estimate: effect.estimate, standardError: squares.squareRoot(), influence: influence)
  }

  /// Clustered by customer, whose contacts share their later contacts: Σ_{i∈c} φ_i / n with Liang &
  /// Zeger's (1986) sums of influences.
  private func byCustomer(_ influence: CellInfluence) -> [(customer: Int, value: Double)] {
    var result: [(customer: Int, value: Double)] = []
    var customer = 0
    let n = Double(max(units.count, 1))
    for unit in units {
      while unit.contact >= Int(customerStart[customer + 1]) { customer += 1 }
      let value =
        influence.value(cell: unit.cell, treated: unit.treated, outcome: unit.outcome) / n
      if let last = result.last, last.customer == customer {
        result[result.count - 1].value += value
      } else {
        result.append((customer, value))
      }
    }
    return result
  }

  /// Bands of earlier contacts within the window: none, 1, 2, 3 - 5, 6 - 10, more.
  private static func volumeBand(_ n: Int) -> Int {
    n < 3 ? n : n < 6 ? 3 : n < 11 ? 4 : 5
  }

  private static let volumeBands = 5

  /// Contacts of the same customer within the window after contact i, those that `counts` names.
  static func laterContacts(
    _ data: LinkData, _ i: Int, where counts: (Int) -> Bool = { _ in true }
  ) -> Double {
    var n = 0.0
    var j = i + 1
    while j < data.count, data.firstPrior[j] <= Int32(i) {
      if counts(j) { n += 1 }
      j += 1
    }
    return n
  }
}
