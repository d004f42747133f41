import FailureModes
import InteractionLog
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How likely each failure mode is, given context and the modes that can bring it about: logistic
/// models fitted on the rows where the mode applies and was looked at.
///
/// They serve three ends: what is likely where nobody looked, how many staff errors a system failure
/// brought about, and which failures a removed failure takes with it. Staff modes depend on every
/// system mode and carry a random intercept per staff member; system modes depend on the modes
/// declared to cause them.
package struct ModeRates: Sendable {
  package struct Rate: Sendable {
    /// Modes that this one depends on, ascending.
    package var parents: [Int]
    /// Intercept, context columns, parents.
    package var coefficients: [Double]
    package var contextLogit: [Double]
    /// Conditional mode of each staff member's intercept; empty for system modes.
    package var staffEffects: [Double]
    package var staffSD: Double
    package var knownRows: Double
    package var knownYes: Double
    /// Columns of intercept, context and parents of the fit's cells, successes and trials: what the
    /// coefficients' scores need.
    package var converged: Bool

    package func probability(combination: Int, staff: Int, mask: UInt64) -> Double {
      var logit = contextLogit[combination]
      let offset = coefficients.count - parents.count
      for (k, parent) in parents.enumerated() where mask & (1 << UInt64(parent)) != 0 {
        logit += coefficients[offset + k]
      }
      if staff >= 0 && staff < staffEffects.count { logit += staffEffects[staff] }
      return 1 / (1 + exp(-logit))
    }
  }

  package var rates: [Rate?]
  /// Modes without a single row that was looked at and found free of them (or with too few rows
  /// that carry them): their effect cannot be estimated and they are left out of the model.
  package var leftOut: [Int: String]

  /// - Parameters:
  ///   - unusable: modes that are not to be in the model, with why.
  ///   - whole: rates of the whole log whose choice of modes a refit on fewer rows keeps.
  package init(
    modes: ModeTable, context: ContextTable, staff: TextColumn?,
    leavingOut unusable: [Int: String] = [:],
    like whole: ModeRates? = nil
  ) throws {
    rates = [Rate?](repeating: nil, count: modes.modes.count)
    leftOut = unusable
    var wanted: [(mode: Int, parents: [Int])] = []
    let systemModes = modes.modes.indices.filter { modes.modes[$0].side == .system }
    for m in modes.modes.indices {
      let state = modes.state[m].storage
      let applies = modes.applies[m].storage
      var yes = 0
      var no = 0
      var unknown = 0
      for row in state.indices where applies[row] == 1 {
        switch state[row] {
        case 1: yes += 1
        case 0: no += 1
        default: unknown += 1
        }
      }
      if leftOut[m] != nil { continue }
      if let whole, let reason = whole.leftOut[m] {
        leftOut[m] = reason
        continue
      }
      if whole == nil && yes < 5 {
        leftOut[m] = "holds on \(yes) interactions: too few to estimate an effect"
        continue
      }
      if whole == nil && no < 5 {
        leftOut[m] =
          "is nowhere recorded as looked for and not found, so its rate and its effect cannot be told"
        continue
      }
      let isStaff = modes.modes[m].side == .staff
      let parents =
        isStaff
        ? systemModes : modes.modes.indices.filter { modes.modes[$0].causes.contains(m) }
      guard isStaff || unknown > 0 || !parents.isEmpty || whole?.rates[m] != nil else {
        continue
      }
      wanted.append((m, parents))
    }
    // A mode that is left out cannot be a parent: rows on which it is unknown say as much as any.
    for (m, parents) in wanted {
      rates[m] = try ModeRates.fit(
        mode: m, parents: parents.filter { leftOut[$0] == nil }, modes: modes, context: context,
        staff: modes.modes[m].side == .staff ? staff : nil)
    }
  }

  /// Penalties of a rate's coefficients (intercept, context, parents): weak, enough for a finite
  /// answer in a level that never fails.
  package static func penalties(contextColumns: Int, parents: Int) -> [Double] {
    [1e-6] + [Double](repeating: 0.5, count: contextColumns)
      + [Double](repeating: 0.1, count: parents)
  }

  private static func fit(
    mode: Int, parents: [Int], modes: ModeTable, context: ContextTable, staff: TextColumn?
  ) throws -> Rate {
    let state = modes.state[mode].storage
    let applies = modes.applies[mode].storage
    var index = CellIndex(width: 2 + parents.count)
    var key = [Int32](repeating: 0, count: 2 + parents.count)
    var successes: [Double] = []
    var trials: [Double] = []
    rows: for row in state.indices where applies[row] == 1 && state[row] >= 0 {
      key[0] = context.combination[row]
      key[1] = staff?.codes[row] ?? -1
      for (k, parent) in parents.enumerated() {
        let value = modes.state[parent].storage[row]
        if value < 0 { continue rows }
        key[2 + k] = Int32(value)
      }
      let cell = Int(index.number(of: key))
      if cell == trials.count {
        trials.append(0)
        successes.append(0)
      }
      trials[cell] += 1
      successes[cell] += Double(state[row])
    }
    let contextColumns = context.columnNames.count
    let columnCount = 1 + contextColumns + parents.count
    var design = IndicatorDesign(columnCount: columnCount)
    var groups = [Int32](repeating: -1, count: trials.count)
    for cell in trials.indices {
      let k = index[cell]
      var columns: [Int32] = [0]
      columns += context.columns[Int(k[k.startIndex])].map { $0 + 1 }
      for p in parents.indices where k[k.startIndex + 2 + p] == 1 {
        columns.append(Int32(1 + contextColumns + p))
      }
      design.append(row: columns)
      groups[cell] = k[k.startIndex + 1]
    }
    let ridge = penalties(contextColumns: contextColumns, parents: parents.count)
    let staffCount = staff?.values.count ?? 0
    let useStaff = staffCount > 1 && groups.contains { $0 >= 0 }
    var coefficients: [Double]
    var effects: [Double] = []
    var sd = 0.0
    var converged: Bool
    if useStaff {
      let fit = try RandomInterceptLogistic(
        design: design, groups: groups.map { $0 < 0 ? Int32(staffCount) : $0 },
        groupCount: staffCount + 1, ridge: ridge
      ).fit(successes: successes, trials: trials)
      coefficients = fit.coefficients
      effects = Array(fit.conditionalModes.prefix(staffCount))
      sd = fit.groupStandardDeviation
      converged = fit.converged
    } else {
      let fit = try LogisticRegression(design: design, ridge: ridge).fit(
        successes: successes, trials: trials)
      coefficients = fit.coefficients
      converged = fit.converged
    }
    let contextLogit = context.columns.map { columns in
      columns.reduce(coefficients[0]) { $0 + coefficients[1 + Int($1)] }
    }
    return Rate(
      parents: parents, coefficients: coefficients, contextLogit: contextLogit,
      staffEffects: effects, staffSD: sd, knownRows: trials.reduce(0, +),
      knownYes: successes.reduce(0, +), converged: converged)
  }
}
