import Wherefore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where answers go. A full disk or a closed file behind it is an error, not silence.
enum StandardOutput {
  /// Writes a text and a line break.
  static func print(_ text: String) throws(StandardOutputError) { try write(text + "\n") }

  /// Writes all of a text at once.
  static func write(_ text: String) throws(StandardOutputError) {
    if let code = Terminal.writeAll(text, to: STDOUT_FILENO) {
      throw StandardOutputError(code: code)
    }
  }
}

/// Standard output did not take the answer.
struct StandardOutputError: Error, ExitCoded {
  /// errno.
  let code: Int32

  var exitCode: Int32 { 75 }

  var description: String {
    "cannot write to standard output: \(String(cString: strerror(code))); the answer is not complete"
  }
}
