import BatchFile
import Foundation
import JSONLines

/// The options of one request as a configuration that curl reads from its standard input. No part of a request is in
/// the argument list, which every user of the machine can read.
///
/// It uses only options and variables that curl 7.68 (2020) has.
struct CurlConfiguration {
  /// The text that ends the body on standard output. What follows is written by curl itself.
  let marker: String
  /// The configuration as bytes, because the name of a file need not be UTF-8.
  private(set) var text: [UInt8] = []

  /// - Throws: ``TransportError`` where a value holds a control character.
  init(_ request: APIRequest, address: WebAddress, marker: String) throws(TransportError) {
    self.marker = marker
    try set("url", request.url)
    set("globoff")
    try set("proto", "=https,http")
    // No proxy is used for a server on this machine, because the proxy of `http_proxy` would get the key.
    if address.isLoopback { try set("noproxy", "*") }
    try set("user-agent", "batchfile/\(BatchFileVersion.current)")
    try set("connect-timeout", String(request.timeouts.connect))
    try set("dump-header", "-")
    set("suppress-connect-headers")
    for field in request.headers.fields {
      guard field.name.utf8.allSatisfy(CurlConfiguration.isToken), !field.name.isEmpty else {
        throw TransportError(.unusable, "'\(field.name)' is no name of a header", bytesSent: 0)
      }
      // curl leaves a header without a value out, unless it ends with a semicolon.
      try set("header", field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    if request.acceptsCompression { set("compressed") }
    try setBody(request)
    try setTimes(request)
    if let destination = request.destination { try set("output", bytes: CurlConfiguration.plain(destination).bytes) }
    text += Array(
      "write-out = \"\\n\(marker) %{http_code} %{size_request} %{size_upload}\\n\"\n".utf8)
  }

  private mutating func setBody(_ request: APIRequest) throws(TransportError) {
    switch request.body {
    case .none:
      switch request.method {
      case "GET": break
      case "POST":
        // An empty body makes curl send a Content-Length of 0. It would also send the content type of a form, which the
        // empty header prevents.
        try set("data-raw", "")
        try set("header", "Content-Type:")
      default: try set("request", request.method)
      }
    case .json(let bytes):
      try set("data-raw", bytes: bytes)
      try set("header", "Content-Type: application/json")
    case .form(let form):
      for field in form.fields where field.count == 2 { try set("form-string", "\(field[0])=\(field[1])") }
      let path = CurlConfiguration.formQuoted(CurlConfiguration.plain(form.file).bytes)
      let name = CurlConfiguration.formQuoted(Array(form.fileName.utf8))
      try set(
        "form",
        bytes: Array("file=@".utf8) + path + Array(";filename=".utf8) + name + Array(";type=application/jsonl".utf8))
    }
  }

  private mutating func setTimes(_ request: APIRequest) throws(TransportError) {
    if case .form = request.body {
      // `silent` is not set, because the progress bar on standard error is the only sign of how far an upload is.
      set("progress-bar")
      try set("speed-limit", "1")
      try set("speed-time", String(request.timeouts.uploadStall))
      return
    }
    set("silent")
    set("show-error")
    if request.destination != nil {
      try set("speed-limit", "1")
      try set("speed-time", String(request.timeouts.downloadStall))
    } else {
      try set("max-time", String(request.timeouts.call))
    }
  }

  private mutating func set(_ option: String) { text += Array("\(option)\n".utf8) }

  private mutating func set(_ option: String, _ value: String) throws(TransportError) {
    try set(option, bytes: Array(value.utf8))
  }

  private mutating func set(_ option: String, bytes value: [UInt8]) throws(TransportError) {
    guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw TransportError(.unusable, "a control character in a value for curl's '\(option)'", bytesSent: 0)
    }
    text += Array("\(option) = ".utf8) + CurlConfiguration.quoted(value) + [0x0A]
  }

  private static func quoted(_ value: [UInt8]) -> [UInt8] {
    let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
    var out = [quote]
    for byte in value {
      if byte == quote || byte == backslash { out.append(backslash) }
      out.append(byte)
    }
    return out + [quote]
  }

  /// Quotes a file name for a form. The rules for that are the same as for a line of the configuration, and a name
  /// needs both.
  private static func formQuoted(_ value: [UInt8]) -> [UInt8] { quoted(value) }

  /// A path that curl does not take for a standard stream, which a dash would mean.
  private static func plain(_ path: Path) -> Path { path.isAbsolute ? path : "./" + path }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
