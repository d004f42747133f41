import InteractionLog
import Testing

/// Reading by chunks gives what reading record by record gives, wherever a block ends and however many
/// threads read.
struct ChunkedReadingTests {
  /// A small generator of its own: InteractionLog stands below the statistics.
  private struct Dice {
    var state: UInt64

    mutating func callAsFunction(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(sides))
    }
  }

  private static let header =
    "interaction_id,customer_id,started_at,channel,intent_confidence,handled_by,resolved,csat"

  /// What a log holds besides plain rows.
  enum Trouble: String, CaseIterable {
    case none, quotes, faults, shapes, everything
  }

  private static func log(_ trouble: Trouble, rows: Int, seed: UInt64) -> String {
    var dice = Dice(state: seed)
    let hasQuotes = trouble == .quotes || trouble == .everything
    let hasFaults = trouble == .faults || trouble == .everything
    let hasShapes = trouble == .shapes || trouble == .everything
    let end = dice(2) == 0 ? "\n" : "\r\n"
    var text = header + end
    for row in 0..<rows {
      var channel = ["chat", "e-mail", "téléphone", ""][dice(4)]
      if hasQuotes && dice(3) == 0 {
        channel = ["\"a,b\"", "\"a\nb\"", "\"a\"\"b\"", "\"\"", "\"\"\"\"", "\"x\r\ny\""][dice(6)]
      }
      var fields = [
        "i\(row)", "c\(dice(rows / 2 + 1))",
        "2026-01-\(10 + dice(20))T\(10 + dice(10)):00:0\(dice(10))Z",
        channel, ["0.5", "", "0.25", "1"][dice(4)], ["ai", "staff", "AI", ""][dice(4)],
        ["true", "false", ""][dice(3)], ["4", "", "2.5"][dice(3)],
      ]
      if hasFaults && dice(8) == 0 {
        switch dice(6) {
        case 0: fields[0] = ""
        case 1: fields[0] = "i\(dice(row + 1))"
        case 2: fields[2] = "yesterday"
        case 3: fields[4] = "1.5"
        case 4: fields[6] = "maybe"
        default: fields[5] = "robot"
        }
      }
      var record = fields.joined(separator: ",")
      if hasShapes && dice(8) == 0 {
        switch dice(5) {
        case 0: record += ",more"
        case 1: record = fields.prefix(3).joined(separator: ",")
        case 2: record += end
        case 3: record = record.replacing("chat", with: "ch\"at")
        default: record = record.replacing("e-mail", with: "\"e\"-mail")
        }
      }
      text += record
      text += hasShapes && dice(20) == 0 ? "\r" : end
    }
    if dice(2) == 0, text.hasSuffix(end) { text.removeLast() }
    return text
  }

  private func read(
    _ path: String, blockSize: Int, threads: Int, byChunks: Bool
  ) throws -> LogReading {
    var reader = LogReader(
      study: .canonical, maximumRejectedShare: 1, threads: threads, blockSize: blockSize)
    reader.readsByChunks = byChunks
    return try reader.read(path: path)
  }

  @Test(arguments: Trouble.allCases)
  func theSameAsRecordByRecord(_ trouble: Trouble) throws {
    for seed in 0..<6 as Range<UInt64> {
      let text = Self.log(trouble, rows: 40 + Int(seed) * 30, seed: seed &* 77 &+ 5)
      try withFile(text.utf8) { path in
        let plain = try read(path, blockSize: 1 << 20, threads: 1, byChunks: false)
        for blockSize in [1, 63, 64, 65, 300, 1_000, 1 << 20] {
          for threads in [1, 3] {
            let chunked = try read(
              path, blockSize: blockSize, threads: threads, byChunks: true)
            let place = "\(trouble), seed \(seed), blocks of \(blockSize), \(threads) threads"
            #expect(chunked.rowsRead == plain.rowsRead, "\(place)")
            #expect(chunked.rejected == plain.rejected, "\(place)")
            #expect(chunked.table.interactionID == plain.table.interactionID, "\(place)")
            #expect(chunked.table.customer == plain.table.customer, "\(place)")
            #expect(chunked.table.startedAt == plain.table.startedAt, "\(place)")
            #expect(rows(chunked) == rows(plain), "\(place)")
          }
        }
      }
    }
  }

  private func rows(_ reading: LogReading) -> [[UInt8]] {
    var rows: [[UInt8]] = []
    reading.forEachCanonicalRow { rows.append($0) }
    return rows
  }

  /// What is wrong with the file as a whole is said alike, lines included.
  @Test(arguments: [
    "i1,c1,2026-01-05T09:00:00Z,chat,,,,\ni2,c1,2026-01-05T09:00:00Z,\"open,,,,\ni3,c,,,,,,\n",
    "i1,c1,2026-01-05T09:00:00Z,chat,,,,\ni2,c1,2026-01-05T09:00:00Z,a\u{0}b,,,,\n", "", "\n\n",
  ])
  func theSameErrors(_ records: String) throws {
    let text = Self.header + "\n" + records
    try withFile(text.utf8) { path in
      let expected = message {
        _ = try read(path, blockSize: 1 << 20, threads: 1, byChunks: false)
      }
      #expect(expected != "nothing was thrown")
      for blockSize in [1, 17, 64, 1 << 20] {
        let found = message {
          _ = try read(path, blockSize: blockSize, threads: 2, byChunks: true)
        }
        #expect(found == expected, "blocks of \(blockSize)")
      }
    }
  }
}
