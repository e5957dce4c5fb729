/// What a code means, for people who ask and for the rules of a SARIF report.
package struct Explanation: Sendable {
  /// One line.
  package var summary: String
  /// Why the API refuses it, or why it is worth a warning.
  package var why: String
  /// A file with the finding (empty where no text has it), …
  package var bad: [String]
  /// … and the same without it.
  package var good: [String]
  /// What belongs to it, where that is a list.
  package var list: [String] = []
  /// What a check has to be set to, to see the difference.
  package var setting: Setting?
  /// Where the rule was read.
  package var source: String

  /// How a check differs from the usual one.
  package enum Setting: Sendable {
    /// The API, by its name.
    case provider(String)
    case maxRequests(Int)
    /// In bytes.
    case maxBytes(Int)
    /// Of one line, in bytes.
    case maxLineBytes(Int)
  }
}

extension Code {
  /// What the code means, with an example.
  package var explanation: Explanation { Explanation.all[self]! }
}

extension Explanation {
  /// A line as it should be but for what is given.
  static func line(
    id: String = #""r-1""#, method: String = #""POST""#, url: String = #""/v1/chat/completions""#,
    model: String = #""openai/gpt-oss-20b""#, content: String = #""Hi""#, _ more: String = ""
  ) -> String {
    #"{"custom_id":\#(id),"method":\#(method),"url":\#(url),"body":{"model":\#(model),"#
      + #""messages":[{"role":"user","content":\#(content)}]\#(more.isEmpty ? "" : "," + more)}}"#
  }

  /// The same for OpenAI.
  private static func openAILine(
    url: String = "/v1/chat/completions", model: String = "gpt-4.1-mini", _ member: String = hi, _ more: String = ""
  ) -> String {
    #"{"custom_id":"r-1","method":"POST","url":"\#(url)","body":{"model":"\#(model)",\#(member)"#
      + (more.isEmpty ? "}}" : ",\(more)}}")
  }

  private static let hi = #""messages":[{"role":"user","content":"Hi"}]"#
  private static let openAI = Setting.provider("openai")
  private static let openAIRecord = "answers of OpenAI's API on record; the rule's place in the source names them"

  private static let groqGuide = "https://console.groq.com/docs/batch"
  private static let groqSpec = "Groq's OpenAPI document, CreateChatCompletionRequest; recorded 400s of its API"
  private static let openaiBatch = "OpenAI's Batch API, text captured from it"
  private static let openaiValidator = "the form of OpenAI's request validator; the rule: " + groqSpec
  private static let ours = "a rule of this tool"

  private static let structuredOutputs = "https://platform.openai.com/docs/guides/structured-outputs"

  private static func metadata(_ count: Int) -> String {
    #""store":true,"metadata":{"# + (1...count).map { #""k\#($0)":"v""# }.joined(separator: ",") + "}"
  }

  private static func tool(_ parameters: String) -> String {
    #""tools":[{"type":"function","function":{"name":"f","parameters":\#(parameters)}}]"#
  }

  private static func schema(_ schema: String) -> String {
    #""response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":\#(schema)}}"#
  }

  static let all: [Code: Explanation] = fileCodes.merging(bodyCodes) { one, _ in one }

