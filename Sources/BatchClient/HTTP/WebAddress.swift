/// A parsed `http` or `https` address. The rules are so strict that no program can read it differently: the host that
/// is checked here is certainly the host that curl connects to.
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
  package let isSecure: Bool
  /// The host in lower case; an IPv6 address with its brackets.
  package let host: String
  package let port: Int
  /// The path from its first slash on, with the query; empty where there is none. After ``init(base:)`` it does not end
  /// with a slash.
  package let path: String

  /// Nil where the text is not such an address, or has a user name, a fragment, white space or a control character.
  package init?(_ text: String) {
    var rest = Substring(text)
    func take(_ prefix: String) -> Bool {
      guard rest.lowercased().hasPrefix(prefix) else { return false }
      rest = rest.dropFirst(prefix.count)
      return true
    }
    if take("https://") { isSecure = true } else if take("http://") { isSecure = false } else { return nil }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !WebAddress.refused.contains($0) }) else { return nil }
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    var authority = rest[..<end]
    path = String(rest[end...])
    if let bracket = authority.lastIndex(of: "]") {
      guard authority.first == "[", authority[..<bracket].dropFirst().allSatisfy({ $0.isHexDigit || ":.".contains($0) })
      else { return nil }
      host = authority[...bracket].lowercased()
      authority = authority[authority.index(after: bracket)...]
    } else {
      let colon = authority.firstIndex(of: ":") ?? authority.endIndex
      host = authority[..<colon].lowercased()
      guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) }) else { return nil }
      authority = authority[colon...]
    }
    if authority.isEmpty {
      port = isSecure ? 443 : 80
    } else {
      let digits = authority.dropFirst()
      guard authority.first == ":", (1...5).contains(digits.count), digits.allSatisfy(\.isNumber),
        let number = Int(digits), (1...65535).contains(number)
      else { return nil }
      port = number
    }
  }

  /// An address to which paths are appended. It must not have a query, and slashes at its end are removed.
  package init?(base text: String) {
    var trimmed = text
    while trimmed.hasSuffix("/") { trimmed.removeLast() }
    guard let address = WebAddress(trimmed), !address.path.contains("?") else { return nil }
    self = address
  }

  /// Whether the address is on this machine.
  package var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Whether both addresses have the same scheme, host and port.
  package func hasSameOrigin(as other: WebAddress) -> Bool {
    isSecure == other.isSecure && host == other.host && port == other.port
  }

  package var description: String { origin + path }

  /// The address that a `Location` header leads to from here; nil where that is not an address.
  func following(_ location: String) -> WebAddress? {
    if location.hasPrefix("//") { return WebAddress((isSecure ? "https:" : "http:") + location) }
    if location.hasPrefix("/") { return WebAddress(origin + location) }
    if location.contains("://") { return WebAddress(location) }
    let folder = path.prefix { $0 != "?" }
    let slash = folder.lastIndex(of: "/")
    return WebAddress(origin + (slash.map { String(folder[...$0]) } ?? "/") + location)
  }

  private var origin: String {
    let isUsual = port == (isSecure ? 443 : 80)
    return (isSecure ? "https://" : "http://") + host + (isUsual ? "" : ":\(port)")
  }

  /// Characters that addresses may not have, and that programs read differently.
  private static let refused = Set(##""#<>\^`{|}"##.utf8)
}
