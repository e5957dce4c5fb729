import Foundation

/// A request as the client sent it.
package struct HTTPRequest: Sendable {
  package struct Field: Sendable, Equatable {
    package let name: String
    package let value: String
  }

  package let method: String
  /// The target of the first line, unchanged.
  package let target: String
  package let headers: [Field]
  /// The body, which is mapped from a file if it is large.
  package var body = Data()

  /// The target without the query, with its percent codes.
  package var path: String { String(target.prefix { $0 != "?" }) }

  /// The parts of the path, with percent codes resolved.
  package var segments: [String] {
    path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
  }

  package var query: [Field] {
    guard let mark = target.firstIndex(of: "?") else { return [] }
    return target[target.index(after: mark)...].split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String($0)
      }
      return Field(name: parts[0], value: parts.count > 1 ? parts[1] : "")
    }
  }

  /// The value of a header, or of the first of several.
  package func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

  /// The value of a parameter of the query.
  package func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// FNV-1a of the body, to tell bodies apart.
  package var digest: String { body.digest }

  /// Parses the first line and the headers, without the empty line after them.
  init?(head: Data) {
    let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].components(separatedBy: " ")
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
    method = words[0]
    target = words[1]
    var fields: [Field] = []
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      fields.append(
        Field(
          name: String(line[..<colon]),
          value: line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)))
    }
    headers = fields
  }
}

extension Data {
  /// FNV-1a, 64 bits, in hexadecimal.
  package var digest: String {
    let hash = withUnsafeBytes { bytes in
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      return hash
    }
    return String(hash, radix: 16)
  }
}
