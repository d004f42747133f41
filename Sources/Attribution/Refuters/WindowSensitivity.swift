import Execution
import RepeatContacts
import Statistics

/// The model with other repeat windows: 7, 14 and 30 days.
///
/// A shorter window must find the share of each figure that the fitted delays put inside it, within a
/// tenth: what comes after it passes for the customers' own contacts. A longer one must find no more than
/// a twentieth beyond the study's, or that cuts repeats off. What is tested is that deviations are no
/// larger.
struct WindowSensitivity: Refuter {
  static let name = RefuterName.windowSensitivity
  static let meaning =
    "The log was analysed with repeat windows of 7, 14 and 30 days. A shorter window must find the part "
    + "that the fitted delays put inside it; a longer one must not find more than the study's, or that "
    + "cuts repeats off."

  static let days = [7.0, 14, 30]
  /// Deviations that are allowed, as shares of the figure.
  static let sooner = 0.1
  static let later = 0.05

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let fitted = attempt.fitted
    let own = fitted.data.bins.window
    // A window within 15 % of the study's says nothing new.
    let windows = WindowSensitivity.days.filter {
      abs($0 - own) > 0.15 * own && fitted.data.end >= 2 * $0
    }
    guard !windows.isEmpty else {
      return RefuterVerdicts.notApplicable(
        attempt.targets, "The log is too short for another window.")
    }
    let all = [own] + windows
    let fits = try attempt.inParallel(all.count) { k in
      try fit(window: all[k], attempt)
    }
    let base = fits[0]
    let scale = Double(fitted.data.count) / Double(max(base.fit.model.data.count, 1))
    let factors = all.map { base.share(within: $0) }
    return RefuterVerdicts.judged(
      attempt.targets.enumerated().map { t, target in
        var least: (p: Double, window: Int) = (2, 1)
        var matters = false
        for k in 1..<all.count {
          let (value, se) = fits[k].difference(t, to: base, factor: factors[k])
          let whole = abs(factors[k] * base.values[t])
          // A longer window that finds less has only more noise to look through.
          let sign = base.values[t] < 0 ? -1.0 : 1
          let beyond =
            all[k] > own
            ? sign * value - WindowSensitivity.later * whole
            : abs(value) - WindowSensitivity.sooner * whole
          let z = beyond / se
          let p = z.isFinite ? NormalDistribution.upperTail(z) * (all[k] > own ? 1 : 2) : 1
          if p < least.p { least = (p, k) }
          matters = matters || (p < 0.01 && abs(value) > 0.15 * abs(base.values[t]))
        }
        let k = least.window
        let found = all.indices.dropFirst().map {
          "\(NumberText.plain(all[$0])) days \(grouped(fits[$0].values[t] * scale)) "
            + "(to be expected \(grouped(factors[$0] * base.values[t] * scale)))"
        }.joined(separator: ", ")
        return .init(
          target: target, expected: factors[k] * base.values[t] * scale,
          observed: fits[k].values[t] * scale, ci95: nil,
          p: base.error(t) > 0 ? min(1, least.p * Double(windows.count)) : nil, matters: matters
        ) { verdict in
          switch verdict {
          case .notApplicable: "The figure has no error to compare with."
          case .pass: "Windows agree: \(found)."
          default:
            "Windows disagree: \(found). "
              + (all[k] > own
                ? "Repeats come later than the study's window of \(NumberText.plain(own)) days lets them; "
                  + "raise repeat.window_days."
                : "The delays do not fit, or what is taken for late repeats is the customers' own "
                  + "contacts.")
          }
        }
      })
  }

  private func fit(window: Double, _ attempt: RefutationCase) throws -> AlternativeFit {
    let fitted = attempt.fitted
    var settings = fitted.linkSettings
    settings.windowDays = window
    let whole =
      window == fitted.data.bins.window
      ? fitted.data
      : LinkData(
        table: fitted.input.table, cell: fitted.cells.observedOfRow, settings: settings,
        customers: fitted.input.customers)
    let data = whole.sampled(atMost: AlternativeFit.maximumContacts, salt: 61)
    let model = LinkModel(
      data: data, rate: fitted.fit.model.rate, background: fitted.fit.model.background)
    let fitter = attempt.alone
    var start = LinkSelection(fitter: fitter).translate(fitted.fit, to: model, fitter: fitter)
    if window != fitted.data.bins.window {
      start.delay = fitted.fit.parameters.delay.map {
        WindowSensitivity.rebinned($0, from: fitted.data.bins, to: data.bins)
      }
    }
    return try AlternativeFit(
      fitter.fit(model, from: start), attempt, executor: EmbeddedExecutor(threads: 1))
  }

  /// The probability of each of the new bins, with a little everywhere so that nothing is ruled out.
  static func rebinned(_ mass: [Double], from old: DelayBins, to new: DelayBins) -> [Double] {
    func before(_ days: Double) -> Double {
      mass.indices.reduce(0) { $0 + mass[$1] * old.coverage($1, days) }
    }
    let raw = (0..<new.count).map { before(new.edges[$0 + 1]) - before(new.edges[$0]) + 1e-3 }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }
}

extension AlternativeFit {
  /// The share of the repeats that the fitted delays bring within so many days; 1 beyond the window.
  func share(within days: Double) -> Double {
    let bins = fit.model.data.bins
    guard days < bins.window else { return 1 }
    let tables = fit.tables
    let exposure = fit.model.coverage.exposures(fit.parameters.delay)
    var (inside, all) = (0.0, 0.0)
    for g in fit.parameters.delay.indices {
      let mass = fit.parameters.delay[g]
      let part = mass.indices.reduce(0) { $0 + mass[$1] * bins.coverage($1, days) }
      var linked = 0.0
      for o in stride(from: g, to: exposure.count, by: tables.groups) {
        linked += exposure[o] * tables.rate[o]
      }
      inside += linked * part
      all += linked
    }
    return all > 0 ? inside / all : 1
  }
}
