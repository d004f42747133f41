#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What standard error is connected to, and writing to it.
enum Terminal {
  /// Whether somebody watches standard error on a terminal that can rewrite a line.
  static let isWatched = isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"

  /// Whether text may be emphasised: on a terminal, and not where `NO_COLOR` is set to anything
  /// (https://no-color.org).
  static let usesColor = isWatched && (variable("NO_COLOR") ?? "").isEmpty

  /// Whether what goes to standard output may be coloured.
  static let outputUsesColor = isatty(STDOUT_FILENO) == 1 && (variable("NO_COLOR") ?? "").isEmpty

  /// The text in bold red where colour is welcome.
  static func emphasis(_ text: String) -> String {
    usesColor ? "\u{1B}[1;31m\(text)\u{1B}[0m" : text
  }

  /// Columns of the terminal; 80 where it does not say.
  static var columns: Int {
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return known ? Int(size.ws_col) : 80
  }

  /// Writes to standard error at once. What cannot be written there cannot be told anywhere.
  static func writeError(_ text: String) { _ = writeAll(text, to: STDERR_FILENO) }

  /// Writes all of a text at once; errno where the file does not take it.
  static func writeAll(_ text: String, to file: Int32) -> Int32? {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return errno }
      bytes = bytes.dropFirst(written)
    }
    return nil
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
