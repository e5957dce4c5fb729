import Foundation

/// A JSON object of an API, read leniently: a member of another type than expected counts as missing.
struct WireObject {
  let members: [String: Any]

  init(members: [String: Any]) { self.members = members }

  /// Nil where the bytes are not a JSON object.
  init?(_ bytes: [UInt8]) {
    guard let members = WireObject.value(bytes) as? [String: Any] else { return nil }
    self.members = members
  }

  static func value(_ bytes: [UInt8]) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
  }

  func object(_ name: String) -> WireObject? { (members[name] as? [String: Any]).map(WireObject.init(members:)) }

  func objects(_ name: String) -> [WireObject]? {
    (members[name] as? [Any])?.compactMap { $0 as? [String: Any] }.map(WireObject.init(members:))
  }

  /// A text that is not empty, or the digits of a number; nil for anything else.
  func text(_ name: String) -> String? {
    switch members[name] {
    case let text as String: text.isEmpty ? nil : text
    case let number as NSNumber where !WireObject.isBool(number): number.stringValue
    default: nil
    }
  }

  /// An id, as a text that is not empty. Some APIs send null, "" or {} for no id.
  func id(_ name: String) -> String? {
    guard let text = members[name] as? String, !text.isEmpty else { return nil }
    return text
  }

  func number(_ name: String) -> Int? {
    switch members[name] {
    case let number as NSNumber where !WireObject.isBool(number): Int(exactly: number.doubleValue.rounded())
    case let text as String: Int(text)
    default: nil
    }
  }

  func bool(_ name: String) -> Bool? { members[name] as? Bool }

  /// A time: seconds or milliseconds since 1970, as a number or a text, or an ISO 8601 date.
  func time(_ name: String) -> Date? {
    var seconds: Double?
    switch members[name] {
    case let number as NSNumber where !WireObject.isBool(number): seconds = number.doubleValue
    case let text as String: seconds = Double(text) ?? WireObject.isoTime(text)
    default: break
    }
    guard var time = seconds, time.isFinite else { return nil }
    if time > WireObject.millisecondsFrom { time /= 1_000 }
    // Some APIs send 0 or 946656000000 for "not yet".
    return time < WireObject.earliest ? nil : Date(timeIntervalSince1970: time)
  }

  /// Numbers from here on are milliseconds: in seconds this would be the year 5138, in milliseconds it is 1973.
  private static let millisecondsFrom = 1e11
  /// 2015-01-01, long before the first Batch API. Earlier times mean "not yet".
  private static let earliest = 1_420_070_400.0

  /// The time of a text such as `2026-05-23T10:00:00Z`, with or without a fraction and an offset.
  private static func isoTime(_ text: String) -> Double? {
    let digits = text.split { !"0123456789".contains($0) }.prefix(6).compactMap { Int($0) }
    guard digits.count >= 6, (1970...9999).contains(digits[0]), (1...12).contains(digits[1]),
      (1...31).contains(digits[2])
    else { return nil }
    let clock = digits[3] * 3_600 + digits[4] * 60 + digits[5]
    guard (0..<86_401).contains(clock) else { return nil }
    var seconds = CivilTime.date(year: digits[0], month: digits[1], day: digits[2], seconds: clock)
      .timeIntervalSince1970
    let zone = text.drop { $0 != "T" && $0 != " " }.drop { $0 != "+" && $0 != "-" }
    let parts = zone.dropFirst().split(separator: ":").compactMap { Int($0) }
    if let hours = parts.first {
      let offset = Double(hours * 3_600 + (parts.count > 1 ? parts[1] * 60 : 0))
      seconds -= zone.first == "-" ? -offset : offset
    }
    return seconds
  }

  /// Whether a number from `JSONSerialization` was `true` or `false` in the JSON.
  private static func isBool(_ number: NSNumber) -> Bool {
    let type = String(cString: number.objCType)
    return type == "c" || type == "B"
  }
}
