import Foundation
import JSONLines

/// An estimate of what a batch file may cost, before it is sent: ranges of tokens and dollars for each model.
///
///     let estimate = try CostEstimate(requests: "requests.jsonl")
///     print(estimate.input, "tokens in,", estimate.output, "out at the most")
///     if let cost = estimate.cost { print("between", cost.lowerBound, "and", cost.upperBound, "dollars") }
///     for model in estimate.models where model.price == nil { print("no price is known for", model.name) }
///
/// The input is estimated from the decoded texts and the tools, with what chat templates add. The output is limited
/// only by what the requests say. Images, audio and files are not counted.
public struct CostEstimate: Hashable, Sendable {
  /// The requests for one model.
  public struct Model: Hashable, Sendable {
    public var name: String
    public var requests = 0
    /// Tokens of input.
    public var input = 0...0
    /// The most tokens of output that the requests allow, without requests that have no limit.
    public var output = 0
    /// The price; nil where none is known.
    public var price: Price?
    /// The cost in US dollars, from no output to the most output; nil where no price is known.
    public var cost: ClosedRange<Double>?
  }

  /// The models, the most expensive first.
  public var models: [Model] = []
  public var requests = 0
  /// How many requests do not limit their output. ``output`` and the upper end of ``cost`` do not include the output of
  /// these.
  public var requestsWithoutLimit = 0
  /// The line of the first of these requests, counted from 1.
  public var firstLineWithoutLimit: Int?
  /// How many images, audio inputs and files the requests have, which the estimate does not include.
  public var attachments = 0

  /// Tokens of input.
  public var input: ClosedRange<Int> {
    models.reduce(0...0) { $0.lowerBound + $1.input.lowerBound...$0.upperBound + $1.input.upperBound }
  }

  /// The most tokens of output that the requests allow.
  public var output: Int { models.reduce(0) { $0 + $1.output } }

  /// The cost of all models in US dollars; nil where a model has no price.
  public var cost: ClosedRange<Double>? {
    var sum = 0.0...0.0
    for model in models {
      guard let cost = model.cost else { return nil }
      sum = sum.lowerBound + cost.lowerBound...sum.upperBound + cost.upperBound
    }
    return sum
  }

  /// Reads a batch file. Lines that are not requests are not counted.
  ///
  /// - Throws: ``JoinError`` where the file cannot be read.
  public init(requests path: Path, prices: PriceTable = .known) throws {
    try self.init(requests: [path], prices: prices)
  }

  /// Reads several files as if they were one.
  /// - Throws: ``JoinError`` where a file cannot be read.
  public init(requests paths: [Path], prices: PriceTable = .known) throws {
    var sums: [String: RequestSum] = [:]
    let document = JSONDocument()
    let block = LineBlock()
    var line = 0
    for path in paths {
      let file = try JoinFile(path, .requests)
      let reader = file.reader(blockSize: LineReader.defaultBlockSize)
      while try CostEstimate.fill(block, reader, path) {
        if block.cutLineLength != nil {
          line += 1
          continue
        }
        let bytes = block.bytes
        var start = block.textStart
        while start <= bytes.count {
          line += 1
          let end = bytes.endOfLine(from: start)
          if JSONScanner.scan(bytes.part(start..<end), into: document) == nil, document.root.kind == .object {
            add(RequestTokens(document.root), line: line, prices, &sums)
          }
          start = end + 1
        }
      }
    }
    models = sums.map { name, sum in
      Model(
        name: name, requests: sum.requests, input: sum.input.range, output: sum.output, price: prices.price(of: name),
        cost: prices.price(of: name) == nil ? nil : sum.cost)
    }.sorted { ($1.cost?.upperBound ?? 0, $0.name) < ($0.cost?.upperBound ?? 0, $1.name) }
  }

  private struct RequestSum {
    var requests = 0
    var input = TokenEstimate()
    var output = 0
    var cost = 0.0...0.0
  }

  private static func fill(_ block: LineBlock, _ reader: LineReader, _ path: Path) throws(JoinError) -> Bool {
    do throws(InputError) {
      return try reader.fill(block)
    } catch {
      throw JoinError.unreadable(path, error.reason)
    }
  }

