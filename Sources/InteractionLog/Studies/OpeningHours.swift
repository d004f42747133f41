/// Reads `Mon-Fri 07:00-19:00, Sat 09:00-13:00` into the 168 hours of a week.
enum OpeningHours {
  static let expectation =
    "days and whole hours like \"Mon-Fri 07:00-19:00, Sat 09:00-13:00\" (closing at 24:00 at the "
    + "latest, or after midnight as in \"Fri 22:00-02:00\")"

  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// Open or closed, Monday 00 first; nil where the text is not understood.
  static func parse(_ text: String) -> [Bool]? {
    var open = [Bool](repeating: false, count: 168)
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = item.split(separator: " ")
      guard words.count >= 2, let days = parseDays(words[0]) else { return nil }
      for word in words.dropFirst() {
        guard let (from, to) = parseHours(word) else { return nil }
        let length = to > from ? to - from : to + 24 - from
        for day in days {
          for hour in 0..<length { open[(day * 24 + from + hour) % 168] = true }
        }
      }
    }
    return open
  }

  private static func parseDays(_ text: Substring) -> [Int]? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    var indices: [Int] = []
    for part in parts {
      let name = part.lowercased()
      guard name.utf8.count >= 2,
        let index = days.firstIndex(where: {
          $0.hasPrefix(name) || (name.hasPrefix($0) && fullNames.contains(name))
        })
      else { return nil }
      indices.append(index)
    }
    let first = indices[0]
    let last = indices[indices.count - 1]
    return last >= first ? Array(first...last) : Array(first...6) + Array(0...last)
  }

  private static let fullNames: Set<String> = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  private static func parseHours(_ text: Substring) -> (from: Int, to: Int)? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let from = parseHour(parts[0]), let to = parseHour(parts[1]),
      from < 24, from != to
    else { return nil }
    return (from, to)
  }

  private static func parseHour(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (1...2).contains(parts[0].utf8.count),
      parts[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let hour = Int(parts[0]), hour <= 24, parts.count == 1 || parts[1] == "00"
    else { return nil }
    return hour
  }
}
