import Testing
import Wherefore

/// The examples of FIPS 180-4 for SHA-256, as NIST publishes them, and bytes in pieces.
struct ContentHashTests {
  private func digest(_ pieces: [[UInt8]]) -> String {
    let hash = ContentHash()
    for piece in pieces { hash.update(piece) }
    return hash.hexDigest()
  }

  @Test func publishedExamples() {
    #expect(
      digest([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      digest([Array("abc".utf8)])
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(
      digest([million]) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(digest([Array(million[..<17]), [], Array(million[17...])]) == digest([million]))
  }
}
