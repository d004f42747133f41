#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file opened for reading from its start to its end.
final class FileBlocks {
  let path: String
  /// Bytes in the file, 0 where that is not known (a pipe).
  let size: Int
  private(set) var bytesRead = 0
  private let descriptor: Int32

  /// Throws where the file is missing, a directory, or may not be read.
  init(path: String) throws(LogError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error(errno, path: path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw Self.error(code, path: path)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw .directory(path: path)
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// The share of the file that has been read, 0...1; 0 where its size is not known.
  var progress: Double { size > 0 ? min(1, Double(bytesRead) / Double(size)) : 0 }

  /// The error that an operation on a file which failed with `code` stands for.
  package static func error(_ code: Int32, path: String) -> LogError {
    switch code {
    case ENOENT, ENOTDIR: .notFound(path: path)
    case EISDIR: .directory(path: path)
    case EACCES, EPERM: .permissionDenied(path: path)
    default: .unreadable(path: path, code: code)
    }
  }

  /// Fills from the start of `buffer`; 0 at the end of the file.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(LogError) -> Int {
    while true {
      let count = Self.systemRead(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        bytesRead += count
        return count
      }
      if errno != EINTR { throw Self.error(errno, path: path) }
    }
  }

  private static func systemRead(
    _ descriptor: Int32, _ address: UnsafeMutableRawPointer?, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, address, count)
    #elseif canImport(Musl)
      Musl.read(descriptor, address, count)
    #else
      Darwin.read(descriptor, address, count)
    #endif
  }

  /// The whole rest of the file.
  func readAll() throws(LogError) -> [UInt8] {
    var content: [UInt8] = []
    let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    defer { block.deallocate() }
    while true {
      let count = try read(into: block)
      if count == 0 { return content }
      content.append(contentsOf: UnsafeBufferPointer(rebasing: block[0..<count]))
    }
  }
}
