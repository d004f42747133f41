import COpenSSL
import InteractionLog

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Names for people that only the holder of a key can make: HMAC-SHA256 (RFC 2104) of column and
/// value, its first 128 bits in hexadecimal digits.
///
/// The same key gives the same pseudonyms, so that runs over several logs still join. Without the key
/// nobody can try out ids to see which pseudonym is whose, as a plain hash would let them.
public struct PseudonymKey: Sendable {
  private let bytes: [UInt8]

  /// Least length of a key, bytes.
  public static let minimumLength = 16

  /// Reads a key: the file's bytes without white space at their end.
  ///
  /// - Throws: `PseudonymError`.
  public init(path: String) throws(PseudonymError) {
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .keyMissing(path: path)
    }
    guard !isDirectory, let data = FileManager.default.contents(atPath: path) else {
      throw .keyUnreadable(path: path)
    }
    var bytes = [UInt8](data)
    while let last = bytes.last, [9, 10, 13, 32].contains(last) { bytes.removeLast() }
    guard !bytes.isEmpty else { throw .keyEmpty(path: path) }
    guard bytes.count >= Self.minimumLength else {
      throw .keyTooShort(path: path, length: bytes.count)
    }
    self.bytes = bytes
  }

  /// A key of its own.
  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// HMAC-SHA256 of a message under the key, 32 bytes.
  package func authenticationCode(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let done = HMAC(
      EVP_sha256(), bytes, Int32(bytes.count), message, message.count, &digest, &length)
    precondition(done != nil && length == 32, "OpenSSL gave no authentication code")
    return digest
  }

  /// The pseudonym of a column's value. Columns have names of their own: a customer and a member of
  /// staff with the same id are not told to be one.
  package func pseudonym(column: String, value: String) -> String {
    let code = authenticationCode(Array(column.utf8) + [0] + Array(value.utf8))
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: code.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
      as: UTF8.self)
  }

  /// A log with pseudonyms in the columns that the study calls personal.
  ///
  /// - Throws: `PseudonymError` where the study calls none so, or one that is no text.
  package func apply(to reading: LogReading, study: Study) throws(PseudonymError) -> LogReading {
    guard !study.personal.isEmpty else { throw .nothingPersonal }
    // Names that nobody can read cannot be normalised any more.
    var reading = reading
    reading.table = reading.table.normalised(by: study.identity)
    do throws(PseudonymFault) {
      return try reading.pseudonymised(personal: study.personal) {
        pseudonym(column: $0, value: $1)
      }
    } catch {
      throw .notText(column: error.column)
    }
  }

  /// A customers file with the pseudonyms that its customers have in the log.
  package func apply(to customers: CustomerTable, study: Study) -> CustomerTable {
    guard study.personal.contains("customer_id") else { return customers }
    return customers.pseudonymised {
      pseudonym(column: "customer_id", value: study.identity.normalised($0))
    }
  }
}

/// Why people could not be given other names.
public enum PseudonymError: ExitCoded, Equatable {
  case keyMissing(path: String)
  case keyUnreadable(path: String)
  case keyEmpty(path: String)
  case keyTooShort(path: String, length: Int)
  case nothingPersonal
  case notText(column: String)

  public var exitCode: Int32 {
    switch self {
    case .keyMissing, .keyUnreadable: 66
    case .keyEmpty, .keyTooShort, .nothingPersonal, .notText: 65
    }
  }

  public var description: String {
    let make = "make one with: openssl rand -hex 32 > KEYFILE"
    return switch self {
    case .keyMissing(let path): "\(path): there is no such key file; \(make)"
    case .keyUnreadable(let path):
      "\(path): the key file cannot be read; expected a file that this user may read"
    case .keyEmpty(let path): "\(path): the key file is empty; \(make)"
    case .keyTooShort(let path, let length):
      "\(path): the key has \(length) bytes, expected at least \(PseudonymKey.minimumLength), for a "
        + "short key can be guessed; \(make)"
    case .nothingPersonal:
      "the study calls no column personal, so that there is nothing to give pseudonyms to; name the "
        + "columns in its key personal"
    case .notText(let column):
      "the personal column \(column) is a number, a time or a flag, and a pseudonym is a text; take it "
        + "out of the study, or use it as a text"
    }
  }
}
