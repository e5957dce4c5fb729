/// What a code means. `explain` prints it, and a SARIF report describes its rules with it.
package struct Explanation: Sendable {
  /// What is wrong, as one sentence on one line.
  package var summary: String
  /// Why the API refuses a file with the finding, or why the finding is worth a warning.
  package var why: String
  /// The lines of a file in which `check` reports the code; empty where no text can show the fault.
  package var bad: [String]
  /// The lines of a file like `bad` in which `check` reports nothing.
  package var good: [String]
  /// Everything that the code can mean, where that is a closed list (the kinds of foreign files); otherwise empty.
  package var list: [String] = []
  /// The setting under which `check` reports the code for `bad`; nil for the defaults.
  package var setting: Setting?
  /// The document or the recorded answer that the rule was read in.
  package var source: String

  /// The web page that the source begins with; nil where the source does not begin with one.
  package var page: String? {
    let word = String(source.prefix { $0 != " " && $0 != ";" && $0 != "," })
    return WebPage.isAddress(word) ? word : nil
  }

  /// A setting of a check that is not the default.
  package enum Setting: Sendable {
    /// The provider's name.
    case provider(String)
    case maxRequests(Int)
    /// The limit of a file, in bytes.
    case maxBytes(Int)
    /// The limit of one line, in bytes.
    case maxLineBytes(Int)
    /// Of embeddings, in all requests together, at OpenAI.
    case maxInputs(Int)
  }
}

extension Code {
  /// What the code means, with an example.
  package var explanation: Explanation { Explanation.all[self]! }
}

extension Explanation {
  /// A faultless line for Groq, except for the parts that are given.
  static func line(
    id: String = #""r-1""#, method: String = #""POST""#, url: String = #""/v1/chat/completions""#,
    model: String = #""openai/gpt-oss-20b""#, content: String = #""Hi""#, _ more: String = ""
  ) -> String {
    #"{"custom_id":\#(id),"method":\#(method),"url":\#(url),"body":{"model":\#(model),"#
      + #""messages":[{"role":"user","content":\#(content)}]\#(more.isEmpty ? "" : "," + more)}}"#
  }

  /// A faultless line for OpenAI, except for the parts that are given.
  private static func openAILine(
    url: String = "/v1/chat/completions", model: String = "gpt-4.1-mini", _ member: String = hi, _ more: String = ""
  ) -> String {
    #"{"custom_id":"r-1","method":"POST","url":"\#(url)","body":{"model":"\#(model)",\#(member)"#
      + (more.isEmpty ? "}}" : ",\(more)}}")
  }

