import Report

extension FigureAnswer {
  /// The answer for a person to read, at most 80 columns; each interaction with its likeliest pairs.
  public var text: String {
    var lines = LedgerWords.lines("\(figure): \(NumberWords.precise(value))")
    lines += LedgerWords.lines(meaning, indent: 2)
    lines.append("")
    lines += LedgerWords.lines(agreement)
    if !filter.isEmpty { lines += LedgerWords.lines(selection) }
    if let yes = countFor, let no = countAgainst {
      lines += LedgerWords.lines(
        "\(NumberWords.fixed(Double(yes), decimals: 0)) count for it, "
          + "\(NumberWords.fixed(Double(no), decimals: 0)) against it.")
    }
    if pairs > 0 { lines += LedgerWords.lines(pairWords) }
    if listed.isEmpty { return lines.joined(separator: "\n") }
    lines.append("")
    lines += LedgerWords.lines(heading)
    for item in listed { lines += self.lines(item) }
    return lines.joined(separator: "\n")
  }

  private var pairWords: String {
    let sum = "with probabilities that add up to \(NumberWords.precise(pairProbability))."
    return switch pairsAre {
    case "later": "\(whole(pairs)) pairs lead from them to later contacts, \(sum)"
    case "earlier": "\(whole(pairs)) pairs lead to them from earlier contacts, \(sum)"
    default: "\(whole(pairs)) pairs lead from them to the contact that the rule counts, \(sum)"
    }
  }

  private var heading: String {
    let some =
      listed.count == interactions
      ? "All \(listed.count)" : "The first \(listed.count) of \(whole(interactions))"
    let with = showsValues ? "with the value of each" : "with what each adds"
    return switch listedAre {
    case .upwards: "Interactions at it and above, \(with)"
    case .lowest: "\(some), the lowest first, \(with)"
    case .largest: "\(some), those that weigh most first, \(with)"
    }
  }

  /// Of a mean each interaction's own value says more than the part of it that it adds.
  private var showsValues: Bool { kind != .sum && kind != .count }

  private func whole(_ count: Int) -> String { NumberWords.fixed(Double(count), decimals: 0) }

  private var agreement: String {
    let sum = NumberWords.precise(sum)
    let off = difference == 0 ? "exactly" : "to \(LedgerWords.magnitude(difference))"
    return switch kind {
    case .quantile: "Among the run's interactions it is \(sum), \(off) the report's."
    case .mean, .ratio:
      "Over the run's interactions it is \(sum), \(off) the report's figure."
    case .sum, .count: "The run's interactions add up to \(sum), \(off) the report's figure."
    }
  }

  private var selection: String {
    let chosen = [
      ("topic", filter.topic), ("week", filter.week), ("mode", filter.mode),
      ("component", filter.component), ("handler", filter.handler), ("channel", filter.channel),
      ("team", filter.team), ("staff", filter.staff),
    ].compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    guard let selected else { return "With \(chosen): no interaction tells it." }
    var text =
      "With \(chosen): \(NumberWords.precise(selected)), from \(whole(interactions)) interactions"
    if let published { text += ", as \(published.figure) in the report" }
    return text + "."
  }

  private func lines(_ item: Item) -> [String] {
    var lines = LedgerWords.lines(
      ([item.interaction, item.startedAt]
        + LedgerWords.known(
          item.topic, item.channel, item.handledBy, item.team, item.staff))
        .joined(separator: ", "),
      first: LedgerWords.column(
        NumberWords.precise((showsValues ? nil : item.contribution) ?? item.value)) + "  ",
      indent: 12)
    let failed = item.failures.filter(\.known).map(\.words)
    if !failed.isEmpty { lines += LedgerWords.lines(failed.joined(separator: ", "), indent: 12) }
    for pair in LedgerWords.likeliest(item.pairs, 3) {
      lines += LedgerWords.lines(
        LedgerWords.pair(pair, pairsAre == "earlier" ? "before" : "later"), indent: 14)
    }
    return lines
  }
}

/// Pieces of text that figures and histories share.
enum LedgerWords {
  static func lines(_ text: String, first: String? = nil, indent: Int = 0) -> [String] {
    let rest = String(repeating: " ", count: indent)
    return TerminalSummary.wrapped(text, first: first ?? rest, rest: rest)
  }

  /// Right-aligned to ten columns.
  static func column(_ text: String) -> String {
    String(repeating: " ", count: max(0, 10 - text.count)) + text
  }

  static func known(_ texts: String?...) -> [String] { texts.compactMap { $0 } }

  /// The order of a small number: `4e-13`.
  static func magnitude(_ value: Double) -> String {
    var exponent = 0
    var rest = value.magnitude
    guard rest > 0 else { return "0" }
    while rest < 1 {
      rest *= 10
      exponent -= 1
    }
    while rest >= 10 {
      rest /= 10
      exponent += 1
    }
    let digit = Int(rest.rounded(.up))
    return digit < 10 ? "\(digit)e\(exponent)" : "1e\(exponent + 1)"
  }

  static func percent(_ share: Double) -> String {
    NumberWords.fixed(share * 100, decimals: 1) + " %"
  }

  /// The likeliest pairs, those below half a per cent left out.
  static func likeliest(_ pairs: [FigureAnswer.Pair], _ count: Int) -> [FigureAnswer.Pair] {
    Array(
      pairs.filter { $0.probability >= 0.005 }
        .sorted {
          $0.probability == $1.probability
            ? $0.interaction < $1.interaction : $0.probability > $1.probability
        }
        .prefix(count))
  }

  static func pair(_ pair: FigureAnswer.Pair, _ direction: String) -> String {
    var text =
      "\(percent(pair.probability)) \(pair.interaction), \(NumberWords.delay(hours: pair.hours)) "
      + direction
    if let same = pair.sameTopic { text += same ? ", same topic" : ", another topic" }
    return text
  }
}
