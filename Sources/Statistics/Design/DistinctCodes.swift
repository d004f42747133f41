/// The distinct values of a column as codes that ascend with them.
struct DistinctCodes {
  /// One a row.
  let codes: [Int32]
  /// Distinct values.
  let count: Int

  /// Most distinct values that are looked for; a quarter of the slots.
  private static let most = 512

  /// nil where there are too many values, which the first rows show if values are drawn anew.
  init?(_ column: [Double], threads: Int) {
    let blocks = RowBlocks(rowCount: column.count)
    let parts = parallelMap(count: blocks.count, threads: threads) { block in
      column.withUnsafeBufferPointer {
        Self.codes(UnsafeBufferPointer(rebasing: $0[blocks[block]]))
      }
    }
    var all: [Double] = []
    for part in parts {
      guard let part else { return nil }
      all += part.values
    }
    guard !all.contains(where: \.isNaN) else { return nil }
    var distinct: [Double] = []
    for value in all.sorted() where value != distinct.last { distinct.append(value) }
    guard distinct.count <= Self.most else { return nil }
    let ranks = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
    let ranksOfParts = parts.map { part in (part?.values ?? []).map { ranks[$0] ?? 0 } }
    codes = parallelArray(count: column.count, threads: threads) { rows, target in
      let block = rows.lowerBound / RowBlocks.size
      guard let part = parts[block] else { return }
      ranksOfParts[block].withUnsafeBufferPointer { ranks in
        part.codes.withUnsafeBufferPointer { codes in
          for row in rows { target[row] = ranks[Int(codes[row - rows.lowerBound])] }
        }
      }
    }
    count = distinct.count
  }

  /// A block's values in the order they appear, with a code for each row.
  private static func codes(
    _ column: UnsafeBufferPointer<Double>
  ) -> (values: [Double], codes: [Int32])? {
    // A hash of the bits finds most values at once; new ones are rare or end the search.
    let slotBits = 11
    let slotCount = 1 << slotBits
    let held = Scratch<Double>(count: slotCount, repeating: 0)
    let codeOfSlot = Scratch<Int32>(count: slotCount, repeating: -1)
    var values: [Double] = []
    let codes = [Int32](unsafeUninitializedCapacity: column.count) { codes, count in
      for row in column.indices {
        let value = column[row]
        // Zero has two bit patterns, of which the sum is one. Round numbers differ in their highest
        // bits only, which only the highest bits of a product depend on.
        let hash = ((value + 0).bitPattern &* 0x9E37_79B9_7F4A_7C15) >> (64 - slotBits)
        var slot = Int(truncatingIfNeeded: hash)
        while codeOfSlot.base[slot] >= 0, held.base[slot] != value {
          slot = (slot + 1) & (slotCount - 1)
        }
        if codeOfSlot.base[slot] < 0 {
          if values.count == most { return }
          codeOfSlot.base[slot] = Int32(values.count)
          held.base[slot] = value
          values.append(value)
        }
        codes[row] = codeOfSlot.base[slot]
      }
      count = column.count
    }
    return codes.count == column.count ? (values, codes) : nil
  }
}
