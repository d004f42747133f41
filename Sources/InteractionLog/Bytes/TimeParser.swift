/// Reads times as a study says: in its format or as ISO 8601, in its zone where they name none.
package struct TimeParser: Sendable {
  package enum Fault: Error, Sendable {
    case malformed
    /// A time without zone, and the study names none.
    case withoutZone
  }

  let pattern: TimePattern?
  let format: String?
  let zone: ZoneOffsets?

  /// A study whose format or zone is not understood does not load, so neither is nil by mistake.
  package init(source: Study.Source) {
    format = source.timeFormat
    pattern = source.timeFormat.flatMap { TimePattern($0) }
    zone = source.timeZone.flatMap { ZoneOffsets(name: $0) }
  }

  /// Milliseconds since 1970 (UTC).
  package func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Int64, Fault> {
    let parts: ISOTime.Parts?
    if let pattern { parts = pattern.parse(bytes) } else { parts = ISOTime.parse(bytes) }
    guard let parts else { return .failure(.malformed) }
    if let offset = parts.offset {
      return .success(parts.localMilliseconds - Int64(offset) * 1000)
    }
    guard let zone else { return .failure(.withoutZone) }
    return .success(zone.utc(fromLocal: parts.localMilliseconds))
  }

  /// What a time should look like, for messages.
  package var expectation: String {
    if let format { return "a time written as \(format)" }
    return zone == nil
      ? "an ISO 8601 time with its zone, like 2026-01-05T09:30:00Z"
      : "an ISO 8601 time, like 2026-01-05T09:30:00"
  }
}
