import Yams

/// One node of a study's YAML, with the path and line that its errors name.
struct StudyNode {
  let node: Node
  let file: String
  let path: String

  var line: Int { node.mark?.line ?? 0 }

  func fault(_ kind: StudyFault.Kind) -> LogError {
    .study(StudyFault(file: file, line: line, path: path, kind: kind))
  }

  func badValue(_ expected: String) -> LogError {
    fault(.badValue(value: shown, expected: expected))
  }

  private var shown: String {
    switch node {
    case .scalar(let scalar): scalar.string
    case .mapping: "{…}"
    case .sequence: "[…]"
    case .alias: "*…"
    }
  }

  var isNull: Bool {
    if case .scalar = node { node.null != nil } else { false }
  }

  /// The entries of a mapping, in the file's order.
  ///
  /// `known` are the keys that it may have, nil where they are the user's own.
  func entries(known: [String]?) throws(LogError) -> [(key: String, value: StudyNode)] {
    guard case .mapping(let mapping) = node else { throw badValue("keys with values") }
    var result: [(key: String, value: StudyNode)] = []
    for (keyNode, value) in mapping {
      guard case .scalar(let scalar) = keyNode else { throw badValue("keys that are plain names") }
      let key = scalar.string
      if let known, !known.contains(key) {
        let nearest = NearestName.candidates(for: key, among: known).first
        throw LogError.study(
          StudyFault(
            file: file, line: keyNode.mark?.line ?? line, path: path,
            kind: .unknownKey(key: key, nearest: nearest, known: known)))
      }
      let child = path.isEmpty ? key : "\(path).\(key)"
      result.append((key, StudyNode(node: value, file: file, path: child)))
    }
    return result
  }

  func elements() throws(LogError) -> [StudyNode] {
    guard case .sequence(let sequence) = node else { throw badValue("a list") }
    return sequence.enumerated().map {
      StudyNode(node: $0.element, file: file, path: "\(path)[\($0.offset)]")
    }
  }

  func string() throws(LogError) -> String {
    guard case .scalar(let scalar) = node, !isNull else { throw badValue("text") }
    return scalar.string
  }

  /// Text that is not blank.
  func name() throws(LogError) -> String {
    let text = try string()
    guard text.utf8.contains(where: { $0 > 0x20 }) else { throw badValue("a name") }
    return text
  }

  func strings() throws(LogError) -> [String] {
    var result: [String] = []
    for element in try elements() { result.append(try element.string()) }
    return result
  }

  func bool() throws(LogError) -> Bool {
    guard case .scalar = node, let value = node.bool else { throw badValue("true or false") }
    return value
  }

  /// A finite number for which `accepts` holds.
  func number(_ expected: String, where accepts: (Double) -> Bool) throws(LogError) -> Double {
    guard case .scalar(let scalar) = node else { throw badValue(expected) }
    var text = scalar.string
    guard let value = text.withUTF8({ NumberText.parse($0) }), accepts(value) else {
      throw badValue(expected)
    }
    return value
  }
}
