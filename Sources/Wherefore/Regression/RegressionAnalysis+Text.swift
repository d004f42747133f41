import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RegressionAnalysis.Result {
  /// The result as a table for a person.
  public var text: String {
    let quantile = residualSD == nil || method != nil ? "z" : "t"
    var rows = [["", "estimate", "se", quantile, "p", "95 % interval"]]
    for row in coefficients {
      rows.append([
        row.term, Self.digits(row.estimate), Self.digits(row.se),
        row.statistic.map { Self.digits($0, 3) } ?? "-", row.p.map(Self.probability) ?? "-",
        "\(Self.digits(row.ci95[0])) … \(Self.digits(row.ci95[1]))",
      ])
    }
    var lines = [
      "\(formula)",
      "\(family), link \(link); \(n) rows"
        + (rowsDropped > 0 ? ", \(rowsDropped) more left out for missing values" : "")
        + "; \(method.map { "by \($0); " } ?? "")errors: \(errors)"
        + (clusters.isEmpty
          ? "" : " with \(clusters.map(String.init).joined(separator: " and ")) clusters")
        + (penalty.map { "; penalty \($0)" } ?? ""),
      "",
    ]
    lines += EstimateText.table(rows)
    lines.append("")
    if !randomEffects.isEmpty {
      lines += EstimateText.table(
        [["random effect", "sd", "levels"]]
          + randomEffects.map {
            ["\($0.group): \($0.term)", Self.digits($0.sd), "\($0.levels)"]
          })
      lines.append("")
    }
    if !singularGroups.isEmpty {
      lines.append(
        "singular: an effect of \(singularGroups.joined(separator: ", ")) does not vary, or only with "
          + "another one; a simpler random term says the same")
    }
    if !droppedTerms.isEmpty {
      lines.append(
        "left out, because other terms determine them or no row with weight has them: \(droppedTerms.joined(separator: ", "))"
      )
    }
    lines.append(measures)
    return lines.joined(separator: "\n")
  }

  private var measures: String {
    var parts = ["deviance \(Self.digits(deviance, 6))"]
    if let nullDeviance { parts[0] += " (null \(Self.digits(nullDeviance, 6)))" }
    if let logLikelihood { parts.append("log-likelihood \(Self.digits(logLikelihood, 6))") }
    if let aic { parts.append("AIC \(Self.digits(aic, 6))") }
    if let residualSD {
      parts.append(
        "residual sd \(Self.digits(residualSD, 5)) on \(residualDegreesOfFreedom) degrees of freedom"
      )
    }
    if let theta { parts.append("theta \(Self.digits(theta, 5))") }
    parts.append("\(iterations) iterations")
    return parts.joined(separator: ", ")
  }

  private static func probability(_ p: Double) -> String {
    p < 1e-4 ? "< 0.0001" : String(format: "%.4f", p)
  }

  private static func digits(_ value: Double, _ count: Int = 5) -> String {
    let text = String(format: "%.\(count)g", value)
    return text == "-0" ? "0" : text
  }
}
