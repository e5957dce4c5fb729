import JSONLines

// The rules about what single models of Groq do not take. They find nothing where the model table has no entry for the
// model, or does not have the property. LIVE is explained in Sources.swift.

extension BodyRule {
  static let modelRules: [BodyRule] = [
    effort, format, jsonSchema, strictSchema, images, imageSize, tools, builtInTools, tokensWithinModel,
    oldTokensWithinModel,
  ]

  // groq 1.7.0's docstring, https://console.groq.com/docs/reasoning;
  // LIVE "`reasoning_effort` must be one of `low`, `medium`, or `high`".
  private static let effort = BodyRule(["reasoning_effort"], optional: ["model"]) { body, out in
    guard let effort = body["reasoning_effort"], effort.kind == .string else { return }
    let known = body.model?.pointee.reasoningEfforts
    if let model = body["model"], known?.isEmpty == true { return out.unsupported(effort, by: model) }
    let values = known ?? ["none", "default", "low", "medium", "high"]
    if !values.contains(effort.text) { out.invalidValue(effort, supported: Choices(values)) }
  }

  // LIVE "`reasoning_format` is not supported with this model". For gpt-oss there are reports of refusals and of
  // successes.
  private static let format = BodyRule(["reasoning_format", "model"]) { body, out in
    guard let format = body["reasoning_format"], let model = body["model"] else { return }
    switch body.model?.pointee.reasoningFormat {
    case .no: out.unsupported(format, by: model)
    case .disputed:
      out.warn(.doubtfulValue, format, note: "use include_reasoning") {
        "Reports disagree on whether '\($0)' works with '\(Words.quoted(model))'."
      }
    case .yes, nil: break
    }
  }

  // LIVE "This model does not support response format `json_schema`".
  private static let jsonSchema = BodyRule(["response_format", "model"]) { body, out in
    guard let type = body.jsonFormat, type.isString("json_schema"), let model = body["model"],
      body.model?.pointee.takesJSONSchema == false
    else { return }
    out.error(.invalidRequest, type) { "'\($0)' cannot be 'json_schema' with '\(Words.quoted(model))'." }
  }

  // https://console.groq.com/docs/structured-outputs
  private static let strictSchema = BodyRule(["response_format", "model"]) { body, out in
    guard let strict = body["response_format"]?["json_schema"]?["strict"], strict.kind == .true,
      let model = body["model"], let known = body.model, known.pointee.takesStrictSchema == false,
      known.pointee.takesJSONSchema != false
    else { return }
    out.warn(.doubtfulValue, strict) {
      "'\($0)' is true, and '\(Words.quoted(model))' is not known to follow schemas strictly."
    }
  }

  // https://console.groq.com/docs/vision; LIVE "Too many images provided", "messages[1].content must be a string".
  private static let images = BodyRule(["messages"], marks: .imagePart, reads: .presence) { body, out in
    guard let messages = body.messages else { return }
    var count = 0
    for message in messages {
      for part in message["content"]?.items ?? message.items where part["type"]?.isString("image_url") == true {
        count += 1
        guard let model = body["model"] else { continue }
        if body.model?.pointee.maxImages == 0 {
          out.error(.invalidRequest, part) { "'\($0)' is an image, and '\(Words.quoted(model))' takes text only." }
        } else if count == (body.model?.pointee.maxImages ?? 5) + 1 {
          let limit = body.model?.pointee.maxImages ?? 5
          if body.model?.pointee.maxImages != nil {
            out.error(.invalidRequest, part) {
              "'\($0)' is one image too many: '\(Words.quoted(model))' takes \(limit) a body."
            }
          } else {
            out.warn(.doubtfulValue, part) { "'\($0)' is the sixth image; Groq's models take at most \(limit)." }
          }
        }
      }
    }
  }

  /// The most bytes of all images in base64 of a request: https://console.groq.com/docs/vision says 4 MB.
  private static let base64Limit = 4_000_000

  private static let imageSize = BodyRule(["messages"], marks: .imagePart, reads: .presence) { body, out in
    guard body.value.range.count > base64Limit, let messages = body.messages else { return }
    var size = 0
    for message in messages {
      for part in message["content"]?.items ?? message.items {
        guard let url = part["image_url"]?["url"], url.kind == .string, url.contentRange.count > 5,
          url.bytes.text(url.contentRange.lowerBound..<url.contentRange.lowerBound + 5).lowercased() == "data:"
        else { continue }
        // The images share the limit, so only the first one that goes over it is reported.
        let isOver = size > base64Limit
        size += url.contentRange.count
        guard !isOver, size > base64Limit else { continue }
        out.warn(.doubtfulValue, url) { "'\($0)' makes the request larger than the 4 MB that Groq takes with images." }
      }
    }
  }

  // LIVE "`tool calling` is not supported with this model" (compound systems).
  private static let tools = BodyRule(["tools", "model"]) { body, out in
    guard let tools = body.tools, let model = body["model"], body.model?.pointee.takesTools == false else {
      return
    }
    out.unsupported(tools, by: model)
  }

  // LIVE "tools[0].type must be one of [function, mcp]".
  private static let builtInTools = BodyRule(["tools", "model"], marks: .builtInTool) { body, out in
    guard let tools = body.tools, let model = body["model"], body.model?.pointee.takesBuiltInTools == false
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
