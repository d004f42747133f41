extension EffectSummary {
  /// The summary for a person to read.
  public var text: String {
    typealias T = EstimateText
    let who = estimand == "att" ? "the treated" : "everybody"
    var lines = [
      "Effect of \(treatment) on \(outcome), averaged over \(who)",
      "",
      "estimate  \(T.number(estimate))  (95 % interval \(T.number(ci95[0])) to "
        + "\(T.number(ci95[1])), standard error \(T.number(se)), p \(T.p(p)))",
      "means     \(T.number(treatedMean)) with treatment, \(T.number(untreatedMean)) without",
    ]
    if let ratio {
      lines.append(
        "ratio     \(T.number(ratio.estimate))  (\(T.number(ratio.ci95[0])) to "
          + "\(T.number(ratio.ci95[1])))")
    }
    if let eValue {
      lines.append(
        "E-value   \(T.number(eValue))"
          + (eValueLimit.map { ", of the interval \(T.number($0))" } ?? ""))
    }
    if let note { lines.append(note) }
    lines.append("")
    lines.append(
      "\(rows) rows, \(treatedRows) treated; \(folds) folds, seed \(seed); outcome model "
        + outcomeModel + (clusters.map { "; errors over \($0) clusters" } ?? ""))
    if droppedRows > 0 { lines.append("\(droppedRows) rows lack a value and were left out") }
    return (lines + ["", "Propensity"] + overlapTable + [""] + balanceTable).joined(
      separator: "\n")
  }

  private var overlapTable: [String] {
    typealias T = EstimateText
    let levels = ["p0", "p5", "p50", "p95", "p100"]
    var table = [["", "rows", "worth", "min", "5 %", "50 %", "95 %", "max", "< 0.05", "> 0.95"]]
    for (name, arm) in [("treated", overlap.treated), ("untreated", overlap.untreated)] {
      table.append(
        [name, "\(arm.rows)", T.fixed(arm.effectiveRows, 0)]
          + levels.map { T.fixed(arm.quantiles[$0] ?? 0, 3) }
          + [T.fixed(100 * arm.below5, 1) + " %", T.fixed(100 * arm.above95, 1) + " %"])
    }
    var lines = T.table(table)
    if overlap.bounded > 0 {
      lines.append(
        "\(overlap.bounded) propensities were moved inside \(T.number(overlap.bound)) to "
          + "\(T.number(1 - overlap.bound))")
    }
    return lines
  }

  /// Standardised differences of means; beyond 0.1 they are usually called unbalanced.
  private var balanceTable: [String] {
    typealias T = EstimateText
    guard !balance.isEmpty else { return ["No columns to adjust for."] }
    var table = [["Balance", "treated", "untreated", "difference", "weighted"]]
    for row in balance {
      table.append([
        row.covariate, T.number(row.treatedMean), T.number(row.untreatedMean),
        row.raw.map { T.fixed($0, 3) } ?? "-", row.weighted.map { T.fixed($0, 3) } ?? "-",
      ])
    }
    return T.table(table)
  }
}

extension DiscontinuitySummary {
  /// The summary for a person to read.
  public var text: String {
    typealias T = EstimateText
    var table = [["", "estimate", "error", "95 % interval", "p"]]
    for (name, row) in [("conventional", conventional), ("robust", robust)] {
      table.append([
        name, T.number(row.estimate), T.number(row.se),
        "\(T.number(row.ci95[0])) to \(T.number(row.ci95[1]))", T.p(row.p),
      ])
    }
    let sides = [
      ["", "left", "right"], ["rows", "\(leftRows)", "\(rightRows)"],
      ["rows inside", "\(leftInside)", "\(rightInside)"],
      ["mean at the cutoff", T.number(leftMean), T.number(rightMean)],
      ["bandwidth", T.number(bandwidth.left), T.number(bandwidth.right)],
      ["bandwidth of the bias", T.number(bandwidth.biasLeft), T.number(bandwidth.biasRight)],
    ]
    let density =
      densityTest.note
      ?? "Density of \(running) at the cutoff: \(T.number(densityTest.left ?? 0)) and "
      + "\(T.number(densityTest.right ?? 0)), p \(T.p(densityTest.p)) that they are equal"
    var lines = ["Jump of \(outcome) where \(running) passes \(T.number(cutoff))", ""]
    lines += T.table(table) + [""] + T.table(sides)
    lines += [
      "", density,
      "Local \(degree == 1 ? "linear" : "quadratic") fit, \(kernel) kernel, \(variance) variance, "
        + "bandwidth \(rule)",
    ]
    if droppedRows > 0 { lines.append("\(droppedRows) rows lack a value and were left out") }
    return lines.joined(separator: "\n")
  }
}
