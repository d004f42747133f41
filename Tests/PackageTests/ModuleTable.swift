/// Which module may import which: section 5 of the design, as data.
enum ModuleTable {
  /// The project's own targets in the order of the data's way, each with the targets it may import.
  static let targets: [String: Set<String>] = {
    let upToStatistics: Set = ["LinearAlgebra", "Statistics"]
    let upToRepeats: Set = ["InteractionLog", "FailureModes", "RepeatContacts"]
    let upToExecution = upToStatistics.union(upToRepeats).union(["Execution"])
    let belowReport = upToExecution.union(["Attribution"])
    let library = belowReport.union(["WhatIf", "Report", "RunStore", "SyntheticWorld"])
    return [
      "CLAPACK": [],
      "COpenSSL": [],
      "CPostgres": [],
      "LinearAlgebra": ["CLAPACK"],
      "Statistics": ["LinearAlgebra"],
      "InteractionLog": [],
      "FailureModes": ["InteractionLog"],
      "RepeatContacts": ["InteractionLog", "FailureModes", "Statistics"],
      "Execution": upToStatistics.union(upToRepeats).union(["CPostgres"]),
      "Attribution": upToExecution,
      "WhatIf": belowReport,
      "Report": ["InteractionLog", "Attribution", "WhatIf"],
      "RunStore": ["Report"],
      "SyntheticWorld": ["InteractionLog", "Statistics"],
      "Wherefore": library.union(["COpenSSL"]),
      "WhereforeCommand": ["Wherefore"],
      "WhereforeServer": ["Wherefore"],
      "Benchmarks": library.union(["Wherefore"]),
    ]
  }()

  /// Modules of other packages, each with the only targets that may import it.
  static let packages: [String: Set<String>] = {
    let fromInteractionLogOn = Set(targets.keys)
      .subtracting(["CLAPACK", "COpenSSL", "CPostgres", "LinearAlgebra", "Statistics"])
    return [
      "Algorithms": fromInteractionLogOn,
      "ArgumentParser": ["WhereforeCommand"],
      "GRDB": ["RunStore"],
      "Hummingbird": ["WhereforeServer"],
      "Mustache": ["Report"],
      "OrderedCollections": fromInteractionLogOn,
      "RealModule": ["Statistics"],
      "Yams": ["InteractionLog"],
    ]
  }()

  /// What comes with the toolchain and the platform: free to all.
  static let toolchain: Set = [
    "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl",
    "Synchronization",
  ]

  /// Why `target` must not import `module`; nil where it may.
  static func objection(to module: String, in target: String) -> String? {
    if toolchain.contains(module) { return nil }
    if let importers = packages[module] {
      return importers.contains(target)
        ? nil : "only \(importers.sorted().joined(separator: ", ")) may import \(module)"
    }
    guard targets[module] != nil else { return "\(module) is not a module the design knows" }
    guard let allowed = targets[target] else { return "\(target) is not a target of the design" }
    return allowed.contains(module) ? nil : "imports must go down the design's table"
  }
}
