/// "31.4%", without locale.
package func percent(_ share: Double) -> String {
  guard share.isFinite, share.magnitude < 1e12 else { return "\(share)" }
  let tenths = (share * 1000).rounded()
  let whole = Int(tenths / 10)
  let rest = Int(abs(tenths)) % 10
  let sign = tenths < 0 ? "\u{2212}" : ""
  return "\(sign)\(grouped(abs(whole))).\(rest)%"
}

/// "24,918", without locale.
package func grouped(_ count: Int) -> String {
  var rest = String(count.magnitude)[...]
  var groups: [Substring] = []
  while rest.count > 3 {
    groups.insert(rest.suffix(3), at: 0)
    rest = rest.dropLast(3)
  }
  groups.insert(rest, at: 0)
  return (count < 0 ? "\u{2212}" : "") + groups.joined(separator: ",")
}

/// A count that was estimated, rounded to a whole number.
package func grouped(_ estimate: Double) -> String {
  guard let whole = Int(exactly: estimate.rounded()) else { return "\(estimate)" }
  return grouped(whole)
}

/// A small number to two significant digits: "0.0019".
package func twoDigits(_ value: Double) -> String {
  guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
  var scale = 1.0
  while value.magnitude * scale < 10, scale < 1e12 { scale *= 10 }
  return "\((value * scale).rounded() / scale)"
}
