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
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes {
        Self.system(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { throw StandardOutputError(code: errno) }
      bytes = bytes.dropFirst(written)
    }
  }

  private static func system(_ file: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, base, count)
    #elseif canImport(Musl)
      Musl.write(file, base, count)
    #else
      Darwin.write(file, base, count)
    #endif
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
