import Foundation
import Testing
import Wherefore

@Suite struct VegaBundleTests {
  @Test func placesAreTriedFromTheInstalledToTheBuilt() {
    let bundle = VegaBundle(
      named: nil, executable: "/opt/w/.build/release/wherefore", currentDirectory: "/data")
    #expect(
      bundle.places == [
        "/opt/w/.build/share/wherefore/vega-embed.js",
        "/data/.build/vega/vega-embed.js",
        "/opt/w/.build/release/.build/vega/vega-embed.js",
        "/opt/w/.build/.build/vega/vega-embed.js",
        "/opt/w/.build/vega/vega-embed.js",
        "/opt/.build/vega/vega-embed.js",
      ])
  }

  @Test func aNamedBundleIsTakenAtItsWord() {
    let bundle = VegaBundle(named: "/no/such.js", executable: nil, currentDirectory: "/data")
    #expect(bundle.location == "/no/such.js")
  }

  @Test func anEmptyNameCountsAsNone() {
    let bundle = VegaBundle(named: "", executable: nil, currentDirectory: "/no/such/folder")
    #expect(bundle.location == nil)
  }

  @Test func theInstalledBundleComesFirst() throws {
    try withTemporaryFolder { folder in
      func write(_ path: String) throws -> String {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("export {}".utf8).write(to: file)
        return file.path
      }
      let bundle = VegaBundle(
        named: nil, executable: folder.path + "/usr/bin/wherefore",
        currentDirectory: folder.path + "/checkout")
      #expect(bundle.location == nil)
      let built = try write("checkout/.build/vega/vega-embed.js")
      #expect(bundle.location == built)
      let installed = try write("usr/share/wherefore/vega-embed.js")
      #expect(bundle.location == installed)
    }
  }
}
