import RepeatContacts

/// All checks of a report, in the order in which they are read.
struct CheckList {
  let fitted: FittedAttribution
  let missing: MissingIdentity

  init(_ fitted: FittedAttribution, missing: MissingIdentity) {
    self.fitted = fitted
    self.missing = missing
  }

  func checks(
    ledger: InteractionLedger, modes: [AttributionReport.ModeResult], progress: (Double) -> Void
  ) throws -> [AttributionReport.Check] {
    let table = fitted.input.table
    let data = fitted.data
    let used = namesUsed()
    var list = [
      convergence(),
      ContactChecks.identity(table: table), missing.check(),
      ContactChecks.sharedIdentities(
        data: data, table: table, setAside: fitted.input.identity.shared),
      IdentityChecks(fitted: fitted).wrongIDs(), IdentityChecks(fitted: fitted).splitIDs(),
      ContactChecks.exposure(
        data: data, exposure: (0..<data.count).map { ledger.exposure[Int(data.row[$0])] }),
      IdentityChecks(fitted: fitted).logEnd(),
      ContactChecks.notLookedAt(modes: fitted.input.modes, rates: fitted.rates),
      ContactChecks.lateReviews(data: data, table: table, reviews: fitted.reviews),
      ContactChecks.leakage(
        constant: fitted.input.constantColumns, used: used,
        isEventLog: fitted.input.study.source.layout == .events),
      activity(),
      OwnDelays.check(
        fitted.fit.model.rate.form.ownDelay.map { fitted.cells.modes[$0].name }),
      SecondOpinion.check(modes),
    ]
    if data.cutContacts > 0 {
      list.append(
        .init(
          name: "candidates_cut", verdict: .warn, value: Double(data.cutContacts),
          meaning:
            "\(grouped(data.cutContacts)) contacts have more than \(data.priorLimit) earlier "
            + "contacts of the same id within the window; only the nearest were considered as causes."
        ))
    }
    if fitted.options.modelChecks {
      let model = ModelChecks(
        fit: fitted.fit, rates: fitted.rates, fitter: fitted.fitter, seed: fitted.options.seed)
      list.append(try model.permutedRows())
      progress(0.3)
      list.append(try model.sensitivity(system: fitted.systemAndTotal))
      progress(0.8)
    }
    list += GoodnessOfFit(fit: fitted.fit).checks(maximumContacts: ModelChecks.maximumContacts)
    return list
  }

  /// Every name that the study's expressions mention: columns, but also words and functions, which
  /// no column is mistaken for.
  private func namesUsed() -> Set<String> {
    let study = fitted.input.study
    var texts = Array(study.columns.values) + Array(study.derived.values) + study.context
    for mode in study.failureModes ?? [] { texts += [mode.when, mode.component] }
    var names = Set<String>()
    for text in texts {
      for name in text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
        names.insert(String(name))
      }
    }
    return names
  }

  private func convergence() -> AttributionReport.Check {
    let record = fitted.fit.record
    return .init(
      name: "convergence", verdict: record.ending == .converged ? .pass : .warn,
      value: record.lastStep,
      meaning: record.ending == .converged
        ? "The fit converged in \(grouped(record.passes)) passes over the pairs of contacts."
        : "The fit stopped at its limit of \(record.cycles) cycles; its last change was still "
          + "\(twoDigits(record.lastStep)) in a coefficient, and figures may be off by about as much."
    )
  }

  private func activity() -> AttributionReport.Check {
    let form = fitted.fit.model.background
    switch form.activity {
    case .table:
      return .init(
        name: "active_intervals", verdict: .pass, value: nil,
        meaning: "When customers could have made contact is taken from the customers file.")
    case .estimated:
      return .init(
        name: "active_intervals", verdict: .warn, value: nil,
        meaning: "Customers come and go within the log. No customers file says when, so it was "
          + "estimated from their first and last contacts; all caused repeats lean on that estimate "
          + "(the system's count much less). A customers file with active_from and active_to would "
          + "settle it.")
    case .wholeLog:
      return .init(
        name: "active_intervals", verdict: .pass, value: nil,
        meaning:
          "Customers are taken to be able to make contact throughout the log; an alternative in "
          + "which they come and go did not predict held-out customers better.")
    }
  }
}
