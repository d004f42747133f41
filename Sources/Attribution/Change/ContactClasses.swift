import FailureModes
import InteractionLog
import RepeatContacts

/// The linked contacts by what the comparison of periods sees of them: observed cell, who handled
/// them, which modes are possible at all. Everything that follows runs over classes and counts.
struct ContactClasses: Sendable {
  struct Class: Sendable {
    /// Observed cell; combination of context; staff member and team (−1 none).
    var cell: Int
    var combination: Int
    var staff: Int
    var team: Int
    /// Modes that are possible on it.
    var applies: UInt64
    /// A contact of the class.
    var contact: Int
  }

  private(set) var classes: [Class] = []
  /// Class of each contact of the link data.
  private(set) var ofContact: [Int32] = []
  /// Period of each contact, −1 outside all of them.
  let periodOfContact: [Int32]
  /// By period: its classes, ascending, and how many of its contacts each has.
  private(set) var members: [[(id: Int, count: Double)]] = []
  let teams: [String]

  /// Linear in contacts.
  init(_ fitted: FittedAttribution, periods: [Range<Int>]) {
    let data = fitted.data
    let input = fitted.input
    periodOfContact = ContactClasses.assign(fitted, periods: periods)
    let staff = input.table.text("staff_id")
    let team = input.table.text("team")
    teams = team?.values ?? []
    let modes = input.modes.modes.indices.filter { fitted.rates.leftOut[$0] == nil }
    let applies = modes.map { input.modes.applies[$0].storage }
    var index = CellIndex(width: 5)
    var key = [Int32](repeating: 0, count: 5)
    ofContact.reserveCapacity(data.count)
    for i in 0..<data.count {
      let row = Int(data.row[i])
      var mask: UInt64 = 0
      for (k, m) in modes.enumerated() where applies[k][row] == 1 { mask |= 1 << UInt64(m) }
      key[0] = data.cell[i]
      key[1] = staff?.codes[row] ?? -1
      key[2] = team?.codes[row] ?? -1
      key[3] = Int32(truncatingIfNeeded: mask)
      key[4] = Int32(truncatingIfNeeded: mask >> 32)
      let number = index.number(of: key)
      if Int(number) == classes.count {
        classes.append(
          Class(
            cell: Int(key[0]), combination: Int(fitted.cells.observedCombination[Int(key[0])]),
            staff: Int(key[1]), team: Int(key[2]), applies: mask, contact: i))
      }
      ofContact.append(number)
    }
    var counts = [[Double]](
      repeating: [Double](repeating: 0, count: classes.count), count: periods.count)
    for i in 0..<data.count where periodOfContact[i] >= 0 {
      counts[Int(periodOfContact[i])][Int(ofContact[i])] += 1
    }
    members = counts.map { counts in
      counts.indices.compactMap { counts[$0] > 0 ? (id: $0, count: counts[$0]) : nil }
    }
  }

  /// Contacts of a period.
  func count(_ period: Int) -> Double { members[period].reduce(0) { $0 + $1.count } }

  /// The period of each contact by the day on which it started in the study's zone.
  private static func assign(_ fitted: FittedAttribution, periods: [Range<Int>]) -> [Int32] {
    let table = fitted.input.table
    let zone = fitted.input.study.source.zone
    let order = periods.indices.sorted { periods[$0].lowerBound < periods[$1].lowerBound }
    return (0..<fitted.data.count).map { i in
      let local = zone.local(fromUTC: table.startedAt[Int(fitted.data.row[i])])
      let day = CivilDate.floorDivide(Int(local), 86_400_000)
      var (low, high) = (0, order.count)
      while low < high {
        let middle = (low + high) / 2
        if periods[order[middle]].lowerBound <= day { low = middle + 1 } else { high = middle }
      }
      guard low > 0, periods[order[low - 1]].contains(day) else { return -1 }
      return Int32(order[low - 1])
    }
  }
}
