import Wherefore

/// What `--json` prints: one document on standard output.
enum JSONOutput {
  static func print(_ value: some Encodable) throws {
    try StandardOutput.write(try JSONText.document(value))
  }
}
