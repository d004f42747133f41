import Foundation
import Statistics
import Testing
import Wherefore

@Suite struct TableReadingTests {
  private func read(_ text: String) throws -> TableReading {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "table.csv")
      try Data(text.utf8).write(to: file)
      return try TableReading.read(path: file.path)
    }
  }

  @Test func columnsAreNumbersWhereEveryValueIsOne() throws {
    let reading = try read("a,b,c\n1,x,3\nNA,,1e2\n-0.5,NA,7\n")
    #expect(reading.table.names == ["a", "b", "c"])
    guard case .numbers(let a) = reading.table["a"], case .text(let b) = reading.table["b"],
      case .numbers(let c) = reading.table["c"]
    else {
      Issue.record("a and c are numbers, b is text")
      return
    }
    #expect(a.values[0] == 1 && a.values[1].isNaN && a.values[2] == -0.5 && a.missingCount == 1)
    #expect(b.levels == ["x"] && b.codes == [0, -1, -1] && b.missingCount == 2)
    #expect(c.values == [3, 100, 7])
    #expect(reading.lines == [2, 3, 4])
  }

  @Test func aLateTextTurnsTheWholeColumnIntoText() throws {
    let reading = try read("a\n2\n10\nNA\n\"x,y\"\n2\n")
    guard case .text(let a) = reading.table["a"] else {
      Issue.record("a is text")
      return
    }
    #expect(a.levels == ["10", "2", "x,y"])
    #expect(a.codes == [1, 0, -1, 2, 1])
    #expect(reading.firstTexts.map(\.line) == [5] && reading.firstTexts[0].value == "x,y")
  }

  @Test func infinitiesStayNumbersAndOtherDelimitersAreFound() throws {
    let reading = try read("a;b\nInf;1\n-inf;1e999\n")
    guard case .numbers(let a) = reading.table["a"], case .numbers(let b) = reading.table["b"]
    else {
      Issue.record("both columns are numbers")
      return
    }
    #expect(a.values == [.infinity, -.infinity] && b.values == [1, .infinity])
  }

  @Test func raggedRowsNameTheirLine() throws {
    let error = #expect(throws: TableError.self) { try read("a,b\n1,2\n3\n") }
    #expect(error?.description.contains("line 3: 1 fields, the header has 2") == true)
    #expect(throws: (any Error).self) { try read("a,b\n") }
  }
}
