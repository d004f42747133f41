import InteractionLog

/// Finding figures by something else than their path: a pattern, a value as the report shows it, words.
extension FigureCatalogue {
  /// Figures whose paths match a pattern, in the order of the report; `*` stands for anything.
  func matching(_ pattern: String) -> [Figure] {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    return figures.filter { Self.matches($0.path, pieces) }
  }

  private static func matches(_ path: String, _ pieces: [String]) -> Bool {
    guard let first = pieces.first, let last = pieces.last, path.hasPrefix(first) else {
      return false
    }
    if pieces.count == 1 { return path == first }
    var rest = path.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(last)
  }

  /// Figures that the report shows as `text`: `1,416`, `34.6%`, `−0.55`; empty where it is no number.
  func shown(as text: String) -> [String] {
    let isShare = text.hasSuffix("%")
    let digits = String(
      text.filter { !", %".contains($0) }.map { $0 == "\u{2212}" ? "-" : $0 })
    guard let value = Double(digits), digits.contains(where: \.isNumber) else { return [] }
    let decimals = digits.firstIndex(of: ".").map {
      digits.distance(from: $0, to: digits.endIndex) - 1
    }
    var half = 0.5
    for _ in 0..<(decimals ?? 0) { half /= 10 }
    return figures.compactMap { figure in
      guard !figure.namesStaff, let own = figure.value else { return nil }
      return ((isShare ? 100 * own : own) - value).magnitude <= half * (1 + 1e-9)
        ? figure.path : nil
    }
  }

  /// Whether figures lie below a path.
  func isSection(_ path: String) -> Bool {
    figures.contains { $0.path.hasPrefix(path + ".") }
  }

  /// Paths that a reader may have meant, likeliest first: figures below it, those that hold all its
  /// words in path or meaning, those spelled nearly like it.
  func nearest(_ path: String, limit: Int) -> [String] {
    let figures = figures.filter { !$0.namesStaff }
    let below = figures.map(\.path).filter { $0.hasPrefix(path + ".") }
    if !below.isEmpty { return Array(below.prefix(limit)) }
    let spelled = NearestName.candidates(for: path, among: figures.map(\.path), limit: limit)
    let words = Self.words(path)
    let holding = figures.filter { figure in
      let own = Self.words(figure.path) + Self.words(figure.meaning)
      return words.allSatisfy { word in own.contains { $0.hasPrefix(word) } }
    }
    let worded = holding.map(\.path).sorted { (a: String, b: String) -> Bool in
      (a.utf8.count, a) < (b.utf8.count, b)
    }
    var result: [String] = []
    for candidate in worded + spelled where result.count < limit && !result.contains(candidate) {
      result.append(candidate)
    }
    return result
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }
}