  private static func embeddings(_ input: String) -> String {
    openAILine(url: "/v1/embeddings", model: "text-embedding-3-small", #""input":\#(input)"#)
  }

  private static let hi = #""messages":[{"role":"user","content":"Hi"}]"#
  private static let openAI = Setting.provider("openai")
  private static let openAIRecord = "recorded answers of OpenAI's API, named beside each rule in this tool's source"

  private static let groqGuide = "https://console.groq.com/docs/batch"
  private static let groqSpec = "Groq's OpenAPI document, CreateChatCompletionRequest; recorded 400s of its API"
  private static let openaiBatch = "the text of an error that OpenAI's Batch API answered with"
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
      why: "It does not exist, is a folder, may not be read, or its disk fails; the message gives the system's reason.",
      bad: [], good: [line()], source: ours),
    .foreignFile: Explanation(
      summary: "The file is not a batch file: it is a file of another kind.",
      why: "Only the kinds on this list are recognised, and only where the whole file has the sign of its kind. A file "
        + "with broken JSON, an empty file, and a file with any line that has two of the keys custom_id, method, url "
        + "and body are batch files with faults.",
      bad: [], good: [line()], list: ForeignKind.allCases.map { "\($0.name): \($0.sign)" }, source: ours),
    .emptyFile: Explanation(
      summary: "The file has no request.",
      why: "A batch without a request fails validation. Blank lines do not count as requests.",
      bad: [""], good: [line()], source: "Azure OpenAI's Batch API, text of its error"),
    .maximumRequestsExceeded: Explanation(
      summary: "The file has more requests than the API takes.",
      why: "Groq and OpenAI take 50,000 requests a file.",
      bad: [line(), line(id: #""r-2""#)], good: [line()], setting: .maxRequests(1), source: groqGuide),
    .maximumInputFileSizeExceeded: Explanation(
      summary: "The file is larger than the API takes.",
      why: "Groq takes 200 MB (read as 200,000,000 bytes), OpenAI 209,715,200 bytes. Text takes less room written as "
        + "UTF-8 than as \\u escapes.",
      bad: [line(content: #""A somewhat longer question""#)], good: [line()], setting: .maxBytes(160),
      source: groqGuide),
    .maximumInputsExceeded: Explanation(
      summary: "The file has more inputs for embeddings than the API takes.",
      why:
        "OpenAI takes 50,000 inputs in all requests of a file together; in an `input` that is an array of texts, each "
        + "text counts.",
      bad: [embeddings(#"["a","b","c"]"#)], good: [embeddings(#"["a","b"]"#)], setting: .maxInputs(2),
      source: "OpenAI's OpenAPI document of 2026-08-21, /batches"),
    .invalidJSONLine: Explanation(
      summary: "The line is not one JSON value.",
      why: "Each line is parsed by itself, strictly (RFC 8259, UTF-8). The note says what is wrong, and the column "
        + "says where.",
      bad: [#"{"custom_id":"r-1","method":"POST","url":"/v1/chat/completions","body":{"model":}}"#], good: [line()],
      source: openaiBatch),
    .lineTooLong: Explanation(
      summary: "The line is longer than this tool reads.",
      why: "This tool holds a whole line in memory and reads lines of up to 64 MiB (67,108,864 bytes). No API is known "
        + "to refuse a longer line for its length.",
      bad: [line(content: #""A somewhat longer question""#)], good: [line()], setting: .maxLineBytes(150),
      source: ours),
    .blankLine: Explanation(
      summary: "The line is blank.",
      why: "Groq and OpenAI do not say what they do with a blank line. Some other APIs skip it, some refuse the file.",
      bad: [line(), "", line(id: #""r-2""#)], good: [line(), line(id: #""r-2""#)], source: ours),
    .duplicateKey: Explanation(
      summary: "An object has the same key twice.",
      why: "Some readers of JSON take the first of the two values, some the last.",
      bad: [line(#""temperature":0,"temperature":1"#)], good: [line(#""temperature":1"#)],
      source: "RFC 8259, section 4"),
    .loneSurrogate: Explanation(
      summary: "A \\u escape is half of a surrogate pair.",
      why: "Half a pair is not a character: the model gets a replacement for it, or the API fails to encode the text.",
      bad: [line(content: #""\ud83d""#)], good: [line(content: #""\ud83d\ude00""#)], source: "RFC 8259, section 8.2"),
    .duplicateCustomID: Explanation(
      summary: "Two requests have the same custom_id.",
      why: "Results come back in any order, and only the custom_id links them to their requests. Two ids are the same "
        + "where they are equal once their escapes are resolved.",
      bad: [line(), line(id: #""r-\u0031""#)], good: [line(), line(id: #""r-2""#)], source: openaiBatch),
    .invalidMethod: Explanation(
      summary: "The method is not POST.",
      why: "Every endpoint of the Batch API is called with POST, in capital letters.",
      bad: [line(method: #""GET""#)], good: [line()], source: groqGuide),
    .invalidURL: Explanation(
      summary: "The url is not an endpoint of the Batch API.",
      why: "The url is the path alone, without a host and without a slash at its end. OpenAI runs a batch on one url, "
        + "so all requests of a file must name the same one.",
      bad: [line(url: #""/chat/completions""#)], good: [line()], source: groqGuide),
    .modelNotFound: Explanation(
      summary: "The Batch API does not offer the model.",
      why: "Only some of the models that answer synchronously are offered in batches.",
      bad: [line(model: #""llama-2-70b""#)], good: [line()], source: groqGuide),
    .mismatchedModel: Explanation(
      summary: "The file mixes models, and the API takes one model a file.",
      why: "OpenAI runs a batch on one model. Groq takes mixed files.",
      bad: [line(), line(id: #""r-2""#, model: #""gpt-4o-mini""#)], good: [line(), line(id: #""r-2""#)],
      setting: openAI, source: openaiBatch),
    .retiredModel: Explanation(
      summary: "The model has been shut down.",
      why: "The file is in order, and its requests get no answers, unless a contract keeps the model. It is told once "
        + "for each model of a file, with the day, the plans that it holds for and the successor.",
      bad: [line(model: #""llama-3.1-8b-instant""#)], good: [line()],
      source: "https://console.groq.com/docs/deprecations; https://developers.openai.com/api/docs/deprecations"),
  ]

  private static let bodyCodes: [Code: Explanation] = [
    .missingRequiredParameter: Explanation(
      summary: "A required member is missing.",
      why: "Each line has custom_id, method, url and body; a body has model and messages, a message its role.",
      bad: [#"{"custom_id":"r-1","method":"POST","url":"/v1/chat/completions"}"#], good: [line()],
      source: openaiBatch),
    .unknownParameter: Explanation(
      summary: "The API does not know the parameter.",
      why:
        "Groq refuses unknown members of the body, of its messages and of its documents; OpenAI refuses them also in "
        + "the format of the answer and in other options. Unknown members elsewhere have no effect or may have none, so "
        + "they are a warning.",
      bad: [line(#""temprature":1"#)], good: [line(#""temperature":1"#)], source: openaiValidator),
    .invalidType: Explanation(
      summary: "A value has the wrong JSON type.",
      why: "The API does not convert types: \"1\" is a string and not a number, and null is refused where it is not "
        + "named as allowed.",
      bad: [line(#""temperature":"1""#)], good: [line(#""temperature":1"#)], source: openaiValidator),
    .invalidValue: Explanation(
      summary: "A value is not one of the allowed values.",
      why: "The message lists the allowed values. Capital and small letters differ.",
      bad: [line(#""service_tier":"fast""#)], good: [line(#""service_tier":"flex""#)], source: openaiValidator),
    .decimalAboveMaxValue: Explanation(
      summary: "A number is too large.",
      why: "The API enforces the range of the parameter, and reads the number as a 64-bit floating-point number.",
      bad: [line(#""temperature":9"#)], good: [line(#""temperature":2"#)], source: openaiValidator),
    .decimalBelowMinValue: Explanation(
      summary: "A number is too small.",
      why: "The API enforces the range of the parameter, and reads the number as a 64-bit floating-point number.",
      bad: [line(#""top_p":-0.1"#)], good: [line(#""top_p":0.1"#)], source: openaiValidator),
    .integerAboveMaxValue: Explanation(
      summary: "An integer is too large.",
      why: "The API enforces the range of the parameter: Groq, for example, gives one answer a request.",
      bad: [line(#""n":2"#)], good: [line(#""n":1"#)], source: openaiValidator),
    .integerBelowMinValue: Explanation(
      summary: "An integer is too small.",
      why: "The API enforces the range of the parameter: an answer, for example, needs at least one token.",
      bad: [line(#""max_completion_tokens":0"#)], good: [line(#""max_completion_tokens":1"#)],
      source: openaiValidator),
    .emptyArray: Explanation(
      summary: "An array is empty where it needs at least one element.",
      why: "A body needs at least one message, and the content of a message at least one part.",
      bad: [line(content: "[]")], good: [line(content: #"[{"type":"text","text":"Hi"}]"#)], source: openaiValidator),
    .arrayAboveMaxLength: Explanation(
      summary: "An array has too many elements.",
      why: "The API enforces a limit for some arrays: Groq takes 4 stop sequences and 128 tools.",
      bad: [line(#""stop":["a","b","c","d","e"]"#)], good: [line(#""stop":["a","b","c","d"]"#)],
      source: openaiValidator),
    .emptyString: Explanation(
      summary: "A string is empty where it needs at least one character.",
      why: "An empty custom_id, for example, does not tell one request from another.",
      bad: [line(id: #""""#)], good: [line()], source: openaiBatch),
    .stringAboveMaxLength: Explanation(
      summary: "A string is too long.", why: "The API enforces the length of some strings, counted in characters.",
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
      why: "Reasoning models refuse some parameters that other models take, and each of OpenAI's endpoints has "
        + "parameters of its own.",
      bad: [openAILine(model: "gpt-5", hi, #""stop":"END""#)], good: [openAILine(hi, #""stop":"END""#)],
      setting: openAI, source: openAIRecord),
    .unsupportedValue: Explanation(
      summary: "The model does not take the value.",
      why: "Which values a parameter can have depends on the model: reasoning efforts and temperatures, for example.",
      bad: [openAILine(model: "gpt-5", hi, #""reasoning_effort":"none""#)],
      good: [openAILine(model: "gpt-5", hi, #""reasoning_effort":"low""#)], setting: openAI, source: openAIRecord),
    .invalidParameterCombination: Explanation(
      summary: "Two parameters have the same meaning.",
      why: "OpenAI refuses them together. The newer one is enough.",
      bad: [openAILine(hi, #""max_tokens":9,"max_completion_tokens":9"#)],
      good: [openAILine(hi, #""max_completion_tokens":9"#)], setting: openAI, source: openAIRecord),
    .mutuallyExclusiveParameters: Explanation(
      summary: "Two parameters exclude each other.",
      why: "A response, for example, continues either a conversation or an earlier response, not both.",
      bad: [
        openAILine(
          url: "/v1/responses", #""input":"Hi""#, #""previous_response_id":"resp_1","conversation":"conv_1""#)
      ], good: [openAILine(url: "/v1/responses", #""input":"Hi""#)], setting: openAI, source: openAIRecord),
    .invalidFunctionParameters: Explanation(
      summary: "The parameters of a tool are not a schema that the API takes.",
      why: "The type of the root is object, and each array has items. With strict, each object also has "
        + "additionalProperties false, and names all of its properties in required.",
      bad: [openAILine(hi, tool(#"{"type":"string"}"#))],
      good: [openAILine(hi, tool(#"{"type":"object","properties":{}}"#))],
      setting: openAI, source: structuredOutputs),
    .invalidJSONSchema: Explanation(
      summary: "The schema of the answer is not one that the API takes.",
      why:
        "With strict, the type of the root is object, each schema has a type, each object has additionalProperties false "
        + "and names all of its properties in required, a $ref stands alone and names a definition, and the API refuses "
        + "some keywords and patterns that look around.",
      bad: [openAILine(hi, schema(#"{"type":"object","properties":{}}"#))],
      good: [openAILine(hi, schema(#"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#))],
      setting: openAI, source: structuredOutputs),
    .streamingUnsupported: Explanation(
      summary: "The request asks for a stream.",
      why: "The answers of a batch are written to a file, so the API refuses to stream them.",
      bad: [line(#""stream":true"#)], good: [line(#""stream":false"#)], source: openaiBatch),
    .invalidRequest: Explanation(
      summary: "Parameters exclude each other, or the model cannot do what they ask for.",
      why: "Each value is valid by itself, but the API refuses them together. The message names those that exclude "
        + "each other.",
      bad: [line(#""logprobs":true"#)], good: [line(#""temperature":1"#)],
      source: "Groq's documents and recorded 400s, named at each rule in the source"),
    .deprecatedParameter: Explanation(
      summary: "The parameter has a successor.",
      why: "The API still takes the parameter. The note names the one to use instead.",
      bad: [line(#""max_tokens":9"#)], good: [line(#""max_completion_tokens":9"#)], source: groqSpec),
    .ignoredParameter: Explanation(
      summary: "The API accepts the parameter and ignores it.",
      why: "The answer will not have the effect that the parameter was set for.",
      bad: [line(#""metadata":{"a":"b"}"#)], good: [line(#""user":"a""#)], source: groqSpec),
    .doubtfulValue: Explanation(
      summary: "The API probably accepts the value, but the value is unlikely to do what was meant.",
      why: "The rule that the value breaks is documented but was never seen enforced, or was seen enforced but is not "
        + "documented, so this is a warning and not an error.",
      bad: [line(#""seed":1.0"#)], good: [line(#""seed":1"#)], source: groqSpec),
    .exposedSecret: Explanation(
      summary: "The file holds a key.",
      why: "Whoever can read the uploaded file can read the key, and the API keeps the file for up to 30 days.",
      bad: [line(#""compound_custom":{"tools":{"wolfram_settings":{"authorization":"k-1"}}}"#)],
      good: [line(#""compound_custom":{"tools":{"enabled_tools":["wolfram_alpha"]}}"#)], source: ours),
  ]
}
