#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a file under a temporary name beside it and renames it when whole.
///
/// Whoever reads `path` sees the old file or the new one, never half of one.
struct PartialFile: ~Copyable {
  private let path: String
  private let partialPath: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private let flushAt = 1 << 20

  init(path: String) throws(SyntheticWorldError) {
    self.path = path
    partialPath = path + ".partial"
    buffer.reserveCapacity(flushAt + 4_096)
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    repeat { descriptor = open(partialPath, flags, 0o644) } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else {
      throw .fileRefused(path: partialPath, operation: .create, code: errno)
    }
  }

  deinit {
    // Still open: writing ended early, and half a file must not stay.
    if descriptor >= 0 {
      close(descriptor)
      unlink(partialPath)
    }
  }

  /// Lets the closure append bytes; writes them out when enough have come together.
  @inline(__always)
  mutating func append(_ body: (inout [UInt8]) -> Void) throws(SyntheticWorldError) {
    body(&buffer)
    if buffer.count >= flushAt { try flush() }
  }

  /// Writes what is left and gives the file its name.
  consuming func finish() throws(SyntheticWorldError) {
    try flush()
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else {
      let code = errno
      unlink(partialPath)
      throw .fileRefused(path: partialPath, operation: .finish, code: code)
    }
    guard rename(partialPath, path) == 0 else {
      let code = errno
      unlink(partialPath)
      throw .fileRefused(path: path, operation: .rename, code: code)
    }
  }

  private mutating func flush() throws(SyntheticWorldError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .fileRefused(path: partialPath, operation: .write, code: errno)
      }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
