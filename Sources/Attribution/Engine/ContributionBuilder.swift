import FailureModes
import InteractionLog
import RepeatContacts

/// What each failure mode brought at each interaction: the rows behind `modes[]`.
struct ContributionBuilder {
  private let fitted: FittedAttribution
  private let effects: [[Double]]
  private let width: Int
  private let groups: Int

  /// - Parameter cellEffects: effects of every observed cell per unit of exposure, group by group.
  init(_ fitted: FittedAttribution, cellEffects: [[Double]]) {
    self.fitted = fitted
    effects = cellEffects
    width = fitted.effects.layout.count
    groups = fitted.fit.parameters.delay.count
  }

  /// Entries for every mode that holds or, where the customer is known, may hold. Those of
  /// interactions without a customer carry zeros: they bring nothing that could be seen.
  func contributions() -> ModeContributions {
    let modes = fitted.input.modes
    let data = fitted.data
    var result = ModeContributions()
    let places = placesOfModes(&result)
    let contactOfRow = data.contactOfRow(rowCount: fitted.input.table.count)
    for row in 0..<fitted.input.table.count {
      let contact = Int(contactOfRow[row])
      var exposure: [Double]?
      for m in modes.modes.indices {
        let state = modes.state[m].storage[row]
        guard state != 0 else { continue }
        let place = places[m].of[modes.component[m].codes[row]] ?? -1
        guard place >= 0 else { continue }
        guard fitted.rates.leftOut[m] == nil else {
          if state == 1 {
            result.append(
              row: row, place: place, known: true, probability: .nan, caused: .nan,
              switchedOff: .nan, removedShare: .nan)
          }
          continue
        }
        guard contact >= 0 else {
          if state == 1 {
            result.append(
              row: row, place: place, known: true, probability: 1, caused: 0, switchedOff: 0,
              removedShare: 0)
          }
          continue
        }
        guard let part = places[m].part[modes.component[m].codes[row]] else { continue }
        let covered =
          exposure
          ?? fitted.functionals.exposure(
            delay: fitted.fit.parameters.delay, left: data.end - data.time[contact]
          ).map { (fitted.correction?.weights[contact] ?? 1) * $0 }
        exposure = covered
        append(
          &result, row: row, cell: Int(data.cell[contact]), part: part, place: place,
          known: state == 1, exposure: covered)
      }
    }
    return result
  }

  private func append(
    _ result: inout ModeContributions, row: Int, cell: Int, part: Int, place: Int32, known: Bool,
    exposure: [Double]
  ) {
    let layout = fitted.effects.layout
    let values = effects[cell]
    var (caused, off, all, gone) = (0.0, 0.0, 0.0, 0.0)
    for g in 0..<groups {
      caused += exposure[g] * values[g * width + layout.caused(part)]
      off += exposure[g] * values[g * width + layout.switchedOff(part)]
      for k in 0..<4 { all += values[g * width + k] }
      gone += values[g * width + layout.removed(part)]
    }
    let probability = known ? 1 : self.probability(part, cell: cell)
    let removed = all > 0 ? gone / all : 0
    guard known || probability > 0 || caused != 0 || off != 0 || removed != 0 else { return }
    result.append(
      row: row, place: place, known: known, probability: probability, caused: caused,
      switchedOff: off, removedShare: removed)
  }

  /// The probability that a part that nobody looked at holds on the interactions of a cell.
  private func probability(_ part: Int, cell: Int) -> Double {
    let cells = fitted.cells
    var sum = 0.0
    for e in Int(cells.mixtureStart[cell])..<Int(cells.mixtureStart[cell + 1])
    where cells.cellParts[Int(cells.mixtureCell[e])].contains(Int32(part)) {
      sum += cells.mixtureWeight[e]
    }
    return sum
  }

  private struct Components {
    /// Place and part of each component's code (−1: none).
    var of: [Int32: Int32] = [:]
    var part: [Int32: Int] = [:]
  }

  private func placesOfModes(_ result: inout ModeContributions) -> [Components] {
    let modes = fitted.input.modes
    let cells = fitted.cells
    return modes.modes.indices.map { m in
      let column = modes.component[m]
      var found = Components()
      for code in Set(
        column.codes.indices.filter { modes.state[m].storage[$0] != 0 }.map { column.codes[$0] }
      )
      .sorted() {
        let component = code < 0 ? nil : column.values[Int(code)]
        found.of[code] = Int32(result.places.count)
        result.places.append(.init(mode: modes.modes[m].name, component: component))
        found.part[code] = cells.parts.firstIndex { $0.mode == m && $0.component == component }
      }
      return found
    }
  }
}