  private mutating func add(
    _ request: RequestTokens, line: Int, _ prices: PriceTable, _ sums: inout [String: RequestSum]
  ) {
    requests += 1
    attachments += request.attachments
    if request.output == nil, request.hasOutput {
      requestsWithoutLimit += 1
      firstLineWithoutLimit = firstLineWithoutLimit ?? line
    }
    var sum = sums[request.model] ?? RequestSum()
    sum.requests += 1
    sum.input.add(request.input)
    sum.output += request.output ?? 0
    if let price = prices.price(of: request.model) {
      let range = request.input.range
      func cost(_ input: Int, _ output: Int) -> Double {
        price.cost(TokenCounts(input: input, output: output), isLong: input > price.longContext?.above ?? .max)
      }
      sum.cost =
        sum.cost.lowerBound + cost(range.lowerBound, 0)...sum.cost.upperBound
        + cost(range.upperBound, request.output ?? 0)
    }
    sums[request.model] = sum
  }
}

/// The tokens of one request.
private struct RequestTokens {
  var model = ""
  var input = TokenEstimate()
  /// The most tokens of output; nil where the request sets no limit.
  var output: Int?
  /// Whether the endpoint's answers are texts.
  var hasOutput = true
  var attachments = 0

  init(_ root: JSONValue) {
    var scratch: [UInt8] = []
    guard let body = root["body"], body.kind == .object else { return }
    var copies = 1
    var messages = 0
    var hasSystem = false
    switch AnswerKind(url: root["url"]) {
    case .other, .audio: hasOutput = false
    default: break
    }
    for (key, value) in body.fields {
      if key.isString("model") {
        model = value.kind == .string ? String(value.text.unicodeScalars.prefix(200).map(Character.init)) : ""
      } else if key.isString("messages") || key.isString("input") || key.isString("prompt")
        || key.isString("instructions")
      {
        if value.kind == .array {
          for message in value.items where message.kind == .object {
            messages += 1
            if let role = message["role"], role.isString("system") || role.isString("developer") { hasSystem = true }
          }
        }
        addTexts(of: value, &scratch)
      } else if key.isString("tools") || key.isString("functions") || key.isString("response_format")
        || key.isString("text")
      {
        // Chat templates write schemas in a form of their own, which is about as long as the JSON.
        if value.kind == .array || value.kind == .object { input.add(utf8: value.bytes.buffer(value.range)) }
      } else if key.isString("max_completion_tokens") || key.isString("max_tokens") || key.isString("max_output_tokens")
      {
        if let number = value.number, number >= 0, number < 1e9 { output = Int(number) }
      } else if key.isString("n") {
        if let number = value.number, number >= 1, number < 1e4 { copies = Int(number) }
      }
    }
    output = output.map { $0 * copies }
    if hasOutput { input.add(overhead(messages: max(1, messages), hasSystem)) }
  }

  /// The tokens that a chat template adds to the texts. For gpt-oss these are 67 for its hidden system message and the
  /// markers of one message, 4 for each further message, and 7 for a system text (measured with openai-harmony 0.0.8).
  /// For other models 3 to 40, and 3 to 6 for each message, were seen.
  private func overhead(messages: Int, _ hasSystem: Bool) -> ClosedRange<Int> {
    if model.hasPrefix("openai/gpt-oss") {
      let tokens = 67 + 4 * (messages - 1) + (hasSystem ? 7 : 0)
      return tokens...tokens + 8
    }
    return 3 + 3 * messages...40 + 6 * messages
  }

  /// Adds the texts of messages: strings, and the texts of parts.
  private mutating func addTexts(of value: JSONValue, _ scratch: inout [UInt8]) {
    switch value.kind {
    case .string: input.add(value, &scratch)
    case .number: input.add(1...2)
    case .array: for item in value.items { addTexts(of: item, &scratch) }
    case .object:
      for (key, inner) in value.fields {
        if key.isString("image_url") || key.isString("input_audio") || key.isString("file") || key.isString("file_id")
          || key.isString("file_data")
        {
          attachments += 1
        } else if !key.isString("type") && !key.isString("role") && !key.isString("id") {
          addTexts(of: inner, &scratch)
        }
      }
    default: break
    }
  }
}
