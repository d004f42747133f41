import Foundation
import Testing

@Suite struct VocabularyTests {
  /// Folders of one machine or one person. Written in halves, for this file is searched too.
  static let machinePaths = [
    "/" + "work/", "/" + "root/", "/" + "farm/", "/" + "home/", "/" + "Users/", "/.lib" + "rary/",
  ]

  /// Marks of unfinished work and of errors that nobody is told of.
  static let leftovers = [
    "TO" + "DO", "FIX" + "ME", "X" + "XX", "try" + "!", "as" + "! ", "not " + "implemented",
  ]

  private static let needsGit: ConditionTrait = .enabled(
    if: Repository.isGitCheckout, "needs git's list of tracked files")

  /// Records each line of a tracked file that holds one of the words.
  private func expectNone(of words: [String], in paths: [String]) throws {
    let needles = words.map { Data($0.utf8) }
    for path in paths {
      let contents = try Repository.contents(of: path)
      for (word, needle) in zip(words, needles) {
        guard let range = contents.range(of: needle) else { continue }
        let line = contents[..<range.lowerBound].count { $0 == UInt8(ascii: "\n") } + 1
        Issue.record("\(path):\(line): \"\(word)\" does not belong here")
      }
    }
  }

  @Test(needsGit) func noTrackedFileNamesThePathsOfOneMachine() throws {
    try expectNone(of: Self.machinePaths, in: Repository.trackedFiles())
  }

  @Test(needsGit) func noSourceIsLeftUndone() throws {
    let sources = try Repository.trackedFiles().filter { $0.hasSuffix(".swift") }
    try expectNone(of: Self.leftovers, in: sources)
  }
}
