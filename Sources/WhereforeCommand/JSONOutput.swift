import Wherefore

/// What `--json` prints: one document on standard output.
enum JSONOutput {
  static func print(_ value: some Encodable) throws {
    Swift.print(try JSONText.document(value), terminator: "")
  }
}
