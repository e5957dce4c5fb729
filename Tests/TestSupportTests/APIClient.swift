import Foundation
import TestSupport

/// Calls of the API of the tests, with its key.
struct APIClient {
  let api: BatchAPI

  func ask(_ method: String, _ path: String, _ body: Data = Data(), headers: [String] = []) throws -> RawConnection
    .Reply?
  {
    let port = UInt16(URL(string: api.url)?.port ?? 0)
    return try RawConnection.ask(
      method, BatchAPI.base + path, port: port, headers: ["Authorization: Bearer \(api.key)"] + headers, body: body)
  }

  static func form(_ content: Data, fileName: String = "a.jsonl") -> Data {
    Data(
      """
      --B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n\
      --B\r\nContent-Disposition: form-data; name="file"; filename="\(fileName)"\r\nContent-Type: application/jsonl\r\n\r\n
      """.utf8) + content + Data("\r\n--B--\r\n".utf8)
  }

  func upload(_ content: Data = BatchText.three, fileName: String = "a.jsonl") throws -> String {
    let reply = try ask(
      "POST", "/files", APIClient.form(content, fileName: fileName),
      headers: ["Content-Type: multipart/form-data; boundary=B"])
    return reply?.object["id"] as? String ?? "none: \(reply?.text ?? "")"
  }

  func create(_ file: String) throws -> RawConnection.Reply? {
    let body = #"{"input_file_id":"\#(file)","endpoint":"/v1/chat/completions","completion_window":"24h"}"#
    return try ask("POST", "/batches", Data(body.utf8), headers: ["Content-Type: application/json"])
  }

  /// Uploads a file and makes a batch of it; by default of three requests.
  /// - Returns: the batch's id.
  func makeBatch(_ content: Data = BatchText.three) throws -> String {
    try create(upload(content))?.object["id"] as? String ?? "none"
  }

  /// Asks for a batch several times.
  /// - Returns: the last answer.
  func poll(_ batch: String, times: Int = 3) throws -> [String: Any] {
    var object: [String: Any] = [:]
    for _ in 0..<times { object = try ask("GET", "/batches/\(batch)")?.object ?? [:] }
    return object
  }

  /// The ids that the list shows, page by page; ten pages at most.
  func list() throws -> [[String]] {
    var pages: [[String]] = []
    var query = ""
    for _ in 0..<10 {
      let page = try ask("GET", "/batches" + query)?.object ?? [:]
      let ids = (page["data"] as? [[String: Any]] ?? []).map { $0["id"] as? String ?? "" }
      pages.append(ids)
      if let cursor = (page["paging"] as? [String: Any])?["next_cursor"] as? String {
        query = "?cursor=\(cursor)"
      } else if page["has_more"] as? Bool == true, let last = page["last_id"] as? String {
        query = "?after=\(last)"
      } else {
        break
      }
    }
    return pages
  }
}

enum BatchText {
  static func requests(_ count: Int) -> Data {
    Data(
      (1...count).map {
        #"{"custom_id":"r\#($0)","method":"POST","url":"/v1/chat/completions","body":{"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"Say \#($0)"}]}}"#
          + "\n"
      }.joined().utf8)
  }

  static let three = requests(3)
}
