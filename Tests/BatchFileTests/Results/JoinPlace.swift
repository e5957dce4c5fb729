import BatchFile
import Foundation
import JSONLines
import TestSupport

/// A folder for files of requests and results, with shorthands to join them.
struct JoinPlace {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  func path(_ name: String) -> Path { Path(scratch.url.appendingPathComponent(name).path) }

  @discardableResult
  func file(_ name: String, _ lines: [String]) throws -> Path {
    try scratch.file(name, lines.map { $0 + "\n" }.joined())
    return path(name)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: scratch.url.appendingPathComponent(name), encoding: .utf8)
  }

  /// The outcomes in the requests' order, by id.
  static func outcomes(_ join: ResultJoin) throws -> [(id: String, outcome: String)] {
    var text = [UInt8]()
    _ = try join.write { text += $0 }
    return try String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      return (object["custom_id"] as? String ?? "?", object["outcome"] as? String ?? "?")
    }
  }

  static func request(_ id: String, url: String = "/v1/chat/completions", model: String = "m") -> String {
    #"{"custom_id":"\#(id)","method":"POST","url":"\#(url)","body":{"model":"\#(model)","messages":[]}}"#
  }

  static func good(_ id: String, _ text: String = "text", reason: String = "stop", model: String = "m") -> String {
    #"{"id":"b","custom_id":"\#(id)","response":{"status_code":200,"request_id":"r","body":{"model":"\#(model)","#
      + #""choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"\#(reason)"}],"#
      + #""usage":{"prompt_tokens":10,"completion_tokens":5}}},"error":null}"#
  }

  static func failed(_ id: String, _ status: Int = 429, _ code: String = "rate_limit_exceeded") -> String {
    #"{"id":"b","custom_id":"\#(id)","response":{"status_code":\#(status),"body":{"error":{"message":"no","#
      + #""code":"\#(code)"}}},"error":null}"#
  }

  static func notRun(_ id: String, _ code: String) -> String {
    #"{"id":"b","custom_id":"\#(id)","response":null,"error":{"code":"\#(code)","message":"no"}}"#
  }
}
