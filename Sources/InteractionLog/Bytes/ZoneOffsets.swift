import Foundation

/// What a time zone adds to UTC, as a table of its changes: no calendar is asked per row.
public struct ZoneOffsets: Sendable, Equatable {
  /// The name that it was made from.
  public let name: String
  /// Milliseconds UTC from which `offsets` of the same index hold; the first is the distant past.
  private let changes: [Int64]
  /// Milliseconds to add to UTC.
  private let offsets: [Int64]

  public static let utc = ZoneOffsets(name: "UTC", fixed: 0)

  private init(name: String, changes: [Int64], offsets: [Int64]) {
    self.name = name
    self.changes = changes
    self.offsets = offsets
  }

  private init(name: String, fixed: Int64) {
    self.init(name: name, changes: [Int64.min], offsets: [fixed])
  }

  /// A zone by name: `UTC`, `Z`, an offset (`+02:00`) or an IANA name (`Europe/Berlin`); nil where
  /// there is none of that name.
  ///
  /// Daylight saving is tabled from 1970 to 2100; before and after, the nearest offset holds.
  public init?(name: String) {
    if ["UTC", "GMT", "Z", "Etc/UTC"].contains(name) {
      self.init(name: name, fixed: 0)
      return
    }
    var text = name
    if let seconds = text.withUTF8({ ISOTime.offset($0, from: 0) }), seconds.end == name.utf8.count
    {
      self.init(name: name, fixed: Int64(seconds.offset) * 1000)
      return
    }
    // Abbreviations (CET, EST) mean different things to different people: only IANA names.
    guard name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
    var changes = [Int64.min]
    var moment = Date(timeIntervalSince1970: 0)
    var offsets = [Int64(zone.secondsFromGMT(for: moment)) * 1000]
    let end = Date(timeIntervalSince1970: 4_102_444_800)
    while let next = zone.nextDaylightSavingTimeTransition(after: moment), next < end,
      next > moment
    {
      let offset = Int64(zone.secondsFromGMT(for: next)) * 1000
      if offset != offsets.last {
        changes.append(Int64((next.timeIntervalSince1970 * 1000).rounded()))
        offsets.append(offset)
      }
      moment = next
    }
    self.init(name: name, changes: changes, offsets: offsets)
  }

  /// Milliseconds to add to this time (milliseconds UTC) for the zone's wall clock. O(log changes).
  public func offset(at utc: Int64) -> Int64 {
    if offsets.count == 1 { return offsets[0] }
    var (low, high) = (0, changes.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if changes[middle] <= utc { low = middle } else { high = middle }
    }
    return offsets[low]
  }

  /// The wall clock at this time, as milliseconds since 1970-01-01T00:00 of that clock.
  public func local(fromUTC utc: Int64) -> Int64 { utc + offset(at: utc) }

  /// The time at which the wall clock shows `local`.
  ///
  /// An hour that the clock shows twice is taken as the first; one that it skips is read on the
  /// clock before the change.
  public func utc(fromLocal local: Int64) -> Int64 {
    if offsets.count == 1 { return local - offsets[0] }
    // The two candidates are the offsets around the change nearest to this moment.
    let day: Int64 = 86_400_000
    let before = offset(at: local - day)
    let after = offset(at: local + day)
    let early = local - before
    if before == after || offset(at: early) == before { return early }
    let late = local - after
    return offset(at: late) == after ? late : early
  }
}

extension Study.Source {
  /// The zone that the study names, UTC where it names none.
  public var zone: ZoneOffsets { timeZone.flatMap { ZoneOffsets(name: $0) } ?? .utc }
}
