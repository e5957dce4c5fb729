import Foundation

/// A parsed `multipart/form-data` body.
package struct MultipartForm: Sendable {
  package struct Part: Sendable {
    package let headers: String
    package let content: Data

    /// The value of a parameter with its escapes, but without the quotes around it.
    package func parameter(_ name: String) -> String? {
      guard let start = headers.range(of: "; \(name)=\"") else { return nil }
      var value = ""
      var isEscaped = false
      for character in headers[start.upperBound...] {
        if !isEscaped && character == "\"" { return value }
        isEscaped = !isEscaped && character == "\\"
        value.append(character)
      }
      return nil
    }

    package var name: String? { parameter("name") }
    package var fileName: String? { parameter("filename") }
    package var contentType: String? {
      headers.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("content-type:") }
        .map { $0.dropFirst(13).trimmingCharacters(in: .whitespaces) }
    }
  }

  package let parts: [Part]

  package subscript(_ name: String) -> Part? { parts.first { $0.name == name } }

  /// Nil where the body is not such a form, or is incomplete.
  package init?(_ request: HTTPRequest) {
    guard let type = request.header("Content-Type"), type.hasPrefix("multipart/form-data"),
      let mark = type.range(of: "boundary=")
    else { return nil }
    let boundary = Data("--\(type[mark.upperBound...].trimmingCharacters(in: ["\""]))".utf8)
    let body = request.body
    var parts: [Part] = []
    guard var border = body.range(of: boundary) else { return nil }
    while true {
      let rest = body[border.upperBound...]
      if rest.starts(with: Data("--".utf8)) { break }
      guard rest.starts(with: Data("\r\n".utf8)), let end = rest.range(of: Data("\r\n\r\n".utf8)),
        let next = MultipartForm.next(boundary, in: body[end.upperBound...])
      else { return nil }
      let headers = rest[(rest.startIndex + 2)..<end.lowerBound]
      parts.append(
        Part(
          headers: String(decoding: headers, as: UTF8.self),
          content: body[end.upperBound..<next.lowerBound]))
      border = next
    }
    self.parts = parts
  }

  /// The next border, with the line end before it. Only the beginning and the end of a long rest are searched, because
  /// the content of a long file between them would take long to read.
  private static func next(_ boundary: Data, in rest: Data) -> Range<Data.Index>? {
    let border = Data("\r\n".utf8) + boundary
    guard rest.count > 1 << 20 else { return rest.range(of: border) }
    return rest.prefix(1 << 12).range(of: border) ?? rest.suffix(border.count + 8).range(of: border)
  }
}
