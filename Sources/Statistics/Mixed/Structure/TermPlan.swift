/// In which order the random terms are eliminated, and how their levels are numbered there.
///
/// Terms go by falling number of levels. The first, and those that each contain the one before
/// (class in school in district), form a chain whose blocks stay block-diagonal through the
/// elimination; all others are crossed and go to the dense remainder.
struct TermPlan: Sendable {
  struct Term: Sendable {
    /// Its place among the input's terms.
    let input: Int
    let group: String
    /// Effects a level.
    let width: Int
    /// The input's code of each level here.
    let inputCodes: [Int32]

    var levels: Int { inputCodes.count }
    var effects: Int { inputCodes.count * width }
  }

  let terms: [Term]
  /// Leading terms that are nested each in the next.
  let chainCount: Int
  /// The level of every input row, by term.
  let codes: [[Int32]]
  /// The parent's level of every level, for each chain term but the last.
  let chainParents: [[Int32]]

  /// - Throws: `.oneLevel`.
  init(_ input: [RandomTerm]) throws(MixedModelError) {
    var used: [(term: Term, codes: [Int32])] = []
    for (index, term) in input.enumerated() {
      used.append(Self.compress(term, index))
      let last = used[index].term
      if last.levels == 1 {
        throw .oneLevel(group: term.group, level: term.levels[Int(last.inputCodes[0])])
      }
    }
    used.sort {
      ($1.term.levels, $1.term.width, $0.term.input)
        < ($0.term.levels, $0.term.width, $1.term.input)
    }
    var parents: [[Int32]] = []
    while parents.count + 1 < used.count,
      let found = Self.parents(
        of: used[parents.count].codes, used[parents.count].term.levels,
        in: used[parents.count + 1].codes)
    {
      parents.append(found)
    }
    // From the top down, children take the order of their parents.
    for t in stride(from: parents.count - 1, through: 0, by: -1) {
      let order = used[t].term.inputCodes.indices.sorted {
        (parents[t][$0], $0) < (parents[t][$1], $1)
      }
      parents[t] = order.map { parents[t][$0] }
      Self.renumber(&used[t], order)
      if t > 0 {
        let places = Self.inverse(order)
        parents[t - 1] = parents[t - 1].map { places[Int($0)] }
      }
    }
    terms = used.map(\.term)
    codes = used.map(\.codes)
    chainParents = parents
    chainCount = parents.count + 1
  }

  /// The term with the levels that have rows, in the order of their codes.
  private static func compress(_ term: RandomTerm, _ index: Int) -> (term: Term, codes: [Int32]) {
    var places = [Int32](repeating: -1, count: term.levels.count)
    for code in term.codes { places[Int(code)] = 0 }
    var inputCodes: [Int32] = []
    for code in places.indices where places[code] == 0 {
      places[code] = Int32(inputCodes.count)
      inputCodes.append(Int32(code))
    }
    return (
      Term(input: index, group: term.group, width: term.width, inputCodes: inputCodes),
      term.codes.map { places[Int($0)] }
    )
  }

  /// The level of the upper term that holds each level of the lower; nil where one is in two.
  private static func parents(of lower: [Int32], _ levels: Int, in upper: [Int32]) -> [Int32]? {
    var parents = [Int32](repeating: -1, count: levels)
    for (child, parent) in zip(lower, upper) {
      let known = parents[Int(child)]
      if known >= 0, known != parent { return nil }
      parents[Int(child)] = parent
    }
    return parents
  }

  private static func renumber(_ entry: inout (term: Term, codes: [Int32]), _ order: [Int]) {
    let places = inverse(order)
    let term = entry.term
    entry = (
      Term(
        input: term.input, group: term.group, width: term.width,
        inputCodes: order.map { term.inputCodes[$0] }),
      entry.codes.map { places[Int($0)] }
    )
  }

  private static func inverse(_ order: [Int]) -> [Int32] {
    var places = [Int32](repeating: 0, count: order.count)
    for (place, item) in order.enumerated() { places[item] = Int32(place) }
    return places
  }
}
