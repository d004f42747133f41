#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A new file, written through a buffer of 64 KiB.
package struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var buffer: [UInt8] = []
  private static let capacity = 65_536

  /// - Throws: `ReportError.cannotWrite`.
  package init(path: String) throws(ReportError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, code: errno) }
    self.descriptor = descriptor
    self.path = path
    buffer.reserveCapacity(OutputFile.capacity + 4_096)
  }

  deinit { _ = close(descriptor) }

  /// Lets `body` append to the buffer, then writes it out where it is full.
  package mutating func append(_ body: (inout [UInt8]) -> Void) throws(ReportError) {
    body(&buffer)
    if buffer.count >= OutputFile.capacity { try flush() }
  }

  package mutating func append(_ bytes: some Sequence<UInt8>) throws(ReportError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= OutputFile.capacity { try flush() }
  }

  /// Writes what is left and hands the file to the disk, so that a rename publishes whole files.
  package consuming func finish() throws(ReportError) {
    try flush()
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw .cannotWrite(path: path, code: errno)
    }
  }

  private mutating func flush() throws(ReportError) {
    var offset = 0
    while offset < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, code: errno)
      }
      offset += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
