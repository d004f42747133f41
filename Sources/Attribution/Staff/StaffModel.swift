import Execution
import FailureModes
import LinearAlgebra
import RepeatContacts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// κ with an effect of every member of staff: the link model fitted once more, with who handled a
/// contact, shift and kind of day among its context and all else estimated anew beside them.
///
/// The system's failures are in κ and staff errors are not: an error that a member makes is part of
/// what the member does. Responsibilities are those under the members' effects (EM to convergence;
/// one step from a model without them would shrink the effects to it). Effects are nearly free here
/// and are shrunk afterwards; errors are the sandwich's from exact customer scores.
package struct StaffModel: Sendable {
  package let columns: StaffColumns
  package let fit: LinkFit
  package let cells: ModeCells
  /// Repeats of each member's contacts: expected of them under the reference, and under the own
  /// effect.
  package let expected: [Double]
  package let observed: [Double]
  /// log(observed / expected) and the covariance of all of them.
  package let logRatios: [Double]
  package let covariance: Matrix
  /// Column of κ of each member; −1 for the one whose level is the design's reference, if one is.
  package let memberColumns: [Int]
  /// Place of the member of each observed cell; −1 where it is nobody who is compared.
  package let memberOfCell: [Int32]
  /// Share of each member in the reference.
  package let weights: [Double]
  /// The reference's effect, on the scale of κ's coefficients.
  package let reference: Double

  /// Penalty of a member's effect: a standard deviation of 2 on log κ.
  private static let ridge = 0.25

  package init(_ fitted: FittedAttribution, columns: StaffColumns) throws {
    self.columns = columns
    let names = StaffColumns.contextNames(FittedAttribution.contextNames(fitted.input))
    let context = ContextTable(table: columns.table, names: names, whole: [StaffColumns.staff])
    let modes = StaffModel.systemModes(fitted.input.modes)
    var like = fitted.rates
    for m in modes.modes.indices {
      like.rates[m] = nil
      if modes.modes[m].side == .staff {
        like.leftOut[m] = "belongs to what a member of staff does"
      }
    }
    let rates = try ModeRates(modes: modes, context: context, staff: nil, like: like)
    cells = ModeCells(table: columns.table, modes: modes, context: context, rates: rates)
    var data = fitted.data
    for i in 0..<data.count { data.cell[i] = cells.observedOfRow[Int(data.row[i])] }
    let form = StaffModel.form(fitted.selection.rate, modes: modes)
    var ridges: [String: Double] = [:]
    for k in columns.members.indices { ridges[StaffModel.name(k)] = StaffModel.ridge }
    let design = RepeatRateDesign(cells: cells, form: form, ridges: ridges)
    let model = LinkModel(data: data, rate: design, background: fitted.fit.model.background)
    let fit = try fitted.fitter.fit(model, from: StaffModel.start(fitted.fit, model))
    self.fit = fit
    let layout = ScoreLayout(fit: fit, rates: rates)
    let scores = RateScores(
      layout: layout, modes: modes, context: context, rates: rates, staff: nil,
      linkedRows: data.count)
    let sandwich = try Sandwich(
      layout: layout, functionals: nil, cells: cells, rates: rates, rateScores: scores,
      executor: fitted.executor, threads: fitted.options.threads)

    // The most frequent level has no column: its effect is 0, known for certain.
    let places = columns.members.indices.map { k in
      design.columnNames.firstIndex(of: StaffModel.name(k))
    }
    memberColumns = places.map { $0 ?? -1 }
    let effects = places.map { $0.map { fit.parameters.coefficients[$0] } ?? 0 }
    let count = effects.count
    var raw = Matrix(rows: count, columns: count)
    for a in 0..<count {
      for b in 0..<count {
        if let x = places[a], let y = places[b] { raw[a, b] = sandwich.covariance[x, y] }
      }
    }
    let weights = StaffModel.referenceWeights(raw)
    self.weights = weights
    reference = zip(weights, effects).reduce(0) { $0 + $1.0 * $1.1 }
    memberOfCell = StaffModel.members(cells, columns: memberColumns)
    let sums = StaffModel.sums(
      fit: fit, memberOfCell: memberOfCell, reference: reference, effects: effects)
    expected = sums.expected
    observed = sums.observed
    logRatios = zip(observed, expected).map { log(max($0, 1e-9) / max($1, 1e-9)) }
    var contrast = Matrix(rows: count, columns: count)
    for a in 0..<count {
      for b in 0..<count {
        contrast[a, b] = sums.slope[a] * ((a == b ? 1 : 0) - weights[b])
      }
    }
    covariance = contrast * raw * contrast.transposed
  }

  static func name(_ k: Int) -> String { "\(StaffColumns.staff)=\(StaffColumns.level(k))" }

  /// The modes with nothing that the comparison does not need: no cause has to be told from its
  /// effects here, so that only modes that somebody may not have looked for keep a rate.
  private static func systemModes(_ table: ModeTable) -> ModeTable {
    var copy = table
    for m in copy.modes.indices where copy.modes[m].side == .system { copy.modes[m].causes = [] }
    return copy
  }

  private static func form(_ whole: RepeatRateForm, modes: ModeTable) -> RepeatRateForm {
    func isSystem(_ mode: Int) -> Bool { modes.modes[mode].side == .system }
    var form = whole
    form.pairs = whole.pairs.filter { isSystem($0.first) && isSystem($0.second) }
    form.ownDelay = whole.ownDelay.filter(isSystem)
    return form
  }

  /// The main fit's parameters where both models have them; members start without an effect.
  private static func start(_ fit: LinkFit, _ model: LinkModel) -> LinkParameters {
    var start = fit.parameters
    let old = Dictionary(
      zip(fit.model.rate.columnNames, fit.parameters.coefficients),
      uniquingKeysWith: { first, _ in first })
    start.coefficients = model.rate.columnNames.map { old[$0] ?? 0 }
    let groups =
      [0]
      + model.rate.form.ownDelay.compactMap { mode in
        fit.model.rate.form.ownDelay.firstIndex(of: mode).map { $0 + 1 }
      }
    start.delay = groups.map { fit.parameters.delay[$0] }
    start.persistence = groups.map { fit.parameters.persistence[$0] }
    return start
  }

  /// Weights of the reference, by precision: who can hardly be told says little about the others.
  private static func referenceWeights(_ covariance: Matrix) -> [Double] {
    let positive = (0..<covariance.rows).map { covariance[$0, $0] }.filter { $0 > 0 }
    let floor = positive.min() ?? 1
    let precision = (0..<covariance.rows).map { 1 / max(covariance[$0, $0], floor) }
    let total = precision.reduce(0, +)
    return precision.map { $0 / total }
  }

  private struct Sums {
    var expected: [Double]
    var observed: [Double]
    /// Derivative of the log ratio in the member's effect; 1 where failures multiply.
    var slope: [Double]
  }

  private static func sums(
    fit: LinkFit, memberOfCell: [Int32], reference: Double, effects: [Double]
  ) -> Sums {
    let cells = fit.model.rate.cells
    let groups = fit.model.rate.form.groupCount
    let link = fit.model.rate.form.link
    let predictor = fit.model.rate.design.linearPredictor(fit.parameters.coefficients)
    let exposure = fit.model.coverage.exposures(fit.parameters.delay)
    var expected = [Double](repeating: 0, count: effects.count)
    var observed = expected
    var slope = expected
    for o in 0..<cells.observedCount {
      let member = Int(memberOfCell[o])
      guard member >= 0 else { continue }
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[entry])
        let e =
          cells.mixtureWeight[entry] * exposure[o * groups + Int(fit.model.rate.cellGroup[cell])]
        observed[member] += e * link.mean(predictor[cell])
        expected[member] += e * link.mean(predictor[cell] - effects[member] + reference)
        slope[member] += e * link.derivative(predictor[cell])
      }
    }
    for k in slope.indices { slope[k] = observed[k] > 0 ? slope[k] / observed[k] : 1 }
    return Sums(expected: expected, observed: observed, slope: slope)
  }

  /// The member of each observed cell, by the column of the level; the member without a column is
  /// there where no level of the factor has one.
  private static func members(_ cells: ModeCells, columns: [Int]) -> [Int32] {
    var member: [Int32: Int32] = [:]
    for (k, column) in columns.enumerated() where column >= 0 {
      member[Int32(column - 1)] = Int32(k)
    }
    let absent = columns.firstIndex(of: -1).map(Int32.init) ?? -1
    let levels = Set(
      cells.context.factors.first { $0.name == StaffColumns.staff }?.column.filter { $0 >= 0 } ?? []
    )
    return (0..<cells.observedCount).map { o in
      let columns = cells.context.columns[Int(cells.observedCombination[o])]
      guard let level = columns.first(where: { levels.contains($0) }) else { return absent }
      return member[level] ?? -1
    }
  }
}
