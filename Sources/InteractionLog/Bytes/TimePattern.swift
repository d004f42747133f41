/// A time format of a study (`d/M/yyyy HH:mm`), compiled once.
///
/// Letters as in Unicode's date field symbols: `yyyy` `yy` `M` `MM` `MMM` (English) `d` `dd` `H`
/// `HH` `h` `hh` `a` `m` `mm` `s` `ss` `SSS`, a zone as `X` (`Z`, `+02:00`, `+0200`, `+02`); quoted
/// text and everything that is no letter stands for itself. `epoch` and `epoch_ms` are seconds and
/// milliseconds since 1970.
struct TimePattern: Sendable, Equatable {
  private enum Field: Sendable, Equatable {
    /// Digits: how many at least and at most.
    case year, shortYear
    case month(Int)
    case day(Int)
    case hour(Int)
    case hourOfHalf(Int)
    case minute(Int)
    case second(Int)
    case monthName, halfOfDay, fraction, zone
    case literal(UInt8)
  }

  private enum Shape: Sendable, Equatable {
    case fields([Field])
    case epoch(millisecondsPerUnit: Double)
  }

  private let shape: Shape
  /// Whether the written times say their zone themselves.
  let namesZone: Bool

  /// nil where the format has a letter that means nothing here, or lacks year, month or day.
  init?(_ format: String) {
    if format == "epoch" || format == "epoch_ms" {
      shape = .epoch(millisecondsPerUnit: format == "epoch" ? 1000 : 1)
      namesZone = true
      return
    }
    var fields: [Field] = []
    let bytes = Array(format.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      var end = index + 1
      if byte == UInt8(ascii: "'") {
        while end < bytes.count, bytes[end] != byte {
          fields.append(.literal(bytes[end]))
          end += 1
        }
        guard end < bytes.count else { return nil }
        index = end + 1
        continue
      }
      while end < bytes.count, bytes[end] == byte { end += 1 }
      guard let parsed = Self.fields(byte, count: end - index) else { return nil }
      fields += parsed
      index = end
    }
    let year = fields.contains(.year) || fields.contains(.shortYear)
    let month = fields.contains { if case .month = $0 { true } else { $0 == .monthName } }
    let day = fields.contains { if case .day = $0 { true } else { false } }
    guard year, month, day else { return nil }
    shape = .fields(fields)
    namesZone = fields.contains(.zone)
  }

  private static func fields(_ letter: UInt8, count: Int) -> [Field]? {
    switch (letter, count) {
    case (UInt8(ascii: "y"), 4), (UInt8(ascii: "u"), 4): [.year]
    case (UInt8(ascii: "y"), 2): [.shortYear]
    case (UInt8(ascii: "M"), 1...2): [.month(count)]
    case (UInt8(ascii: "M"), 3): [.monthName]
    case (UInt8(ascii: "d"), 1...2): [.day(count)]
    case (UInt8(ascii: "H"), 1...2): [.hour(count)]
    case (UInt8(ascii: "h"), 1...2): [.hourOfHalf(count)]
    case (UInt8(ascii: "m"), 1...2): [.minute(count)]
    case (UInt8(ascii: "s"), 1...2): [.second(count)]
    case (UInt8(ascii: "S"), 1...9): [.fraction]
    case (UInt8(ascii: "a"), 1): [.halfOfDay]
    case (UInt8(ascii: "X"), 1...3), (UInt8(ascii: "x"), 1...3), (UInt8(ascii: "Z"), 1...5): [.zone]
    case (UInt8(ascii: "a")...UInt8(ascii: "z"), _), (UInt8(ascii: "A")...UInt8(ascii: "Z"), _):
      nil
    default: Array(repeating: .literal(letter), count: count)
    }
  }

  /// What the bytes say; nil where they do not follow the format.
  func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> ISOTime.Parts? {
    switch shape {
    case .epoch(let scale):
      guard let value = NumberText.parse(bytes), abs(value * scale) < 1e16 else { return nil }
      return ISOTime.Parts(localMilliseconds: Int64((value * scale).rounded()), offset: 0)
    case .fields(let fields):
      return Self.parse(bytes, fields)
    }
  }

  private static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, _ fields: [Field]
  ) -> ISOTime.Parts? {
    var (year, month, day, hour, minute, second) = (0, 0, 0, 0, 0, 0)
    var millisecond: Int64 = 0
    var afternoon: Bool?
    var offset: Int?
    var index = 0
    /// One or two digits, exactly two where the format doubles the letter.
    func digits(_ count: Int) -> Int? {
      let width =
        count == 1 && ISOTime.number(bytes, index, 2) == nil ? 1 : 2
      guard let value = ISOTime.number(bytes, index, width) else { return nil }
      index += width
      return value
    }
    for field in fields {
      switch field {
      case .literal(let byte):
        guard index < bytes.count, bytes[index] == byte else { return nil }
        index += 1
      case .year:
        guard let value = ISOTime.number(bytes, index, 4) else { return nil }
        year = value
        index += 4
      case .shortYear:
        guard let value = ISOTime.number(bytes, index, 2) else { return nil }
        year = value < 70 ? 2000 + value : 1900 + value
        index += 2
      case .month(let count):
        guard let value = digits(count) else { return nil }
        month = value
      case .monthName:
        guard let value = Self.month(bytes, at: index) else { return nil }
        month = value
        index += 3
      case .day(let count):
        guard let value = digits(count) else { return nil }
        day = value
      case .hour(let count):
        guard let value = digits(count) else { return nil }
        hour = value
      case .hourOfHalf(let count):
        guard let value = digits(count), (1...12).contains(value) else { return nil }
        hour = value % 12
      case .minute(let count):
        guard let value = digits(count) else { return nil }
        minute = value
      case .second(let count):
        guard let value = digits(count) else { return nil }
        second = value
      case .fraction:
        guard let value = ISOTime.fraction(bytes, from: index) else { return nil }
        millisecond = value.milliseconds
        index = value.end
      case .halfOfDay:
        guard index + 2 <= bytes.count, bytes[index + 1] | 0x20 == UInt8(ascii: "m") else {
          return nil
        }
        switch bytes[index] | 0x20 {
        case UInt8(ascii: "a"): afternoon = false
        case UInt8(ascii: "p"): afternoon = true
        default: return nil
        }
        index += 2
      case .zone:
        guard let zone = ISOTime.offset(bytes, from: index) else { return nil }
        offset = zone.offset
        index = zone.end
      }
    }
    if afternoon == true { hour += 12 }
    guard index == bytes.count,
      let midnight = ISOTime.midnight(year: year, month: month, day: day),
      let time = ISOTime.timeOfDay(hour: hour, minute: minute, second: second)
    else { return nil }
    return ISOTime.Parts(localMilliseconds: midnight + time + millisecond, offset: offset)
  }

  private static let monthNames = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ].map { Array($0.utf8) }

  private static func month(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
    guard index + 3 <= bytes.count else { return nil }
    let written = bytes[index..<(index + 3)].map { $0 | 0x20 }
    return monthNames.firstIndex(of: written).map { $0 + 1 }
  }
}
