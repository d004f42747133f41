import FailureModes
import InteractionLog
import RepeatContacts
import Statistics

/// A second opinion without the link model: later contacts of the same customer within the window,
/// counted raw, compared between interactions with and without the mode (AIPW, effect on the
/// treated), adjusted for context, the modes that come before it, and how often the customer had been
/// in touch in the window before: frequent customers come back more whatever happens.
///
/// Ids that are hardly one person are left out: their contacts follow each other whatever happens. Raw
/// counts hold repeats of repeats, so the figure compares with `if_removed`, not with `caused`.
struct DoublyRobust {
  let fitted: FittedAttribution

  init(_ fitted: FittedAttribution) { self.fitted = fitted }

  func effect(mode: Int) throws -> AttributionReport.Estimate {
    let data = fitted.data
    let modes = fitted.input.modes
    let state = modes.state[mode].storage
    let others = modes.modes.indices.filter {
      $0 != mode && fitted.rates.leftOut[$0] == nil && $0 < mode
        && !modes.modes[mode].causes.contains($0)
    }
    let contextColumns = fitted.context.columnNames.count
    var design = IndicatorDesign(
      columnCount: 1 + contextColumns + others.count + DoublyRobust.volumeBands)
    var index = CellIndex(width: 2 + others.count)
    var key = [Int32](repeating: 0, count: 2 + others.count)
    var treated = ArmMoments(cells: 0)
    var control = ArmMoments(cells: 0)
    var units: [Unit] = []
    var count = 0
    let limit = ContactChecks.sharedLimit(data)
    var customer = 0
    for i in 0..<data.count
    where data.end - data.time[i] >= data.bins.window && data.time[i] >= data.bins.window {
      let row = Int(data.row[i])
      while Int(data.customerStart[customer + 1]) <= i { customer += 1 }
      let contacts = data.customerStart[customer + 1] - data.customerStart[customer]
      guard Double(contacts) <= limit else { continue }
      guard state[row] >= 0, modes.applies[mode].storage[row] == 1 else { continue }
      key[0] = fitted.context.combination[row]
      for (k, other) in others.enumerated() {
        key[1 + k] = modes.state[other].storage[row] == 1 ? 1 : 0
      }
      key[1 + others.count] = Int32(DoublyRobust.volumeBand(i - Int(data.firstPrior[i])))
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
      let later = Double(laterContacts(i))
      units.append(Unit(contact: i, cell: cell, treated: state[row] == 1, outcome: later))
      if state[row] == 1 {
        treated.add(later, cell: cell)
        count += 1
      } else {
        control.add(later, cell: cell)
      }
    }
    guard count >= 30, control.counts.reduce(0, +) >= 30 else {
      return .init(
        estimate: nil, ci95: nil,
        note: "fewer than 30 interactions with or without the mode whose whole window is covered")
    }
    let estimator = AugmentedInverseProbability(
      design: design, outcomeModel: .linear, estimand: .att)
    let effect: TreatmentEffect
    do {
      effect = try estimator.estimate(treated: treated, control: control)
    } catch {
      return .init(estimate: nil, ci95: nil, note: "not estimable: \(error)")
    }
    guard effect.modelsConverged, effect.estimate.isFinite, effect.standardError.isFinite else {
      return .init(estimate: nil, ci95: nil, note: "the adjustment did not converge")
    }
    let cells = fitted.cells
    let all = cells.expectedContacts(data) { cells.cellMask[$0] & (1 << UInt64(mode)) != 0 }
    let ci = MeanInterval.normal95(
      effect.estimate, standardError: standardError(effect.influence, units))
    return .init(estimate: effect.estimate * all, ci95: [ci.lower * all, ci.upper * all])
  }

  /// One interaction of the comparison; `contact` is its place in the linked data.
  private struct Unit {
    let contact: Int
    let cell: Int
    let treated: Bool
    let outcome: Double
  }

  /// Clustered by customer, whose contacts share their later contacts: √Σ_c (Σ_{i∈c} φ_i)² / n with
  /// Liang & Zeger's (1986) sums of influences.
  private func standardError(_ influence: CellInfluence, _ units: [Unit]) -> Double {
    let starts = fitted.data.customerStart
    var customer = 0
    var (sum, squares) = (0.0, 0.0)
    for unit in units {
      if unit.contact >= Int(starts[customer + 1]) {
        squares += sum * sum
        sum = 0
        while unit.contact >= Int(starts[customer + 1]) { customer += 1 }
      }
      sum += influence.value(cell: unit.cell, treated: unit.treated, outcome: unit.outcome)
    }
    squares += sum * sum
    return squares.squareRoot() / Double(max(units.count, 1))
  }

  /// Bands of earlier contacts within the window: none, 1, 2, 3 - 5, 6 - 10, more.
  private static func volumeBand(_ n: Int) -> Int {
    n < 3 ? n : n < 6 ? 3 : n < 11 ? 4 : 5
  }

  private static let volumeBands = 5

  /// Later contacts of the same customer within the window after contact i.
  private func laterContacts(_ i: Int) -> Int {
    let data = fitted.data
    var n = 0
    var j = i + 1
    while j < data.count, data.firstPrior[j] <= Int32(i) {
      n += 1
      j += 1
    }
    return n
  }
}
