extension Intervention {
  /// How changes are written, for messages.
  package static let notation =
    "MODE[@COMPONENT]*FACTOR (integration_timeout@payments*0.5), latency@INTEGRATION<=MS, "
    + "confusion@ACTUAL>PREDICTED (the first intent no longer taken for the second), or "
    + "staff_errors@TOPIC=median"

  /// Reads a change as ``notation`` says; spaces around its signs do not count.
  ///
  /// - Throws: `InterventionError.unreadable`.
  package init(parsing text: String) throws(InterventionError) {
    if let (head, value) = text.halves(at: "<="), let place = head.place(of: "latency"),
      let milliseconds = Double(value)
    {
      self = .latencyCap(integration: place, milliseconds: milliseconds)
    } else if let (head, value) = text.halves(at: "="), value == "median",
      let topic = head.place(of: "staff_errors")
    {
      self = .staffErrors(topic: topic)
    } else if let (head, predicted) = text.halves(at: ">"),
      let actual = head.place(of: "confusion"), !predicted.isEmpty
    {
      self = .intentPair(predicted: predicted, actual: actual)
    } else if let (head, factor) = text.halves(at: "*"), let times = Double(factor), !head.isEmpty {
      if let (mode, component) = head.halves(at: "@") {
        self = .failureRate(mode: mode, component: component, times: times)
      } else {
        self = .failureRate(mode: head, component: nil, times: times)
      }
    } else {
      throw .unreadable(text: text)
    }
  }
}

extension String {
  /// What stands before and behind the first such sign; nil where there is none.
  fileprivate func halves(at sign: String) -> (String, String)? {
    guard let range = firstRange(of: sign) else { return nil }
    return (self[..<range.lowerBound].withoutSpaces, self[range.upperBound...].withoutSpaces)
  }

  /// `payments` of `latency@payments`, if the word is the one asked for.
  fileprivate func place(of word: String) -> String? {
    guard let (head, place) = halves(at: "@"), head == word, !place.isEmpty else { return nil }
    return place
  }
}

extension Substring {
  fileprivate var withoutSpaces: String {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
