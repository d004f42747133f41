extension Study.Identity {
  /// The id as it is compared: normalised where it is what the rule speaks of, else as it is.
  ///
  /// - E-mail: without blanks around it, in lower case, `mailto:` and, where declared, plus tags
  ///   taken off. An id without one `@` between texts stays as it is.
  /// - Telephone: digits only, as an international number without `+`. `00` is `+`; a leading 0, or
  ///   at most ten digits without one, is a national number where a country code is declared; longer
  ///   numbers without any of these are taken to be international if they begin with that code. An
  ///   id with letters or fewer than six digits stays as it is.
  public func normalised(_ id: String) -> String {
    switch normalise {
    case .none: id
    case .email: email(id) ?? id
    case .phone: phone(id) ?? id
    }
  }

  private func email(_ id: String) -> String? {
    var text = Self.trimmed(id).lowercased()
    if text.hasPrefix("mailto:") { text.removeFirst("mailto:".count) }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
      !text.unicodeScalars.contains(where: \.properties.isWhitespace)
    else { return nil }
    guard dropsPlusTags, let plus = parts[0].firstIndex(of: "+"), plus > parts[0].startIndex else {
      return text
    }
    return "\(parts[0][..<plus])@\(parts[1])"
  }

  private func phone(_ id: String) -> String? {
    var text = Self.trimmed(id).lowercased()
    if text.hasPrefix("tel:") { text.removeFirst("tel:".count) }
    var isInternational = text.hasPrefix("+")
    // The trunk prefix that is dropped from abroad: +49 (0)30 …, 0049 (0)30 …
    if isInternational || text.hasPrefix("00"), let open = text.range(of: "(0)") {
      text.removeSubrange(open)
    }
    guard text.unicodeScalars.allSatisfy({ "+-/.() \u{A0}0123456789".unicodeScalars.contains($0) })
    else { return nil }
    var digits = text.filter { $0.isASCII && $0.isNumber }
    guard digits.utf8.count >= 6 else { return nil }
    if !isInternational && digits.hasPrefix("00") {
      isInternational = true
      digits.removeFirst(2)
    }
    guard !isInternational, let countryCode else { return digits }
    if digits.hasPrefix("0") { return countryCode + digits.dropFirst() }
    if digits.utf8.count > 10 && digits.hasPrefix(countryCode) { return digits }
    return countryCode + digits
  }

  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return text }
    return String(scalars[first...last])
  }
}

extension InteractionTable {
  /// The table with each id as it is compared.
  package func normalised(by identity: Study.Identity) -> InteractionTable {
    guard identity.normalise != .none else { return self }
    return renamed { identity.normalised(customer.values[$0]) }.table
  }
}

extension String {
  /// The first place where `text` stands.
  fileprivate func range(of text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
