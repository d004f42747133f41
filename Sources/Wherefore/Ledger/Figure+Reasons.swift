extension Figure {
  /// Why a path of `attribution.json` that is no figure of the catalogue has nothing to open, and what
  /// opens in its place; nil where it is not known at all.
  static func reasonNotOpened(_ path: String) -> String? {
    let steps = path.split(separator: ".").map(String.init)
    let last = steps.last ?? ""
    if last.hasSuffix("ci95") || path.contains("ci95.") || last == "rank_interval" {
      return "an interval comes from all customers' scores together and is no sum over "
        + "interactions; the figure that it belongs to opens"
    }
    if last.hasSuffix("_bounds") {
      return "it is the range within which the repeats of both lie together"
    }
    if path.contains("doubly_robust") || last == "e_value" {
      return
        "it is estimated from all interactions together (see the README) and is no sum over them"
    }
    if path.contains(".examples_with_links.") {
      return "it is a pair of links.csv, or what an interaction's pairs add up to"
    }
    if last == "window_days" || last == "per_event" { return "the study declares it" }
    if last == "rank" || last == "step" { return "it is a place in an order" }
    return switch steps.first ?? "" {
    case "change": ofChange(steps)
    case "outcomes" where last == "mean_days_between":
      "it is a parameter of the customers' rhythm, fitted to all of them together"
    case "latency_dose":
      "the curve is drawn through all interactions at once, and what each adds to a point of it "
        + "is not a sum; \(steps.prefix(2).joined(separator: ".")).interactions opens into those "
        + "that it is drawn through"
    case "checks": "a check's value is a statistic of the whole log"
    case "model": "it is a parameter of the model, fitted to all interactions together"
    case "provenance", "period", "schema_version": "it describes the run"
    case "inference", "refuters": "it is a statistic of the whole log"
    case "identity": ofIdentity(steps)
    case "staff", "staff_comparison":
      "it compares members of staff with one another, in a model of all their contacts; "
        + "'wherefore analyze --staff-table FILE' lists them by name. Of members whom the report "
        + "names 'staff.ID.contacts', '.expected', '.observed' and '.ratio' open"
    default: nil
    }
  }

  private static func ofChange(_ steps: [String]) -> String {
    let side = steps.prefix(3).joined(separator: ".")
    if steps.contains("mechanisms") || steps.last == "baseline"
      || steps.dropLast().last == "baseline"
    {
      return "it is what would have changed had one part of the model alone gone from one week to "
        + "the other, averaged over all orders; no interaction stands for such a mixture of two "
        + "weeks. What is compared opens: \(side).from.repeats_per_100 and "
        + "\(side).to.repeats_per_100"
    }
    if steps.contains("moved") {
      return "it is what a failure did under one week's own rates and effects; its interactions of "
        + "that week open with --figure modes.MODE.interactions --week WEEK"
    }
    return "it is a count of days"
  }

  private static func ofIdentity(_ steps: [String]) -> String {
    switch steps.dropFirst().first {
    case "rules":
      "it is the result under another rule of identity, whose links the run does not keep"
    case "declared": "the study declares it, or it follows from what the study declares"
    default:
      "it is carried over to interactions that name no customer, whose repeats are in no pair"
    }
  }
}
