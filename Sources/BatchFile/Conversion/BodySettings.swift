import JSONLines

/// Members of the body that are set or replaced: `temperature=0.2`, `response_format.type="json_object"`.
public struct BodySettings: Sendable {
  struct Setting: Sendable {
    var path: [String]
    /// JSON on one line.
    var json: [UInt8]
  }

  private(set) var settings: [Setting] = []

  public init() {}

  public var isEmpty: Bool { settings.isEmpty }

  /// Adds `path=JSON`, the path's keys separated by points.
  ///
  /// - Throws: ``SettingError`` where the path is empty or the value is not JSON.
  public mutating func add(_ text: String) throws {
    guard let equals = text.firstIndex(of: "=") else {
      throw SettingError("'\(Words.cut(text))' has no '='; it is PATH=JSON, like temperature=0.2")
    }
    let path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if path.contains("") { throw SettingError("'\(Words.cut(String(text[..<equals])))' is not a path") }
    let value = String(text[text.index(after: equals)...])
    let json = BodySettings.onOneLine(value.utf8)
    let document = JSONDocument()
    if let error = PaddedBytes.withCopy(of: json, { JSONScanner.scan($0, into: document) }) {
      let hint = error.reason == .expectedValue || error.reason == .invalidLiteral ? "; a string needs its quotes" : ""
      throw SettingError("the value of '\(path.joined(separator: "."))' is not JSON: \(error)\(hint)")
    }
    settings.removeAll { $0.path == path }
    settings.append(Setting(path: path, json: json))
  }

  /// Line breaks between tokens become spaces, since a request is one line. In a string they are an error and stay.
  private static func onOneLine(_ json: String.UTF8View) -> [UInt8] {
    var isInString = false
    var isEscaped = false
    return json.map { byte in
      if byte == ASCII.quote, !isEscaped { isInString.toggle() }
      isEscaped = byte == ASCII.backslash && !isEscaped
      return !isInString && (byte == ASCII.newline || byte == ASCII.carriageReturn) ? ASCII.space : byte
    }
  }

  mutating func set(_ member: String, to json: [UInt8]) { settings.append(Setting(path: [member], json: json)) }

  /// Whether a setting gives this member of the body.
  package func sets(_ member: String) -> Bool { settings.contains { $0.path == [member] } }

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
          return insert(setting.path[depth...], setting.json, into: object, of: body)
        }
        let isLast = depth == setting.path.count - 1
        if isLast || member.kind != .object {
          let json = isLast ? setting.json : nested(setting.path[(depth + 1)...], setting.json)
          return Array(body[..<member.range.lowerBound]) + json + Array(body[member.range.upperBound...])
        }
        object = member
      }
      return body
    }
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

/// What is wrong with a `path=JSON`.
public struct SettingError: Error, CustomStringConvertible, Sendable {
  public let description: String

  init(_ description: String) { self.description = description }
}
