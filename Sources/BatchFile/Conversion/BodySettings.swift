import JSONLines

/// Changes to the members of each body. For example, they set `temperature` to 0.2 and `response_format.type` to
/// json_object, and remove `user`.
public struct BodySettings: Sendable {
  struct Setting: Sendable {
    /// The keys that lead to the member.
    var path: [String]
    /// The member's new value as JSON on one line; nil where the member is removed.
    var json: [UInt8]?
  }

  private(set) var settings: [Setting] = []

  public init() {}

  public var isEmpty: Bool { settings.isEmpty }

  /// Sets a member.
  ///
  /// - Parameters:
  ///   - path: the keys that lead to the member, separated by points.
  ///   - value: the member's value as JSON; a text that is not JSON becomes a JSON string.
  /// - Throws: ``RecipeError`` where a key of the path is empty, or where there are more than 1,000 settings.
  public mutating func set(_ path: String, to value: String) throws {
    let keys = try BodySettings.keys(path)
    var json = JSONText.withoutWhiteSpace(value.utf8)
    let document = JSONDocument()
    if PaddedBytes.withCopy(of: json, { JSONScanner.scan($0, into: document) }) != nil {
      json = []
      JSONText.appendString(value, to: &json)
    }
    try add(Setting(path: keys, json: json))
  }

  /// Removes a member.
  ///
  /// - Throws: ``RecipeError`` where a key of the path is empty, or where there are more than 1,000 settings.
  public mutating func drop(_ path: String) throws {
    try add(Setting(path: try BodySettings.keys(path), json: nil))
  }

  /// The most settings. Each one costs a scan of the whole body, for each request.
  private static let most = 1_000

  private mutating func add(_ setting: Setting) throws(RecipeError) {
    // Names are compared as bytes, because `String ==` takes some different spellings as equal.
    settings.removeAll { $0.path.elementsEqual(setting.path) { $0.utf8.elementsEqual($1.utf8) } }
    if settings.count >= BodySettings.most {
      throw RecipeError.setting("there are more than \(BodySettings.most) settings")
    }
    settings.append(setting)
  }

  private static func keys(_ path: String) throws(RecipeError) -> [String] {
    let keys = path.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
    if keys.contains("") { throw RecipeError.setting("'\(Words.cut(path))' is not a path") }
    return keys
  }

  mutating func set(_ member: String, to json: [UInt8]) { settings.append(Setting(path: [member], json: json)) }

  /// Whether a setting gives this member of the body a value.
  package func sets(_ member: String) -> Bool { settings.contains { $0.path == [member] && $0.json != nil } }

  /// Whether a setting sets or removes this member of the body or a value inside it.
  package func touches(_ member: String) -> Bool { settings.contains { $0.path.first == member } }

  /// A body's bytes after all settings were made. All other bytes stay as they are.
  func apply(to body: [UInt8]) -> [UInt8] {
    settings.reduce(body) { BodySettings.apply($1, to: $0) }
  }

  private static func apply(_ setting: Setting, to body: [UInt8]) -> [UInt8] {
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: body) { bytes in
      // This does not fail: the body was found to be JSON before, and only JSON is set into it.
      guard JSONScanner.scan(bytes, into: document) == nil else { return body }
      var object = document.root
      for (depth, key) in setting.path.enumerated() {
        guard let member = object.member(named: key) else {
          guard let json = setting.json else { return body }
          return insert(setting.path[depth...], json, into: object, of: body)
        }
        let isLast = depth == setting.path.count - 1
        if isLast || member.kind != .object {
          guard let value = setting.json else { return isLast ? remove(key, from: object, of: body) : body }
          let json = isLast ? value : nested(setting.path[(depth + 1)...], value)
          return Array(body[..<member.range.lowerBound]) + json + Array(body[member.range.upperBound...])
        }
        object = member
      }
      return body
    }
  }

  /// Removes every member with this name, and the comma after or before it.
  private static func remove(_ name: String, from object: JSONValue, of body: [UInt8]) -> [UInt8] {
    var kept: [[UInt8]] = []
    for (key, value) in object.fields where !key.hasText(name) {
      kept.append(Array(body[key.range.lowerBound..<value.range.upperBound]))
    }
    let inside = kept.joined(separator: [ASCII.comma])
    return Array(body[...object.range.lowerBound]) + inside + Array(body[(object.range.upperBound - 1)...])
  }

  private static func insert(
    _ path: ArraySlice<String>, _ json: [UInt8], into object: JSONValue, of body: [UInt8]
  ) -> [UInt8] {
    let isEmpty = object.nextIndex == object.index + 1
    var end = object.range.upperBound - 1
    while !isEmpty, ASCII.isBlank(body[end - 1]) { end -= 1 }
    let inside = nested(path, json).dropFirst().dropLast()
    return Array(body[..<end]) + (isEmpty ? [] : [ASCII.comma]) + inside + Array(body[end...])
  }

  /// The value inside one object for each key of the path: `{"a":{"b":…}}` for `a.b`.
  private static func nested(_ path: ArraySlice<String>, _ json: [UInt8]) -> [UInt8] {
    path.reversed().reduce(json) { inner, key in
      var out: [UInt8] = [ASCII.openBrace]
      JSONText.appendString(key, to: &out)
      return out + [ASCII.colon] + inner + [ASCII.closeBrace]
    }
  }
}
