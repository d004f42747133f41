import COpenSSL

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, by OpenSSL.
package final class ContentHash {
  private let context: OpaquePointer

  package init() {
    // OpenSSL gives no context and no SHA-256 only where memory is out or it was built without.
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      fatalError("OpenSSL offers no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package func update(_ bytes: [UInt8]) {
    let done = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    precondition(done == 1, "OpenSSL refused bytes to hash")
  }

  /// The digest in 64 hexadecimal digits; ends the hash.
  package func hexDigest() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    precondition(
      EVP_DigestFinal_ex(context, &digest, &length) == 1 && length == 32, "OpenSSL gave no digest")
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
