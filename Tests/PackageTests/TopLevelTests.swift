import Testing

@Suite struct TopLevelTests {
  static let agreed: Set = [
    ".ci", ".gitignore", ".swift-format", "CHANGELOG.md", "LICENSE", "Makefile", "Package.swift",
    "README.md", "Sources", "Tests", "models", "notebooks-data",
  ]

  @Test(.enabled(if: Repository.isGitCheckout, "needs git's list of tracked files"))
  func topLevelHoldsOnlyTheAgreedEntries() throws {
    let entries = Set(try Repository.trackedFiles().compactMap { $0.split(separator: "/").first })
    let foreign = entries.map(String.init).filter { !Self.agreed.contains($0) }.sorted()
    #expect(foreign.isEmpty, "beyond the agreed entries: \(foreign.joined(separator: ", "))")
  }

  @Test(.enabled(if: Repository.isGitCheckout, "needs git's list of tracked files"))
  func nothingBuiltOrWrittenIsTracked() throws {
    for path in try Repository.trackedFiles() {
      let built = path.hasPrefix(".build") || path.hasPrefix("out/") || path.hasSuffix(".partial")
      #expect(!built, "\(path) is output, not source")
    }
  }
}
