import Testing

/// One `import` of a source file.
struct ImportLine: Equatable {
  var module: String
  var isTestable: Bool

  /// Reads attributes, an access level and a kind before the module's name; nil for other lines.
  init?(_ line: String) {
    // Most lines are out at once; the pattern is slow.
    guard line.contains("import") else { return nil }
    let declaration =
      #/^\s*(?<attributes>(?:@\w+(?:\([^)]*\))?\s+)*)(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(?<module>\w+)/#
    guard let match = line.firstMatch(of: declaration) else { return nil }
    module = String(match.module)
    isTestable = match.attributes.contains("@testable")
  }
}

@Suite struct ImportDirectionTests {
  @Test func everyImportIsInTheTable() throws {
    var imports = 0
    for path in try Repository.swiftSources(below: "Sources") {
      let target = String(path.split(separator: "/")[1])
      #expect(ModuleTable.targets[target] != nil, "\(target) is not a target of the design")
      for (index, line) in try Repository.lines(of: path).enumerated() {
        guard let found = ImportLine(line) else { continue }
        imports += 1
        if let objection = ModuleTable.objection(to: found.module, in: target) {
          Issue.record("\(path):\(index + 1): import \(found.module): \(objection)")
        }
      }
    }
    #expect(imports > 0, "no import was found below Sources: the reading of them is broken")
  }

  @Test func testsSeeWhatIsDeclaredForThem() throws {
    for path in try Repository.swiftSources(below: "Tests") {
      for (index, line) in try Repository.lines(of: path).enumerated() {
        let isTestable = ImportLine(line)?.isTestable ?? false
        #expect(
          !isTestable, "\(path):\(index + 1): use package access, @testable needs another build")
      }
    }
  }

  @Test(arguments: [
    ("import Statistics", "Statistics"),
    ("  public import InteractionLog  // why", "InteractionLog"),
    ("@preconcurrency import Yams", "Yams"),
    ("@_spi(Testing) internal import Crypto", "Crypto"),
    ("import struct OrderedCollections.OrderedDictionary", "OrderedCollections"),
  ])
  func importLinesAreRead(line: String, module: String) {
    #expect(ImportLine(line)?.module == module)
  }

  @Test(arguments: ["// import Yams", "let important = 1", "/// Imports: import Foo", "importer()"])
  func otherLinesAreNotImports(line: String) {
    #expect(ImportLine(line) == nil)
  }

  @Test func upwardAndForeignImportsAreObjectedTo() {
    #expect(ModuleTable.objection(to: "Attribution", in: "Statistics") != nil)
    #expect(ModuleTable.objection(to: "CLAPACK", in: "Wherefore") != nil)
    #expect(ModuleTable.objection(to: "Yams", in: "Wherefore") != nil)
    #expect(ModuleTable.objection(to: "OrderedCollections", in: "Statistics") != nil)
    #expect(ModuleTable.objection(to: "Surge", in: "LinearAlgebra") != nil)
    #expect(ModuleTable.objection(to: "InteractionLog", in: "WhereforeCommand") != nil)
    #expect(ModuleTable.objection(to: "InteractionLog", in: "Wherefore") == nil)
    #expect(ModuleTable.objection(to: "FoundationEssentials", in: "LinearAlgebra") == nil)
  }

  @Test func tableItselfHasNoCycle() {
    for (target, allowed) in ModuleTable.targets {
      for module in allowed {
        #expect(
          !(ModuleTable.targets[module] ?? []).contains(target), "\(target) and \(module)")
      }
    }
  }
}
