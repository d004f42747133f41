import InteractionLog
import OrderedCollections
import RepeatContacts
import Statistics
import Testing

@Suite("Distinct rows of codes")
struct CellIndexTests {
  @Test("Numbers come in order of first appearance and survive growth")
  func againstADictionary() {
    var stream = RandomStream(seed: 61)
    var index = CellIndex(width: 3)
    var seen: [[Int32]: Int32] = [:]
    for _ in 0..<20_000 {
      let row = (0..<3).map { _ in Int32(stream.int(below: 14)) - 1 }
      let expected = seen[row] ?? Int32(seen.count)
      #expect(index.number(of: row) == expected)
      seen[row] = expected
    }
    #expect(index.count == seen.count && seen.count > 2_048)
    for (row, number) in seen { #expect(Array(index[Int(number)]) == row) }
  }
}

@Suite("Context as factors")
struct ContextTableTests {
  private func text(_ values: [String?]) -> Column {
    let distinct = Set(values.compactMap { $0 }).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    return .text(
      TextColumn(
        codes: values.map { $0.flatMap { distinct.firstIndex(of: $0) }.map(Int32.init) ?? -1 },
        values: distinct))
  }

  private func table(_ columns: OrderedDictionary<String, Column>, rows: Int) -> InteractionTable {
    let none = TextColumn(codes: [Int32](repeating: -1, count: rows), values: [])
    return InteractionTable(
      interactionID: (0..<rows).map { "i\($0)" }, customer: none,
      startedAt: [Int64](repeating: 0, count: rows), topic: none, columns: columns)
  }

  /// The level of each row as text, read back from combinations and design columns.
  private func levels(_ context: ContextTable, factor: Int) -> [String] {
    let f = context.factors[factor]
    return context.combination.map { combination in
      let mine = context.columns[Int(combination)].filter { f.column.contains($0) }
      guard let column = mine.first, let level = f.column.firstIndex(of: column) else {
        return f.levels[f.reference]
      }
      return f.levels[level]
    }
  }

  @Test("Rare texts are pooled, missing ones are a level, the most frequent is the reference")
  func pooling() {
    var values: [String?] = []
    for (value, count) in [("chat", 40), ("phone", 60), ("fax", 19), ("pager", 3), ("mail", 20)] {
      values += [String?](repeating: value, count: count)
    }
    values += [nil, nil]
    let context = ContextTable(
      table: table(["channel": text(values)], rows: values.count), names: ["channel", "absent"])
    #expect(context.factors.map(\.name) == ["channel"])
    #expect(context.factors[0].levels == ["chat", "mail", "phone", "(other)", "(missing)"])
    #expect(context.factors[0].reference == 2)
    #expect(
      context.columnNames
        == ["channel=chat", "channel=mail", "channel=(other)", "channel=(missing)"])
    let expected = values.map { value -> String in
      guard let value else { return "(missing)" }
      return value == "fax" || value == "pager" ? "(other)" : value
    }
    #expect(levels(context, factor: 0) == expected)
  }

  @Test("At most sixty levels are kept apart, the most frequent")
  func manyLevels() {
    var values: [String?] = []
    for level in 0..<80 { values += [String?](repeating: "v\(100 + level)", count: 20 + level) }
    let context = ContextTable(
      table: table(["channel": text(values)], rows: values.count), names: ["channel"])
    #expect(context.factors[0].levels.count == ContextTable.maximumLevels + 1)
    #expect(context.factors[0].levels.first == "v120")
    #expect(context.factors[0].levels.last == "(other)")
  }

  @Test("Numbers are cut at their quintiles; missing is a level of its own")
  func bins() {
    var numbers = (0..<100).map(Double.init)
    numbers += [.nan, .nan]
    let context = ContextTable(
      table: table(["tenure": .number(NumberColumn(storage: numbers))], rows: 102),
      names: ["tenure"])
    #expect(
      context.factors[0].levels
        == ["below 20.0", "from 20.0", "from 40.0", "from 60.0", "from 80.0", "(missing)"])
    let found = levels(context, factor: 0)
    for (row, number) in numbers.enumerated() {
      let expected =
        number.isNaN
        ? "(missing)" : number < 20 ? "below 20.0" : "from \(Double(Int(number) / 20 * 20))"
      #expect(found[row] == expected)
    }
  }

  @Test("A number that is nearly always the same has no empty bins; a constant is no factor")
  func lumpyNumbers() {
    let lumpy = (0..<100).map { $0 < 70 ? 0.0 : Double($0) }
    let context = ContextTable(
      table: table(
        [
          "lumpy": .number(NumberColumn(storage: lumpy)),
          "same": .number(NumberColumn(storage: lumpy.map { _ in 3 })),
        ], rows: 100), names: ["lumpy", "same"])
    #expect(context.factors.map(\.name) == ["lumpy"])
    let found = levels(context, factor: 0)
    #expect(context.factors[0].levels.allSatisfy { found.contains($0) })
  }

  @Test("Flags are no, yes and missing; combinations are those that occur")
  func flags() {
    let flags: [Int8] = [1, 0, 0, -1, 0, 1, 0, 0]
    let other: [Int8] = [1, 1, 0, 0, 0, 1, 0, 0]
    let context = ContextTable(
      table: table(
        [
          "vip": .flag(FlagColumn(storage: flags)), "peak": .flag(FlagColumn(storage: other)),
        ], rows: 8), names: ["vip", "peak"])
    #expect(context.factors.map(\.levels) == [["no", "yes", "(missing)"], ["no", "yes"]])
    #expect(
      levels(context, factor: 0) == ["yes", "no", "no", "(missing)", "no", "yes", "no", "no"])
    #expect(levels(context, factor: 1) == ["yes", "yes", "no", "no", "no", "yes", "no", "no"])
    // yes-yes, no-yes, no-no, missing-no.
    #expect(context.columns.count == 4)
    #expect(context.combination == [0, 1, 2, 3, 2, 0, 2, 2])
  }
}