  private static let fileCodes: [Code: Explanation] = [
    .unreadableFile: Explanation(
      summary: "The file cannot be read.",
      why: "It is not there, is a folder, may not be read, or its disk fails; the message has the system's words.",
      bad: [], good: [line()], source: ours),
    .foreignFile: Explanation(
      summary: "The file is no batch file, but one of another kind.",
      why: "Only files on this list are taken for such, and only where all of the file agrees. Broken JSON, an empty "
        + "file, and a file with any line that has two of the keys custom_id, method, url and body are batch files "
        + "with faults.",
      bad: [], good: [line()], list: ForeignKind.allCases.map { "\($0.name): \($0.sign)" }, source: ours),
    .emptyFile: Explanation(
      summary: "The file has no request.",
      why: "A batch without a request fails validation. Blank lines are no requests.",
      bad: [""], good: [line()], source: "Azure OpenAI's Batch API, text of its error"),
    .maximumRequestsExceeded: Explanation(
      summary: "The file has more requests than the API takes.",
      why: "Groq and OpenAI take 50,000 requests a file.",
      bad: [line(), line(id: #""r-2""#)], good: [line()], setting: .maxRequests(1), source: groqGuide),
    .maximumInputFileSizeExceeded: Explanation(
      summary: "The file is larger than the API takes.",
      why: "Groq takes 200 MB (read as 200,000,000 bytes), OpenAI 209,715,200 bytes. Text written as UTF-8 "
        + "instead of \\u escapes is smaller.",
      bad: [line(content: #""A somewhat longer question""#)], good: [line()], setting: .maxBytes(160),
      source: groqGuide),
    .maximumInputsExceeded: Explanation(
      summary: "The file has more inputs of embeddings than the API takes.",
      why:
        "OpenAI takes 50,000 inputs in all requests of a file together; each element of an `input` that is an array of "
        + "texts counts.",
      bad: [], good: [openAILine(url: "/v1/embeddings", model: "text-embedding-3-small", #""input":["a","b"]"#)],
      setting: openAI,
      source: "OpenAI's OpenAPI document of 2026-08-21, /batches"),
    .invalidJSONLine: Explanation(
      summary: "The line is not one JSON value.",
      why: "Each line is parsed by itself, strictly (RFC 8259, UTF-8). The note says what is wrong, the column where.",
      bad: [#"{"custom_id":"r-1","method":"POST","url":"/v1/chat/completions","body":{"model":}}"#], good: [line()],
      source: openaiBatch),
    .lineTooLong: Explanation(
      summary: "The line is longer than this tool reads.",
      why: "A line is held in memory whole, and this tool takes 64 MiB (67,108,864 bytes) of one; no API has said "
        + "that it would refuse a longer one.",
      bad: [line(content: #""A somewhat longer question""#)], good: [line()], setting: .maxLineBytes(150),
      source: ours),
    .blankLine: Explanation(
      summary: "The line is blank.",
      why: "Groq and OpenAI do not say what they make of it; of other APIs, some skip it and some refuse the file.",
      bad: [line(), "", line(id: #""r-2""#)], good: [line(), line(id: #""r-2""#)], source: ours),
    .duplicateKey: Explanation(
      summary: "An object has the same key twice.",
      why: "JSON's readers differ in whether the first or the last one counts.",
      bad: [line(#""temperature":0,"temperature":1"#)], good: [line(#""temperature":1"#)],
      source: "RFC 8259, section 4"),
    .loneSurrogate: Explanation(
      summary: "A \\u escape is half of a surrogate pair.",
      why: "Half a pair is no character: the model gets a replacement for it, or the API an encoding error.",
      bad: [line(content: #""\ud83d""#)], good: [line(content: #""\ud83d\ude00""#)], source: "RFC 8259, section 8.2"),
    .duplicateCustomID: Explanation(
      summary: "Two requests have the same custom_id.",
      why: "Results come back in any order, and the custom_id is all that links them to their requests. Ids are "
        + "compared with escapes resolved.",
      bad: [line(), line(id: #""r-\u0031""#)], good: [line(), line(id: #""r-2""#)], source: openaiBatch),
    .invalidMethod: Explanation(
      summary: "The method is not POST.",
      why: "Every endpoint of the Batch API is called with POST, in capital letters.",
      bad: [line(method: #""GET""#)], good: [line()], source: groqGuide),
    .invalidURL: Explanation(
      summary: "The url is not an endpoint of the Batch API.",
      why: "The url is the path alone, without host and slash at the end. OpenAI runs a batch on one url, which all "
        + "requests of the file name.",
      bad: [line(url: #""/chat/completions""#)], good: [line()], source: groqGuide),
    .modelNotFound: Explanation(
      summary: "The Batch API does not offer the model.",
      why: "Only some of the models that answer synchronously are offered in batches.",
      bad: [line(model: #""llama-2-70b""#)], good: [line()], source: groqGuide),
    .mismatchedModel: Explanation(
      summary: "The file mixes models, and the API takes one a file.",
      why: "OpenAI runs a batch on one model. Groq takes mixed files.",
      bad: [line(), line(id: #""r-2""#, model: #""gpt-4o-mini""#)], good: [line(), line(id: #""r-2""#)],
      setting: openAI, source: openaiBatch),
    .retiredModel: Explanation(
      summary: "The model has been shut down.",
      why: "The file is in order, and its requests get no answers, unless a contract keeps the model. It is told once "
        + "for each model of a file.",
      bad: [line(model: #""llama3-8b-8192""#)], good: [line()],
      source: "https://console.groq.com/docs/deprecations; the texts of the SDK openai 3.57.0"),
  ]

  private static let bodyCodes: [Code: Explanation] = [
    .missingRequiredParameter: Explanation(
      summary: "Something required is not there.",
      why: "Each line has custom_id, method, url and body; a body has model and messages, a message its role.",
      bad: [#"{"custom_id":"r-1","method":"POST","url":"/v1/chat/completions"}"#], good: [line()],
      source: openaiBatch),
    .unknownParameter: Explanation(
      summary: "The API does not know the parameter.",
      why: "Groq refuses unknown members of the body, its messages and its documents; elsewhere they have no effect, "
        + "which is a warning.",
      bad: [line(#""temprature":1"#)], good: [line(#""temperature":1"#)], source: openaiValidator),
    .invalidType: Explanation(
      summary: "A value has the wrong JSON type.",
      why: "Types are enforced as written: \"1\" is no number, and null only stands where it may.",
      bad: [line(#""temperature":"1""#)], good: [line(#""temperature":1"#)], source: openaiValidator),
    .invalidValue: Explanation(
      summary: "A value is none of those that are allowed.",
      why: "The allowed values are in the message; case counts.",
      bad: [line(#""service_tier":"fast""#)], good: [line(#""service_tier":"flex""#)], source: openaiValidator),
    .decimalAboveMaxValue: Explanation(
      summary: "A number is too large.", why: "The range is enforced; the number counts as a double.",
      bad: [line(#""temperature":9"#)], good: [line(#""temperature":2"#)], source: openaiValidator),
    .decimalBelowMinValue: Explanation(
      summary: "A number is too small.", why: "The range is enforced; the number counts as a double.",
      bad: [line(#""top_p":-0.1"#)], good: [line(#""top_p":0.1"#)], source: openaiValidator),
    .integerAboveMaxValue: Explanation(
      summary: "An integer is too large.", why: "The range is enforced: Groq gives one answer a request.",
      bad: [line(#""n":2"#)], good: [line(#""n":1"#)], source: openaiValidator),
    .integerBelowMinValue: Explanation(
      summary: "An integer is too small.", why: "There is no answer in no token.",
      bad: [line(#""max_completion_tokens":0"#)], good: [line(#""max_completion_tokens":1"#)],
      source: openaiValidator),
    .emptyArray: Explanation(
      summary: "An array has no element where it needs one.", why: "There must be a message, and a content.",
      bad: [line(content: "[]")], good: [line(content: #"[{"type":"text","text":"Hi"}]"#)], source: openaiValidator),
    .arrayAboveMaxLength: Explanation(
      summary: "An array has too many elements.", why: "At most 4 stop sequences, 128 tools.",
      bad: [line(#""stop":["a","b","c","d","e"]"#)], good: [line(#""stop":["a","b","c","d"]"#)],
      source: openaiValidator),
    .emptyString: Explanation(
      summary: "A string is empty where it must say something.", why: "An empty custom_id identifies nothing.",
      bad: [line(id: #""""#)], good: [line()], source: openaiBatch),
    .stringAboveMaxLength: Explanation(
      summary: "A string is too long.", why: "The length is enforced, in characters.",
      bad: [openAILine(hi, #""prompt_cache_key":"\#(String(repeating: "k", count: 65))""#)],
      good: [openAILine(hi, #""prompt_cache_key":"\#(String(repeating: "k", count: 64))""#)], setting: openAI,
      source: openaiValidator),
    .objectAboveMaxProperties: Explanation(
      summary: "An object has too many members.", why: "OpenAI takes 16 pairs of metadata.",
      bad: [openAILine(hi, metadata(17))], good: [openAILine(hi, metadata(16))], setting: openAI,
      source: openaiValidator),
    .propertyNameAboveMaxLength: Explanation(
      summary: "A member's name is too long.", why: "OpenAI takes 64 characters in the names of metadata.",
      bad: [openAILine(hi, #""store":true,"metadata":{"\#(String(repeating: "k", count: 65))":"v"}"#)],
      good: [openAILine(hi, #""store":true,"metadata":{"\#(String(repeating: "k", count: 64))":"v"}"#)],
      setting: openAI,
      source: openaiValidator),
    .unsupportedParameter: Explanation(
      summary: "The model or the endpoint does not take the parameter.",
      why: "Models that reason refuse some of what others take, and each endpoint of OpenAI's has its own names.",
      bad: [openAILine(model: "gpt-5", hi, #""stop":"END""#)], good: [openAILine(hi, #""stop":"END""#)],
      setting: openAI, source: openAIRecord),
    .unsupportedValue: Explanation(
      summary: "The model does not take the value.",
      why: "Which values a parameter can have depends on the model: efforts of reasoning, temperatures.",
      bad: [openAILine(model: "gpt-5", hi, #""reasoning_effort":"none""#)],
      good: [openAILine(model: "gpt-5", hi, #""reasoning_effort":"low""#)], setting: openAI, source: openAIRecord),
    .invalidParameterCombination: Explanation(
      summary: "Two parameters say the same.", why: "OpenAI refuses them together; the newer one is enough.",
      bad: [openAILine(hi, #""max_tokens":9,"max_completion_tokens":9"#)],
      good: [openAILine(hi, #""max_completion_tokens":9"#)], setting: openAI, source: openAIRecord),
    .mutuallyExclusiveParameters: Explanation(
      summary: "Two parameters exclude each other.", why: "A response goes on with one stored state.",
      bad: [
        openAILine(
          url: "/v1/responses", #""input":"Hi""#, #""previous_response_id":"resp_1","conversation":"conv_1""#)
      ], good: [openAILine(url: "/v1/responses", #""input":"Hi""#)], setting: openAI, source: openAIRecord),
    .invalidFunctionParameters: Explanation(
      summary: "The parameters of a tool are no schema that the API takes.",
      why: "The root has the type object and an array says what is in it; with strict, each object closes itself and "
        + "requires all it has.",
      bad: [openAILine(hi, tool(#"{"type":"string"}"#))],
      good: [openAILine(hi, tool(#"{"type":"object","properties":{}}"#))],
      setting: openAI, source: structuredOutputs),
    .invalidJSONSchema: Explanation(
      summary: "The schema of the answer is none that the API takes.",
      why:
        "With strict, the root is an object, each object closes itself and requires all it has, and some keywords are "
        + "refused.",
      bad: [openAILine(hi, schema(#"{"type":"object","properties":{}}"#))],
      good: [openAILine(hi, schema(#"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#))],
      setting: openAI, source: structuredOutputs),
    .streamingUnsupported: Explanation(
      summary: "The request asks for a stream.", why: "A batch has nobody to stream to.",
      bad: [line(#""stream":true"#)], good: [line(#""stream":false"#)], source: openaiBatch),
    .invalidRequest: Explanation(
      summary: "Parameters exclude each other, or the model cannot do what they ask for.",
      why: "The API checks this once the single values are in order; the message says what does not go together.",
      bad: [line(#""logprobs":true"#)], good: [line(#""temperature":1"#)],
      source: "Groq's documents and recorded 400s, named at each rule in the source"),
    .deprecatedParameter: Explanation(
      summary: "The parameter has a successor.", why: "It works today; the note names what to use instead.",
      bad: [line(#""max_tokens":9"#)], good: [line(#""max_completion_tokens":9"#)], source: groqSpec),
    .ignoredParameter: Explanation(
      summary: "The parameter is accepted and does nothing.", why: "Somebody may be counting on it.",
      bad: [line(#""metadata":{"a":"b"}"#)], good: [line(#""user":"a""#)], source: groqSpec),
    .doubtfulValue: Explanation(
      summary: "The value passes and is unlikely to do what is meant.",
      why: "Not every rule of the API is on record: this one is documented but not seen enforced, or the other way.",
      bad: [line(#""seed":1.0"#)], good: [line(#""seed":1"#)], source: groqSpec),
    .exposedSecret: Explanation(
      summary: "The file holds a key.", why: "The file is uploaded and kept for up to 30 days.",
      bad: [line(#""compound_custom":{"tools":{"wolfram_settings":{"authorization":"k-1"}}}"#)],
      good: [line(#""compound_custom":{"tools":{"enabled_tools":["wolfram_alpha"]}}"#)], source: ours),
  ]
}
