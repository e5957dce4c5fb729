import JSONLines

// The body of `/v1/moderations` at OpenAI. OpenAIChat.swift says how to add a parameter; the marks of sources are
// explained in Sources.swift. How the API treats other members is not known, so they are a warning.

extension Shape {
  static let openAIModerations = Shape.open(
    .openAIModel,
    .field(
      "input",
      .anyOf(.text, .array(of: .anyOf(.text, .openAIModerationPart), doubtfulEmpty: true)), required: true),
    moved: ["messages": "input", "prompt": "input", "text": "input"])

  private static let openAIModerationPart = Shape.oneOf(
    by: "type",
    [
      ("text", ObjectShape([.type, .field("text", .text, required: true)], unknown: .ignored)),
      (
        "image_url",
        ObjectShape(
          [.type, .field("image_url", .open(.field("url", .string(.imageURL), required: true)), required: true)],
          unknown: .ignored)
      ),
    ])
}

extension BodyRule {
  static let openAIModerations = [moderationInputsAreOfOneKind, moderationModel]

  private static let moderationInputsAreOfOneKind = BodyRule(["input"], reads: .presence) { body, out in
    guard let input = body["input"], input.kind == .array else { return }
    out.mixedArray(input)
  }

  // SPEC: the two omni models also take images.
  private static let moderationModel = BodyRule(["model"], reads: .presence) { body, out in
    guard let model = body["model"], model.kind == .string, !model.isString("") else { return }
    if model.isString("omni-moderation-latest") || model.isString("omni-moderation-2024-09-26") { return }
    let supported = Choices(["omni-moderation-latest", "omni-moderation-2024-09-26"])
    out.error(.invalidValue, model) { _ in Words.invalidValue(model, supported: supported) }
  }
}
