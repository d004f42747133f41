import Attribution
import InteractionLog
import Report

/// A finished run in memory, whose figures and customers can be looked into without the log.
public struct LoadedRun: Sendable {
  /// A figure that opens, for lists.
  public struct Entry: Codable, Sendable, Equatable {
    public var figure: String
    public var value: Double?
    public var meaning: String
    public var note: String?

    init(_ figure: Figure) {
      self.figure = figure.path
      value = figure.value
      meaning = figure.meaning
      note = figure.value == nil ? figure.note : nil
    }
  }

  let ledger: RunLedger
  let catalogue: FigureCatalogue
  /// Seconds that reading took.
  public let loadSeconds: Double

  /// Loads a run from its folder.
  ///
  /// - Throws: `ReportError` where the folder is no run or a file of it is missing or damaged.
  public init(directory: String) throws {
    let clock = StageClock()
    ledger = try RunLedger(directory: directory)
    catalogue = FigureCatalogue(ledger.report)
    loadSeconds = clock.total
  }

  /// Every figure that opens, in the order of the report; those of members of staff by name are left
  /// out.
  public var figures: [Entry] { catalogue.figures.filter { !$0.namesStaff }.map(Entry.init) }

  /// Those whose paths match a pattern, in which `*` stands for anything.
  ///
  /// - Parameter showStaff: whether figures of members of staff by name are among them.
  /// - Throws: `LedgerError.unknownFigure` where none does.
  public func figures(
    matching pattern: String, showStaff: Bool = false
  ) throws(LedgerError) -> [Entry] {
    let found = catalogue.matching(pattern).filter { showStaff || !$0.namesStaff }
    guard !found.isEmpty else {
      throw .unknownFigure(
        path: pattern,
        nearest: catalogue.nearest(pattern.filter { $0 != "*" }, limit: 4))
    }
    return found.map(Entry.init)
  }

  /// Opens a figure.
  ///
  /// - Parameters:
  ///   - path: its place in attribution.json, entries of lists by name: `split.system_direct`,
  ///     `modes.integration_timeout@payments.caused`, `topics.refund.system_direct`.
  ///   - filter: which interactions to look at.
  ///   - limit: how many interactions to list.
  ///   - showStaff: whether members of staff are named.
  /// - Throws: `LedgerError`; among others where the interactions do not add up to the figure.
  /// - Complexity: linear in interactions and pairs.
  public func explain(
    figure path: String, filter: InteractionFilter = InteractionFilter(), limit: Int = 10,
    showStaff: Bool = false
  ) throws -> FigureAnswer {
    let figure = try self.figure(path)
    let reading = StageClock()
    try FigureValues(ledger: ledger).prepare(figure.quantity)
    let readSeconds = reading.total
    let clock = StageClock()
    let processor = ProcessorClock()
    var evaluation = try FigureEvaluation(figure, filter: filter, ledger)
    let value = try checked(figure, evaluation.whole)
    let published = try published(figure, filter, evaluation.selected)
    try evaluation.countPairs(figure, ledger)
    let rows = evaluation.leading(figure, limit: limit, ledger)
    let detail = ContactDetail(ledger: ledger, showStaff: showStaff)
    let walk = avoiding(figure)
    let scale = figure.terms.first?.scale ?? 1
    let listed = try rows.map {
      try detail.item(
        $0, figure, evaluation, pairContributions: walk?.avoidedByPair($0, scale: scale))
    }
    var (yes, no): (Int?, Int?) = (nil, nil)
    if figure.isRate {
      let (contributions, values) = (evaluation.contributions, evaluation.values)
      var (known, holds) = (0, 0)
      for row in contributions.indices {
        known += contributions[row].isNaN ? 0 : 1
        holds += !contributions[row].isNaN && values[row] == 1 ? 1 : 0
      }
      (yes, no) = (holds, known - holds)
    }
    return FigureAnswer(
      figure: figure.path, meaning: figure.meaning, kind: figure.form.kind, value: value,
      sum: evaluation.whole,
      difference: evaluation.whole - value, filter: filter, selected: evaluation.selected,
      published: published, interactions: evaluation.interactions, countFor: yes,
      countAgainst: no, pairs: evaluation.pairs, pairsAre: figure.pairs.rawValue,
      pairProbability: evaluation.probability, listedAre: figure.order, listed: listed,
      seconds: .init(
        load: loadSeconds + readSeconds, query: clock.total, queryProcessor: processor.total))
  }

  /// What says of each pair what it adds to the avoided contacts; nil for other figures.
  private func avoiding(_ figure: Figure) -> RemovalWalk? {
    guard case .avoided(let removals) = figure.quantity else { return nil }
    return RemovalWalk(removals, ledger)
  }

  /// Writes every interaction that adds to a figure as CSV: ids, what is known of them, what they add.
  ///
  /// - Throws: `LedgerError`, `ReportError.cannotWrite`.
  public func writeInteractions(
    figure path: String, filter: InteractionFilter, showStaff: Bool, to file: String
  ) throws {
    let figure = try self.figure(path)
    let evaluation = try FigureEvaluation(figure, filter: filter, ledger)
    _ = try checked(figure, evaluation.whole)
    try PartialOutput.replace(file) { partial in
      try ContactDetail(ledger: ledger, showStaff: showStaff)
        .write(figure, evaluation, to: partial)
    }
  }

  private func figure(_ path: String) throws(LedgerError) -> Figure {
    if let figure = catalogue.figure(path) { return figure }
    // A section that holds figures is a slip, whatever else in it does not open.
    if !catalogue.isSection(path), let reason = Figure.reasonNotOpened(path) {
      throw .notASum(path: path, reason: reason)
    }
    let shown = catalogue.shown(as: path)
    guard shown.isEmpty else {
      throw .figureByValue(value: path, figures: Array(shown.prefix(6)), count: shown.count)
    }
    let nearest = catalogue.nearest(path, limit: 4)
    throw .unknownFigure(
      path: path,
      nearest: nearest.isEmpty ? catalogue.figures.prefix(3).map(\.path) : nearest)
  }

  /// The report's value, which the interactions must add up to.
  private func checked(_ figure: Figure, _ sum: Double) throws(LedgerError) -> Double {
    guard let value = figure.value else {
      throw .notTold(path: figure.path, reason: figure.note ?? "it could not be computed")
    }
    guard LoadedRun.agree(value, sum) else {
      throw .doesNotAddUp(
        path: figure.path, figure: value, sum: sum, directory: ledger.directory)
    }
    return value
  }

  /// Within 1e-9, relative to figures above 1: the rounding of a million additions of 1e5 alone is
  /// of the order of 1e-8.
  static func agree(_ value: Double, _ sum: Double) -> Bool {
    (value - sum).magnitude <= 1e-9 * max(1, value.magnitude)
  }

  /// The report's own figure for what was selected, checked where there is one.
  private func published(
    _ figure: Figure, _ filter: InteractionFilter, _ selected: Double?
  ) throws(LedgerError) -> FigureAnswer.Published? {
    guard let path = filter.published(figure.path), let other = catalogue.figure(path),
      let value = other.value, let selected
    else { return nil }
    guard LoadedRun.agree(value, selected) else {
      throw .doesNotAddUp(
        path: path, figure: value, sum: selected, directory: ledger.directory)
    }
    return .init(figure: path, value: value)
  }
}
