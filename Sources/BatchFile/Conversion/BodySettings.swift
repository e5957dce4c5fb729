import JSONLines

/// Members of the body that are set, replaced or left out: `temperature` to 0.2, `response_format.type` to json_object.
public struct BodySettings: Sendable {
  struct Setting: Sendable {
    var path: [String]
    /// JSON on one line; nil where the member is left out.
    var json: [UInt8]?
  }

  private(set) var settings: [Setting] = []

  public init() {}

  public var isEmpty: Bool { settings.isEmpty }

  /// Adds a member: its path, keys separated by points, and its value, which is JSON or, where it is none, a string.
  ///
  /// - Throws: ``RecipeError`` where the path is empty.
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

  /// Leaves a member out.
  ///
  /// - Throws: ``RecipeError`` where the path is empty.
  public mutating func drop(_ path: String) throws {
    try add(Setting(path: try BodySettings.keys(path), json: nil))
  }

  /// Each setting goes through the whole body.
  private static let most = 1_000

  private mutating func add(_ setting: Setting) throws(RecipeError) {
    // By their bytes: names that only Unicode calls equal are two.
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

  /// Whether a setting gives this member of the body.
  package func sets(_ member: String) -> Bool { settings.contains { $0.path == [member] && $0.json != nil } }

  /// Whether a setting gives this member of the body or something in it.
  package func touches(_ member: String) -> Bool { settings.contains { $0.path.first == member } }

  /// A body's bytes with the settings in it; all other bytes stay as they are.
  func apply(to body: [UInt8]) -> [UInt8] {
    settings.reduce(body) { BodySettings.apply($1, to: $0) }
  }

  private static func apply(_ setting: Setting, to body: [UInt8]) -> [UInt8] {
    let document = JSONDocument()
    return PaddedBytes.withCopy(of: body) { bytes in
      // The body has been scanned before; what is set into it is JSON.
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

  /// Every member of the name goes, with the comma behind it or before it.
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

  /// `{"a":{"b":…}}`
  private static func nested(_ path: ArraySlice<String>, _ json: [UInt8]) -> [UInt8] {
    path.reversed().reduce(json) { inner, key in
      var out: [UInt8] = [ASCII.openBrace]
      JSONText.appendString(key, to: &out)
      return out + [ASCII.colon] + inner + [ASCII.closeBrace]
    }
  }
}
