import Foundation
import Testing
import Wherefore

@Suite struct PartialOutputTests {
  struct Refused: Error {}

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func theFileAppearsWhenItIsWhole() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "links.csv").path
      try PartialOutput.replace(path) { partial in
        try Data("a".utf8).write(to: URL(filePath: partial))
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(partial == PartialOutput.path(for: path))
      }
      #expect(FileManager.default.contents(atPath: path) == Data("a".utf8))
      #expect(try names(in: folder) == ["links.csv"])
    }
  }

  @Test func aFailureLeavesTheEarlierFileAndNothingElse() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "links.csv").path
      try Data("old".utf8).write(to: URL(filePath: path))
      #expect(throws: Refused.self) {
        try PartialOutput.replace(path) { partial in
          try Data("half".utf8).write(to: URL(filePath: partial))
          throw Refused()
        }
      }
      #expect(FileManager.default.contents(atPath: path) == Data("old".utf8))
      #expect(try names(in: folder) == ["links.csv"])
    }
  }

  @Test func aFolderInThePlaceIsRefused() throws {
    try withTemporaryFolder { folder in
      #expect(throws: OutputError.isDirectory(path: folder.path)) {
        try PartialOutput.replace(folder.path) { _ in }
      }
    }
  }

  @Test func whatIsNotAFileIsWrittenDirectly() throws {
    try PartialOutput.replace("/dev/null") { path in #expect(path == "/dev/null") }
  }
}
