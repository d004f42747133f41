/// Turns Codable values into a `JSONValue` whose keys are sorted (UTF-8 bytes).
///
/// Unlike Foundation's encoder it writes `null` for a nil property, so that every key of the schema
/// is always there, and refuses numbers that are not finite with the path of their key.
package enum JSONTreeEncoder {
  /// - Throws: `ReportError.notFinite` for NaN and infinity.
  package static func tree<Value: Encodable>(_ value: Value) throws -> JSONValue {
    let node = Node()
    try TreeEncoder(node: node, codingPath: []).write(value)
    return node.value
  }
}

/// A place in the tree that one value is written to.
private final class Node {
  enum Content {
    case scalar(JSONValue)
    case array([Node])
    case object([String: Node])
  }
  var content = Content.object([:])

  var value: JSONValue {
    switch content {
    case .scalar(let value): value
    case .array(let nodes): .array(nodes.map(\.value))
    case .object(let nodes):
      .object(
        nodes.map { JSONValue.Member($0.key, $0.value.value) }
          .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    }
  }

  func member(_ key: String) -> Node {
    let node = Node()
    if case .object(var nodes) = content {
      content = .array([])  // So that the dictionary is not copied.
      nodes[key] = node
      content = .object(nodes)
    } else {
      content = .object([key: node])
    }
    return node
  }

  func element() -> Node {
    let node = Node()
    if case .array(var nodes) = content {
      content = .object([:])  // So that the array is not copied.
      nodes.append(node)
      content = .array(nodes)
    } else {
      content = .array([node])
    }
    return node
  }

  var count: Int { if case .array(let nodes) = content { nodes.count } else { 0 } }
}

private struct TreeEncoder: Encoder, SingleValueEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.content = .object([:])
    return KeyedEncodingContainer(KeyedTree<Key>(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.content = .array([])
    return UnkeyedTree(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func write<Value: Encodable>(_ value: Value) throws {
    switch value {
    case let number as Double: try encode(number)
    case let text as String: encode(text)
    case let flag as Bool: encode(flag)
    case let integer as any FixedWidthInteger: encode(integer: integer)
    default: try value.encode(to: self)
    }
  }

  func encodeNil() { node.content = .scalar(.null) }
  func encode(_ value: Bool) { node.content = .scalar(.bool(value)) }
  func encode(_ value: String) { node.content = .scalar(.string(value)) }
  func encode(_ value: Double) throws {
    guard value.isFinite else {
      throw ReportError.notFinite(path: JSONPath.text(codingPath), value: value.description)
    }
    node.content = .scalar(.number(value))
  }
  func encode(_ value: Float) throws { try encode(Double(value)) }
  func encode(_ value: Int) { encode(integer: value) }
  func encode(_ value: Int8) { encode(integer: value) }
  func encode(_ value: Int16) { encode(integer: value) }
  func encode(_ value: Int32) { encode(integer: value) }
  func encode(_ value: Int64) { encode(integer: value) }
  func encode(_ value: UInt) { encode(integer: value) }
  func encode(_ value: UInt8) { encode(integer: value) }
  func encode(_ value: UInt16) { encode(integer: value) }
  func encode(_ value: UInt32) { encode(integer: value) }
  func encode(_ value: UInt64) { encode(integer: value) }
  func encode<Value: Encodable>(_ value: Value) throws { try write(value) }

  private func encode(integer value: some FixedWidthInteger) {
    node.content = .scalar(Int(exactly: value).map(JSONValue.integer) ?? .unsigned(UInt64(value)))
  }
}

private struct KeyedTree<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: Node
  let codingPath: [any CodingKey]

  private func encoder(_ key: any CodingKey) -> TreeEncoder {
    TreeEncoder(node: node.member(key.stringValue), codingPath: codingPath + [key])
  }
  private func encodeOrNull<Value: Encodable>(_ value: Value?, _ key: Key) throws {
    if let value { try encoder(key).write(value) } else { encoder(key).encodeNil() }
  }

  func encodeNil(forKey key: Key) { encoder(key).encodeNil() }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try encoder(key).write(value)
  }

  // Synthesised conformances call these for optional properties; the default leaves out the key.
  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try encodeOrNull(value, key) }
  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    try encodeOrNull(value, key)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy keyType: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    encoder(key).container(keyedBy: keyType)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder(key).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { encoder(JSONPath.Key(stringValue: "super")) }
  func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }
}

private struct UnkeyedTree: UnkeyedEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]
  var count: Int { node.count }

  private func encoder() -> TreeEncoder {
    let key = JSONPath.Key(intValue: count)
    return TreeEncoder(node: node.element(), codingPath: codingPath + [key])
  }

  func encodeNil() { encoder().encodeNil() }
  func encode<Value: Encodable>(_ value: Value) throws { try encoder().write(value) }
  func nestedContainer<Nested: CodingKey>(
    keyedBy keyType: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    encoder().container(keyedBy: keyType)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
  func superEncoder() -> any Encoder { encoder() }
}

/// Where in a document a value stands, as `modes[3].caused.ci95[0]`.
enum JSONPath {
  struct Key: CodingKey {
    let stringValue: String
    let intValue: Int?
    init(stringValue: String) {
      self.stringValue = stringValue
      intValue = nil
    }
    init(intValue: Int) {
      stringValue = String(intValue)
      self.intValue = intValue
    }
  }

  static func text(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return text.isEmpty ? "the document" : text
  }
}
