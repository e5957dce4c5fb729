import JSONLines

// What single models do not take. Every rule is silent where the model table is.

extension RequestRule {
  static let modelRules: [RequestRule] = [
    effort, format, jsonSchema, strictSchema, images, imageSize, tools, builtInTools,
  ]

  // groq 1.7.0's docstring, https://console.groq.com/docs/reasoning;
  // LIVE "`reasoning_effort` must be one of `low`, `medium`, or `high`".
  private static let effort = RequestRule(["reasoning_effort", "model"]) { request, out in
    guard let effort = request["reasoning_effort"], effort.kind == .string, let model = request["model"],
      let known = request.model?.pointee.reasoningEfforts, !known.contains(effort.text)
    else { return }
    if known.isEmpty {
      out.unsupported(effort, by: model)
    } else if ["none", "default", "low", "medium", "high"].contains(effort.text) {
      let values = Words.list(known.map { "'\($0)'" }, last: "and")
      out.error(.invalidValue, effort) { _ in
        "Invalid value: '\(effort.text)'. Supported values are: \(values)."
      }
    }
  }

  // LIVE "`reasoning_format` is not supported with this model"; for gpt-oss clients report both.
  private static let format = RequestRule(["reasoning_format", "model"]) { request, out in
    guard let format = request["reasoning_format"], let model = request["model"] else { return }
    switch request.model?.pointee.reasoningFormat {
    case .no: out.unsupported(format, by: model)
    case .disputed:
      out.warn(.doubtfulValue, format, note: "use include_reasoning") {
        "Whether '\($0)' works with '\(Words.quoted(model))' is disputed."
      }
    case .yes, nil: break
    }
  }

  // LIVE "This model does not support response format `json_schema`".
  private static let jsonSchema = RequestRule(["response_format", "model"]) { request, out in
    guard let type = request.jsonFormat, type.isString("json_schema"), let model = request["model"],
      request.model?.pointee.takesJSONSchema == false
    else { return }
    out.error(.invalidRequest, type) { "'\($0)' cannot be 'json_schema' with '\(Words.quoted(model))'." }
  }

  // https://console.groq.com/docs/structured-outputs
  private static let strictSchema = RequestRule(["response_format", "model"]) { request, out in
    guard let strict = request["response_format"]?["json_schema"]?["strict"], strict.kind == .true,
      let model = request["model"], let known = request.model, known.pointee.takesStrictSchema == false,
      known.pointee.takesJSONSchema != false
    else { return }
    out.warn(.doubtfulValue, strict) {
      "'\($0)' is true, and '\(Words.quoted(model))' is not known to follow schemas strictly."
    }
  }

  // https://console.groq.com/docs/vision; LIVE "Too many images provided", "messages[1].content must be a string".
  private static let images = RequestRule(["messages"], marks: .imagePart) { request, out in
    guard let messages = request.messages else { return }
    var count = 0
    for message in messages {
      for part in message["content"]?.items ?? message.items where part["type"]?.isString("image_url") == true {
        count += 1
        guard let model = request["model"] else { continue }
        if request.model?.pointee.maxImages == 0 {
          out.error(.invalidRequest, part) { "'\($0)' is an image, and '\(Words.quoted(model))' takes text only." }
        } else if count == (request.model?.pointee.maxImages ?? 5) + 1 {
          let limit = request.model?.pointee.maxImages ?? 5
          if request.model?.pointee.maxImages != nil {
            out.error(.invalidRequest, part) {
              "'\($0)' is one image too many: '\(Words.quoted(model))' takes \(limit) a request."
            }
          } else {
            out.warn(.doubtfulValue, part) { "'\($0)' is the sixth image; Groq's models take at most \(limit)." }
          }
        }
      }
    }
  }

  /// https://console.groq.com/docs/vision: 4 MB for a request with an image in base64.
  private static let base64Limit = 4_000_000

  private static let imageSize = RequestRule(["messages"], marks: .imagePart) { request, out in
    guard request.body.range.count > base64Limit, let messages = request.messages else { return }
    var size = 0
    for message in messages {
      for part in message["content"]?.items ?? message.items {
        guard let url = part["image_url"]?["url"], url.kind == .string, url.contentRange.count > 5,
          url.bytes.text(url.contentRange.lowerBound..<url.contentRange.lowerBound + 5).lowercased() == "data:"
        else { continue }
        // All images share the limit, and the first one beyond it is enough to say so.
        let isOver = size > base64Limit
        size += url.contentRange.count
        guard !isOver, size > base64Limit else { continue }
        out.warn(.doubtfulValue, url) { "'\($0)' makes the request larger than the 4 MB that Groq takes with images." }
      }
    }
  }

  // LIVE "`tool calling` is not supported with this model" (compound systems).
  private static let tools = RequestRule(["tools", "model"]) { request, out in
    guard let tools = request.tools, let model = request["model"], request.model?.pointee.takesTools == false else {
      return
    }
    out.unsupported(tools, by: model)
  }

  // LIVE "tools[0].type must be one of [function, mcp]".
  private static let builtInTools = RequestRule(["tools", "model"], marks: .builtInTool) { request, out in
    guard let tools = request.tools, let model = request["model"], request.model?.pointee.takesBuiltInTools == false
    else {
      return
    }
    for tool in tools.items {
      guard let type = tool["type"], type.isString("browser_search") || type.isString("code_interpreter") else {
        continue
      }
      out.error(.invalidValue, type, note: "'\(Words.quoted(model))' has no built-in tools") { _ in
        Words.invalidValue(type, supported: Choices(["function", "mcp"]))
      }
    }
  }
}

extension FindingList {
  fileprivate mutating func unsupported(_ value: JSONValue, by model: JSONValue) {
    error(.invalidRequest, value) { "'\($0)' is not supported with '\(Words.quoted(model))'." }
  }
}
