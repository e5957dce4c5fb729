import Foundation

/// The result files of a batch, made from its input as ``APISettings/rule`` says.
struct APIResultFiles {
  private(set) var output = Data()
  private(set) var errors = Data()
  private(set) var completed = 0
  private(set) var failed = 0
  private(set) var total = 0

  init(input: Data, settings: APISettings) {
    var good: [String] = []
    var bad: [String] = []
    for line in input.split(separator: UInt8(ascii: "\n")) {
      let request = APIResultFiles.request(Data(line), index: total)
      total += 1
      switch settings.rule(request) {
      case .answer(let text):
        good.append(APIResultFiles.answer(text, to: request))
        completed += 1
      case .twice(let first, let second):
        good += [first, second].map { APIResultFiles.answer($0, to: request) }
        completed += 1
      case .failure(let status, let code):
        bad.append(APIResultFiles.failure(status, code, to: request))
        failed += 1
      case .oddStatus(let status):
        good.append(APIResultFiles.failure(status, "odd", to: request))
        completed += 1
      case .notRun(let code):
        bad.append(APIResultFiles.notRun(code, to: request))
      case .nothing: break
      case .raw(let text): good.append(text)
      }
    }
    good += settings.strangers
    if settings.order == .reversed {
      good.reverse()
      bad.reverse()
    }
    output = APIResultFiles.joined(good, settings.endsWithNewline)
    errors = APIResultFiles.joined(bad, settings.endsWithNewline)
  }

  private static func joined(_ lines: [String], _ endsWithNewline: Bool) -> Data {
    Data((lines.joined(separator: "\n") + (endsWithNewline && !lines.isEmpty ? "\n" : "")).utf8)
  }

  private static func request(_ line: Data, index: Int) -> APIRequestLine {
    let object = (try? JSONSerialization.jsonObject(with: line)) as? [String: Any] ?? [:]
    return APIRequestLine(
      index: index, customID: object["custom_id"] as? String ?? "", url: object["url"] as? String ?? "",
      model: (object["body"] as? [String: Any])?["model"] as? String ?? "")
  }

  private static func line(_ request: APIRequestLine, response: JSON, error: JSON) -> String {
    let line: JSON = [
      "id": .text("batch_req_\(request.index)"), "custom_id": .text(request.customID), "response": response,
      "error": error,
    ]
    return line.written
  }

  static func answer(_ text: String, to request: APIRequestLine) -> String {
    let usage: JSON = ["prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10]
    let body: JSON =
      if request.url.hasSuffix("/responses") {
        [
          "id": "resp_1", "object": "response", "status": "completed", "model": .text(request.model), "error": nil,
          "output": [
            ["type": "message", "role": "assistant", "content": [["type": "output_text", "text": .text(text)]]]
          ],
          "usage": ["input_tokens": 7, "output_tokens": 3, "total_tokens": 10],
        ]
      } else if request.url.hasSuffix("/embeddings") {
        [
          "object": "list", "model": .text(request.model),
          "data": [["object": "embedding", "index": 0, "embedding": [.decimal(0.5)]]],
          "usage": ["prompt_tokens": 7, "total_tokens": 7],
        ]
      } else {
        [
          "id": .text("chatcmpl-\(request.index)"), "object": "chat.completion", "created": 1_779_512_132,
          "model": .text(request.model),
          "choices": [
            [
              "index": 0, "message": ["role": "assistant", "content": .text(text)], "logprobs": nil,
              "finish_reason": "stop",
            ]
          ], "usage": usage,
        ]
      }
    let response: JSON = ["status_code": 200, "request_id": .text("req_\(request.index)"), "body": body]
    return line(request, response: response, error: nil)
  }

  private static func failure(_ status: Int, _ code: String, to request: APIRequestLine) -> String {
    let error: JSON = [
      "message": .text("It failed with \(code)"), "type": "invalid_request_error", "param": nil, "code": .text(code),
    ]
    let response: JSON = [
      "status_code": .number(status), "request_id": .text("req_\(request.index)"), "body": ["error": error],
    ]
    return line(request, response: response, error: nil)
  }

  private static func notRun(_ code: String, to request: APIRequestLine) -> String {
    let error: JSON = ["code": .text(code), "message": "This request could not be executed before the end."]
    return line(request, response: nil, error: error)
  }
}
