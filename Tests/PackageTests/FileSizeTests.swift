import Testing

@Suite struct FileSizeTests {
  /// Above this a file holds more than one concept.
  static let mostLines = 400

  @Test(arguments: ["Sources", "Tests"])
  func noSourceFileIsTooLong(folder: String) throws {
    for path in try Repository.swiftSources(below: folder) {
      // A file ends in a newline, so that the last piece is empty.
      let lines = try Repository.lines(of: path).count - 1
      #expect(lines <= Self.mostLines, "\(path) has \(lines) lines; at most \(Self.mostLines)")
    }
  }
}
